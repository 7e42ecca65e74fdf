import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leeward } from './support/leeward-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-lab-'));
  await writeFile(join(folder, 'file'), 'x');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(['/proc/leeward/lab', 'file/lab'])(
  'a lab whose folder %s cannot be made ends at once',
  async (given) => {
    if (given.startsWith('/proc') && !existsSync('/proc/self')) return;
    const place = given.startsWith('/') ? given : join(folder, given);
    const words = ['lab', 'up', '--folder', place];
    const { code, signal, stdout, stderr } = await leeward(words, { LEEWARD_DATA: folder }, 30_000);
    expect([signal, code, stdout]).toEqual([null, 14, '']);
    expect(stderr).toContain(`L-CFG-212 The folder ${place} for the simulated datacentre cannot be made`);
  },
);
