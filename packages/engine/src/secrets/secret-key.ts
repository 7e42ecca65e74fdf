import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { writeFileDurably } from '@leeward/platform';

const keyBytes = 32;

/**
 * The key under which secrets are encrypted in the database: file `secret.key` in the data folder, made at the
 * first start, readable by its owner only. Losing it loses the stored passwords, not the backups.
 */
export async function loadSecretKey(dataFolder: string): Promise<Buffer> {
  const path = join(dataFolder, 'secret.key');
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw new LeewardError('L-CFG-111', { path });
    const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
    if (key.length !== keyBytes) throw new LeewardError('L-CFG-112', { path });
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const key = randomBytes(keyBytes);
    await writeFileDurably(path, `${key.toString('hex')}\n`, { mode: 0o600 });
    return key;
  }
}
