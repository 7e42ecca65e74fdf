import type { Clock } from '@leeward/core';
import { z } from 'zod';
import { chunkBytes, StoreFull } from '../../storage/chunk-store.ts';
import type { InterclusterClient } from '../intercluster/client.ts';
import { type Cursor, differenceSchema, inodesSchema } from '../intercluster/protocol.ts';
import { RestError } from '../rest/rest-error.ts';
import type { FileTree } from '../storage/file-tree.ts';
import type { Volume } from '../storage/volume.ts';
import type { Checkpoint } from './relation.ts';

export interface ReceiveOptions {
  readonly clock: Clock;
  readonly peer: InterclusterClient;
  readonly sourceVolume: string;
  readonly destination: Volume;
  readonly signal: AbortSignal;
  /** 0: unlimited. Asked before every batch, so that it can change under way. */
  bytesPerSecond(): number;
  /** Called after every batch; may wait or throw to inject faults. */
  onProgress(bytes: number): Promise<void>;
}

const measureSchema = z.object({ chunks: z.number() });
const fastBatchChunks = 64;
/** Inode, chunk, 1 for a hole. */
type Changed = readonly [number, number, 0 | 1];

/** Bytes that will travel for one storage snapshot. */
export async function measureTransfer(
  peer: InterclusterClient,
  volume: string,
  version: string,
  base: string | undefined,
): Promise<number> {
  const request = { method: 'measure', volume, version, ...(base ? { base } : {}) } as const;
  return (await peer.call(request, measureSchema)).result.chunks * chunkBytes;
}

/**
 * Brings one storage snapshot's files into the checkpoint's tree, from its cursor on. The checkpoint is always
 * true: after any failure the same call goes on where it stopped.
 */
export async function receiveFiles(checkpoint: Checkpoint, options: ReceiveOptions): Promise<FileTree> {
  const { peer, clock, destination, signal, sourceVolume: volume } = options;
  const { version, base, tree } = checkpoint;
  if (checkpoint.bytes === 0) await receiveInodes(checkpoint, options);
  const ask = (from: Cursor) => {
    const speed = options.bytesPerSecond();
    const maxChunks = speed > 0 ? batchFor(speed) : fastBatchChunks;
    const request = {
      method: 'difference',
      volume,
      version,
      from,
      maxChunks,
      ...(base ? { base } : {}),
    } as const;
    const answer = peer.call(request, differenceSchema);
    // Asked ahead of its use: a failure shows when it is awaited.
    answer.catch(() => undefined);
    return answer;
  };
  for (let coming = ask(checkpoint.cursor); ; ) {
    const startMs = clock.monotonicMs();
    const { result, body } = await coming;
    signal.throwIfAborted();
    if (result.next) coming = ask(result.next);
    const bytes = apply(tree, destination, result.chunks, body);
    const speed = options.bytesPerSecond();
    const dueMs = speed > 0 ? (bytes / speed) * 1000 - (clock.monotonicMs() - startMs) : 0;
    if (dueMs > 0) await clock.sleep(dueMs, signal);
    checkpoint.bytes += bytes;
    if (result.next) checkpoint.cursor = result.next;
    await options.onProgress(bytes);
    if (!result.next) return tree;
  }
}

/** Ten steps a second, so that progress shows and an abort acts at once. */
function batchFor(bytesPerSecond: number): number {
  return Math.max(1, Math.min(fastBatchChunks, Math.round(bytesPerSecond / 10 / chunkBytes)));
}

async function receiveInodes(checkpoint: Checkpoint, options: ReceiveOptions): Promise<void> {
  const { tree, version } = checkpoint;
  const { destination, peer, sourceVolume: volume } = options;
  const seen = new Set<number>();
  for (let from: number | undefined = 0; from !== undefined; ) {
    const { result }: { result: z.infer<typeof inodesSchema> } = await peer.call(
      { method: 'inodes', volume, version, from },
      inodesSchema,
    );
    for (const { facts, entries } of result.inodes) {
      seen.add(facts.id);
      guarded(() => tree.adopt(facts, entries, destination.account));
    }
    from = result.next;
  }
  for (const inode of [...tree.inodes()]) if (!seen.has(inode.facts.id)) tree.drop(inode.facts.id);
}

/** Writes what came, neighbours in one piece. */
function apply(tree: FileTree, destination: Volume, chunks: readonly Changed[], body: Buffer): number {
  let at = 0;
  for (let index = 0; index < chunks.length; ) {
    const [id, chunk, hole] = chunks[index] ?? [0, 0, 1];
    const inode = tree.own(id);
    index++;
    if (hole) {
      inode.map.clearChunk(chunk);
      continue;
    }
    let count = 1;
    for (let next = chunks[index]; next; next = chunks[index]) {
      if (next[0] !== id || next[1] !== chunk + count || next[2]) break;
      count++;
      index++;
    }
    const data = body.subarray(at, at + count * chunkBytes);
    guarded(() => inode.map.write(chunk * chunkBytes, data, destination.account));
    at += data.length;
  }
  return chunks.length * chunkBytes;
}

function guarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreFull)
      throw new RestError(400, 6620081, 'Transfer failed: no space left on the destination volume.');
    throw error;
  }
}
