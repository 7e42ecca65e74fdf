import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { writeFileDurably } from '@leeward/platform';
import { processBeginning } from '@leeward/platform/process/process-beginning';
import { z } from 'zod';

const ownerSchema = z.object({ pid: z.number(), begun: z.number() });

/**
 * Marks a data folder as ours while we live. A mark left by a dead server counts as none. The last word has
 * PostgreSQL's own lock; this one only tells a second server at once, and apart from a predecessor that is just
 * going down. Throws `L-CFG-201`, and `L-CFG-211` for a folder that cannot be written.
 */
export async function claimDataFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'server.pid');
  const owner = await readOwner(path);
  if (owner && processBeginning(owner.pid) === owner.begun)
    throw new LeewardError('L-CFG-201', { folder, pid: owner.pid });
  const ours = JSON.stringify({ pid: process.pid, begun: processBeginning(process.pid) });
  await writeFileDurably(path, ours).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LeewardError('L-CFG-211', { folder, reason }, error);
  });
  return () => rm(path, { force: true });
}

async function readOwner(path: string): Promise<z.infer<typeof ownerSchema> | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
