import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '@leeward/core';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

describe('docs/errors.md', () => {
  const text = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');

  it('documents exactly the codes of the catalogue', () => {
    const headings = [...text.matchAll(/^### (L-[A-Z]+-\d{3})$/gm)].map(([, code]) => code);
    expect(headings.toSorted()).toEqual(errorCodes.toSorted());
  });

  it('is what its generator writes (else: node scripts/run.mjs errors-doc)', () => {
    const argv = ['--conditions=source', join(root, 'scripts', 'errors-doc.mjs'), '--check'];
    const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });
});
