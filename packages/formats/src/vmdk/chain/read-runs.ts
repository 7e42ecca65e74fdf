import type { ChainRun } from './chain-run.ts';
import type { DataFile } from './data-file.ts';

/** Grains of neighbours are often near each other in the file: one read of both is cheaper than two. */
const gapBytes = 16 * 1024;
const groupBytes = 512 * 1024;
const parallelReads = 8;

interface Piece {
  readonly file: DataFile;
  readonly fileOffsetBytes: number;
  readonly target: Uint8Array;
}

interface Group {
  readonly file: DataFile;
  readonly from: number;
  to: number;
  readonly pieces: Piece[];
}

/**
 * Fills the target, whose first byte is at `offsetBytes` of the disk, from runs that cover it. A few reads are in
 * flight at once; when one fails, the others have ended before this rejects, so the target is free again.
 */
export async function readRuns(
  runs: readonly ChainRun[],
  offsetBytes: number,
  target: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  const groups = grouped(piecesOf(runs, offsetBytes, target));
  let next = 0;
  let hasFailed = false;
  const work = async () => {
    for (let group = groups[next++]; group && !hasFailed; group = groups[next++]) {
      try {
        signal?.throwIfAborted();
        await readGroup(group, signal);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(parallelReads, groups.length) }, work);
  const failed = (await Promise.allSettled(workers)).find((worker) => worker.status === 'rejected');
  if (failed) throw failed.reason;
}

function piecesOf(runs: readonly ChainRun[], offsetBytes: number, target: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  for (const run of runs) {
    const at = run.offsetBytes - offsetBytes;
    const part = target.subarray(at, at + run.lengthBytes);
    if (run.file && run.fileOffsetBytes !== undefined)
      pieces.push({ file: run.file, fileOffsetBytes: run.fileOffsetBytes, target: part });
    else part.fill(0);
  }
  return pieces;
}

function grouped(pieces: Piece[]): Group[] {
  pieces.sort((a, b) => a.file.id - b.file.id || a.fileOffsetBytes - b.fileOffsetBytes);
  const groups: Group[] = [];
  for (const piece of pieces) {
    const { file, fileOffsetBytes: from } = piece;
    const to = from + piece.target.length;
    const group = groups[groups.length - 1];
    const isNear =
      group?.file === file &&
      from - group.to <= gapBytes &&
      Math.max(to, group.to) - group.from <= groupBytes;
    if (isNear) {
      group.to = Math.max(group.to, to);
      group.pieces.push(piece);
    } else groups.push({ file, from, to, pieces: [piece] });
  }
  return groups;
}

async function readGroup({ file, from, to, pieces }: Group, signal?: AbortSignal): Promise<void> {
  const only = pieces.length === 1 ? pieces[0] : undefined;
  if (only) return file.reader.read(from, only.target, signal);
  const bytes = new Uint8Array(to - from);
  await file.reader.read(from, bytes, signal);
  for (const { fileOffsetBytes, target } of pieces)
    target.set(bytes.subarray(fileOffsetBytes - from, fileOffsetBytes - from + target.length));
}
