import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { LeewardError } from '@leeward/core';

const writableByOthers = 0o022;
const sticky = 0o1000;

/**
 * The file behind a path, when it may be run as the user of this service: an executable that, with every folder above
 * it, belongs to root or to that user and can be written to by nobody else. Throws `L-CFG-140` otherwise.
 */
export async function allowedScript(path: string): Promise<string> {
  const refuse = (reason: string) => new LeewardError('L-CFG-140', { path, reason });
  if (!isAbsolute(path)) throw refuse('it is no absolute path');
  const file = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === 'ENOENT' ? 'there is no such file' : `it cannot be found: ${error.code}`);
  });
  const found = await stat(file);
  if (!found.isFile()) throw refuse('it is no file');
  const problem = weakness('it', found, false);
  if (problem) throw refuse(problem);
  const folders = new Set([...foldersAbove(path), ...foldersAbove(file)]);
  for (const folder of folders) {
    const weak = weakness(`the folder ${folder}`, await stat(folder), true);
    if (weak) throw refuse(weak);
  }
  await access(file, constants.X_OK).catch(() => {
    throw refuse('it is not executable');
  });
  return file;
}

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

/** In a sticky folder, such as `/tmp`, nobody can replace what is not theirs. */
function weakness(
  what: string,
  { uid, mode }: { readonly uid: number; readonly mode: number },
  isFolder: boolean,
): string | undefined {
  if (uid !== 0 && uid !== process.getuid?.()) return `${what} belongs to another user (${uid})`;
  if ((mode & writableByOthers) === 0 || (isFolder && (mode & sticky) !== 0)) return undefined;
  return `${what} can be written to by others (mode ${(mode & 0o7777).toString(8)})`;
}
