import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { LeewardError } from '@leeward/core';
import { socketFolder } from '@leeward/engine/database/socket-folder';
import { makeFolders } from '@leeward/platform/files/make-folders';

/**
 * Where the server keeps its database and keys: `LEEWARD_DATA`, else `leeward` in the user's data folder.
 * Made, readable by its owner only, where missing. Throws `L-CFG-211` when that is not possible.
 */
export async function dataFolder(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = resolve(environment['LEEWARD_DATA'] || join(userData(environment), 'leeward'));
  try {
    await makeFolders(folder, { mode: 0o700 });
    return folder;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LeewardError('L-CFG-211', { folder, reason }, error);
  }
}

function userData(environment: NodeJS.ProcessEnv): string {
  return environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
}

/** The Unix socket of the API of the server on a data folder: only its owner can reach it. */
export async function apiSocketPath(folder: string): Promise<string> {
  return join(await socketFolder(folder), 'api.sock');
}
