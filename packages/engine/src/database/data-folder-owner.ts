import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { writeFileDurably } from '@leeward/platform';
import { z } from 'zod';
import { processExists } from './cluster-process.ts';

const ownerSchema = z.object({ pid: z.number(), begun: z.string() });

/**
 * Marks a data folder as ours while we live. A mark left by a dead server counts as none. The last word has
 * PostgreSQL's own lock; this one only tells a second server at once, and apart from a predecessor that is just
 * going down. Throws `L-CFG-201`.
 */
export async function claimDataFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'server.pid');
  const owner = await readOwner(path);
  if (owner && (await beginningOf(owner.pid)) === owner.begun)
    throw new LeewardError('L-CFG-201', { folder, pid: owner.pid });
  const ours = JSON.stringify({ pid: process.pid, begun: await beginningOf(process.pid) });
  await writeFileDurably(path, ours);
  return () => rm(path, { force: true });
}

async function readOwner(path: string): Promise<z.infer<typeof ownerSchema> | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** What tells a process from a later one of the same number; `dead` if there is none. */
async function beginningOf(pid: number): Promise<string> {
  try {
    // The 22nd field is the start time; the 2nd, in brackets, may hold blanks.
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    // A zombie process has ended.
    return fields[0] === 'Z' ? 'dead' : `started ${fields[19]}`;
  } catch {
    return processExists(pid) ? 'unknown' : 'dead';
  }
}
