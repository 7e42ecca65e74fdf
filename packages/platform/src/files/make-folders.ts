import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing; nothing happens when it is there. Node's own recursive `mkdir`
 * never returns where a file system answers "not found" to the making of a folder, as `/proc` does. Fails with the
 * file system's own error (EACCES, ENOTDIR, ENOENT, …), and with EEXIST when a file is in the place.
 */
export async function makeFolders(path: string, options: { readonly mode?: number } = {}): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await exists(at)); at = dirname(at)) missing.unshift(at);
  for (const each of missing) {
    await mkdir(each, options).catch(async (error: unknown) => {
      // Somebody else made it meanwhile.
      if (codeOf(error) !== 'EEXIST' || !(await isFolder(each))) throw error;
    });
  }
  if (missing.length === 0 && !(await isFolder(path))) await mkdir(path, options);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    // Below a file nothing exists either; the making says so.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
