import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolders } from './make-folders.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leeward-folders-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('makes what is missing, with the mode that is asked for, and is repeatable', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await makeFolders(path, { mode: 0o700 });
  await makeFolders(path, { mode: 0o700 });
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

it('lets several make the same at once', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await Promise.all(Array.from({ length: 8 }, () => makeFolders(path)));
  expect(statSync(path).isDirectory()).toBe(true);
});

it('fails where a file is in the way', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'x');
  await expect(makeFolders(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolders(join(file, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it.skipIf(!existsSync('/proc/self'))('fails at once where no folder can be made', async () => {
  await expect(makeFolders('/proc/leeward/data')).rejects.toMatchObject({ code: 'ENOENT' });
});
