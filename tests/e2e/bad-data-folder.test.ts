import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leeward } from './support/leeward-process.ts';

describe('a data folder that cannot be made', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leeward-data-'));
    await writeFile(join(folder, 'file'), 'x');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const commands = [
    ['server', 'start'],
    ['server', 'status'],
    ['job', 'list'],
    ['lab', 'status'],
  ];
  const refused = async (words: readonly string[], place: string) => {
    const { code, signal, stdout, stderr } = await leeward(words, { LEEWARD_DATA: place }, 30_000);
    expect([signal, code, stdout]).toEqual([null, 14, '']);
    expect(stderr).toContain(`L-CFG-211 The data folder ${place} cannot be made or written: `);
    expect(stderr).toContain('Set LEEWARD_DATA to a folder that you can write');
  };

  it.skipIf(!existsSync('/proc/self'))('is told at once where the file system makes no folders', async () => {
    for (const words of commands) await refused(words, '/proc/leeward/data');
  });

  it('is told where a file is in the way', async () => {
    for (const words of commands) await refused(words, join(folder, 'file', 'data'));
    await refused(['server', 'start'], join(folder, 'file'));
  });

  it.skipIf(!existsSync('/proc/self'))('is told where it is there but nothing can be written', async () => {
    for (const words of [
      ['server', 'start'],
      ['job', 'list'],
    ])
      await refused(words, '/proc/sys');
  });
});
