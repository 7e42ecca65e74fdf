import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { writeFileDurably } from '@leeward/platform/files/durable-file';
import { z } from 'zod';
import type { ParentRef } from './parent-disk.ts';

const noteSchema = z.object({
  snapshotId: z.string(),
  diskName: z.string(),
  disk: z.string(),
  point: z.string(),
  offset: z.number(),
});

/**
 * Remembers, durably, that change tracking since that parent was found wrong: the next try of an interrupted backup
 * MUST go on in full, and not believe it again.
 */
export async function noteDistrust(folder: string, parent: ParentRef, reason: LeewardError): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFileDurably(noteIn(folder), JSON.stringify({ ...parent, ...reason.details }));
}

/** The reason (`L-SRC-115`) when it was noted for that parent. */
export async function distrustOf(folder: string, parent: ParentRef): Promise<LeewardError | undefined> {
  const text = await readFile(noteIn(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { snapshotId, diskName, disk, point, offset } = noteSchema.parse(JSON.parse(text));
  if (snapshotId !== parent.snapshotId || diskName !== parent.diskName) return undefined;
  return new LeewardError('L-SRC-115', { disk, point, offset });
}

function noteIn(folder: string): string {
  return join(folder, 'distrusted.json');
}
