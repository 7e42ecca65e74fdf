import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { LeewardError } from '@leeward/core';
import { socketFolder } from '@leeward/engine/database/socket-folder';

/**
 * Where the server keeps its database and keys: `LEEWARD_DATA`, else `leeward` in the user's data folder.
 * Made, readable by its owner only, where missing. Throws `L-CFG-103` when that is not possible.
 */
export async function dataFolder(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = resolve(environment['LEEWARD_DATA'] || join(userData(environment), 'leeward'));
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = `the data folder ${folder} cannot be made (${reason}); set LEEWARD_DATA to a folder of yours`;
    throw new LeewardError('L-CFG-103', { problem }, error);
  }
}

function userData(environment: NodeJS.ProcessEnv): string {
  return environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
}

/** The Unix socket of the API of the server on a data folder: only its owner can reach it. */
export async function apiSocketPath(folder: string): Promise<string> {
  return join(await socketFolder(folder), 'api.sock');
}
