import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { requiredPermissions } from './permissions.ts';

const page = readFileSync(new URL('../../../../docs/arrays/nimble.md', import.meta.url), 'utf8');

describe('page for administrators', () => {
  it('names exactly the sets that the driver declares', () => {
    const declared = requiredPermissions.map(({ path, access }) => `${path} ${access}`).sort();
    const told = [...page.matchAll(/^\| `(\/v1\/\w+)` \| (\w+) \|/gm)].map(
      (match) => `${match[1]} ${match[2]}`,
    );
    expect(told.sort()).toEqual(declared);
  });
});
