import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { requiredPermissions } from './permissions.ts';

const page = readFileSync(new URL('../../../../docs/arrays/ontap.md', import.meta.url), 'utf8');

describe('page for administrators', () => {
  it('creates exactly the rights that the driver declares, by command and by REST', () => {
    const declared = requiredPermissions.map(({ path, access }) => `${path} ${access}`).sort();
    const commands = [...page.matchAll(/-api "?([^\s"]+)"? -access (\w+)/g)].map(
      (match) => `${match[1]} ${match[2]}`,
    );
    const body = [...page.matchAll(/"path": "([^"]+)", "access": "(\w+)"/g)].map(
      (match) => `${match[1]} ${match[2]}`,
    );
    expect(commands.sort()).toEqual(declared);
    expect(body.sort()).toEqual(declared);
  });
});
