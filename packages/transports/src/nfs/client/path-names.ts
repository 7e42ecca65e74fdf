import { LeewardError } from '@leeward/core';

/** The names on the way from the root of an export. Throws `L-NET-212` when the path cannot be walked. */
export function pathNames(path: string): string[] {
  if (path.includes('\0')) throw unusable(path.replaceAll('\0', '?'), 'it holds a NUL character');
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw unusable(path, 'it holds ".."');
  return names;
}

/** The directory and the last name of a path. Throws `L-NET-212` when there is no last name. */
export function splitPath(path: string): { readonly directory: string; readonly name: string } {
  const names = pathNames(path);
  const name = names.pop();
  if (name === undefined) throw unusable(path === '' ? '(empty)' : path, 'it names the root itself');
  return { directory: names.join('/'), name };
}

function unusable(path: string, problem: string): LeewardError {
  return new LeewardError('L-NET-212', { path, problem });
}
