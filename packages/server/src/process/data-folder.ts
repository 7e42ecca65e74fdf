import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { socketFolder } from '@leeward/engine';

/**
 * Where the server keeps its database, keys and logs: `LEEWARD_DATA`, else `leeward` in the user's data folder.
 * Made, readable by its owner only, where missing.
 */
export async function dataFolder(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = environment['LEEWARD_DATA'] ?? join(userData(environment), 'leeward');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function userData(environment: NodeJS.ProcessEnv): string {
  return environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
}

/** The Unix socket of the API of the server on a data folder: only its owner can reach it. */
export async function apiSocketPath(folder: string): Promise<string> {
  return join(await socketFolder(folder), 'api.sock');
}
