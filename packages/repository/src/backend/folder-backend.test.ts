import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256Hex } from '../crypto/sha256.ts';
import { describeBackend } from '../testing/backend-contract.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { FolderBackend } from './folder-backend.ts';
import { folderError } from './folder-errors.ts';

describeBackend('folder', async () => {
  const backend = new FolderBackend(temporaryFolder());
  await backend.save('config', '', Buffer.from('{}'));
  return backend;
});

it('does not take leftovers of a crash for files', async () => {
  const path = temporaryFolder();
  const backend = new FolderBackend(path);
  await backend.save('config', '', Buffer.from('{}'));
  const content = Buffer.from('pack');
  const name = sha256Hex(content);
  await backend.save('data', name, content);
  writeFileSync(join(path, 'data', name.slice(0, 2), `${name}-tmp-0a0b0c0d`), 'half');
  writeFileSync(join(path, 'data', 'stray'), 'x');
  const names = [];
  for await (const file of backend.list('data')) names.push(file.name);
  expect(names).toEqual([name]);
});

it('leaves no temporary file after a save', async () => {
  const path = temporaryFolder();
  const backend = new FolderBackend(path);
  await backend.save('config', '', Buffer.from('{}'));
  expect(readdirSync(path)).toEqual(['config']);
});

it('leaves nothing of a staged file that is discarded', async () => {
  const path = temporaryFolder();
  const backend = new FolderBackend(path);
  await backend.save('config', '', Buffer.from('{}'));
  const staged = await backend.stage('data');
  await staged.append(Buffer.from('half'));
  const left = () =>
    readdirSync(path, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  expect(left()).toHaveLength(2);
  await staged.discard();
  expect(left().map(({ name }) => name)).toEqual(['config']);
});

it('does not make a repository appear where its folder has gone', async () => {
  const backend = new FolderBackend(join(temporaryFolder(), 'unmounted'));
  const save = backend.save('data', sha256Hex(Buffer.from('x')), Buffer.from('x'));
  await expect(save).rejects.toMatchObject({ code: 'L-REP-109' });
});

it('fails to list where the place has gone, instead of an empty list', async () => {
  const path = join(temporaryFolder(), 'gone');
  const list = async () => {
    for await (const _ of new FolderBackend(path).list('snapshots')) return;
  };
  await expect(list()).rejects.toMatchObject({ code: 'L-REP-109' });
});

it.each([
  ['ENOSPC', 'L-REP-107'],
  ['EDQUOT', 'L-REP-107'],
  ['EACCES', 'L-REP-108'],
  ['EROFS', 'L-REP-108'],
  ['EIO', 'L-REP-109'],
])('maps %s to %s', (code, expected) => {
  expect(folderError(Object.assign(new Error(code), { code }), '/r').code).toBe(expected);
});

it('gives the system error of a folder in the place of a file', async () => {
  const path = temporaryFolder();
  mkdirSync(join(path, 'config'));
  await expect(new FolderBackend(path).load('config', '')).rejects.toMatchObject({ code: 'L-REP-109' });
});
