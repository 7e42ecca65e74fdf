import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { makeFolders } from '@leeward/platform/files/make-folders';

/** The name of the socket inside its folder; also PostgreSQL's "port", which a folder of its own makes free. */
export const socketPort = 5432;
const socketName = `.s.PGSQL.${socketPort}`;
/** The limit of Linux (108 with the ending zero); macOS has 103. */
const maxSocketPathBytes = process.platform === 'darwin' ? 103 : 107;

/**
 * A short private folder for the socket of the database of one data folder: the same for the same data folder,
 * readable by us alone. PostgreSQL trusts whoever reaches the socket, so the folder MUST be ours: it lies under
 * XDG_RUNTIME_DIR or the folder for temporary files, and is refused (`L-CFG-205`) if somebody else made it.
 */
export async function socketFolder(dataFolder: string): Promise<string> {
  const place = await placeOf(dataFolder);
  const userId = process.getuid?.() ?? 0;
  const bases = [process.env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'];
  for (const base of bases) {
    if (!base || !(await isFolder(base))) continue;
    const ours = join(base, `leeward-${userId}`);
    const folder = join(ours, place);
    if (Buffer.byteLength(join(folder, socketName)) > maxSocketPathBytes) continue;
    await privateFolder(ours, userId);
    await privateFolder(folder, userId);
    return folder;
  }
  throw new LeewardError('L-CFG-205', {
    folder: String(bases[0] ?? bases[1]),
    reason: 'its path is too long',
  });
}

/** The same for a PostgreSQL that runs as `nobody`, who cannot enter a private folder of root's. */
export async function sharedSocketFolder(dataFolder: string, base: string): Promise<string> {
  await makeFolders(base, { mode: 0o755 });
  const folder = join(base, await placeOf(dataFolder));
  await makeFolders(folder, { mode: 0o700 });
  return folder;
}

async function placeOf(dataFolder: string): Promise<string> {
  return createHash('sha256')
    .update(await realpath(dataFolder))
    .digest('hex')
    .slice(0, 16);
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory() || found.isSymbolicLink(),
    () => false,
  );
}

async function privateFolder(path: string, userId: number): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  const found = await lstat(path);
  const refuse = (reason: string) => new LeewardError('L-CFG-205', { folder: path, reason });
  if (!found.isDirectory()) throw refuse('it is not a folder');
  if (found.uid !== userId) throw refuse(`it belongs to user ${found.uid}`);
  if ((found.mode & 0o077) !== 0) await chmod(path, 0o700);
}
