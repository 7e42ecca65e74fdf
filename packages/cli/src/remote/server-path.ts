import { isAbsolute, resolve } from 'node:path';
import { LeewardError } from '@leeward/core';
import type { ServerConnection } from '../api/find-server.ts';

/**
 * A path on the machine of the server. Of the server of this machine it may be relative to where the command is run; on
 * another host that means nothing: `L-CFG-103`.
 */
export function serverPath({ remote }: Pick<ServerConnection, 'remote'>, path: string): string {
  if (remote === undefined) return resolve(path);
  if (isAbsolute(path)) return path;
  const problem = `"${path}" is a path on the machine of ${remote}, and has to be absolute.`;
  throw new LeewardError('L-CFG-103', { problem });
}
