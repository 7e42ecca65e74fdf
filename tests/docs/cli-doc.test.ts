import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes } from '@leeward/cli/output/exit-codes';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'cli.md'), 'utf8');

describe('docs/cli.md', () => {
  it('is what its generator writes', () => {
    const script = join(root, 'packages', 'cli', 'src', 'docs', 'write-cli-doc.ts');
    const { status, stderr } = spawnSync(process.execPath, ['--conditions=source', script, '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it('has the exit codes that commands end with', () => {
    const rows = [...text.matchAll(/^\| (\d+) \| ([a-z-]+) \|/gm)].map(([, code, name]) => [
      name,
      Number(code),
    ]);
    expect(Object.fromEntries(rows)).toEqual(exitCodes);
  });
});
