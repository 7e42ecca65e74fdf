import { LeewardError } from '@leeward/core';
import { BlobReader, isDamage } from '../blobs/blob-reader.ts';
import { loadIndex } from '../index/load-index.ts';
import { underReadLock } from '../locks/read-lock.ts';
import type { Repository } from '../open/repository.ts';
import { listPoints, type Point } from '../snapshots/points.ts';
import { type OpenPoint, openPoint } from './open-point.ts';
import { TreeReader } from './tree-reader.ts';

export interface ReadPointsOptions {
  /** Whether a point is opened. */
  wants(point: Point): boolean;
  read(opened: OpenPoint): Promise<void>;
  /** A point that was wanted and cannot be opened; the others go on. */
  unreadable(point: Point, error: LeewardError): void;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundPoints {
  /** Of every snapshot file that was there at the start, damaged ones too. */
  readonly ids: ReadonlySet<string>;
  /** Of snapshot files that cannot be read, and of the index. */
  readonly damage: readonly LeewardError[];
}

/**
 * Opens the points that are wanted, one after the other, oldest first, under a shared lock. Reads their descriptions,
 * not their disks. Throws only when the storage itself fails.
 */
export function readPoints(repository: Repository, options: ReadPointsOptions): Promise<FoundPoints> {
  const { signal } = options;
  const load = async () => {
    const ids = new Set<string>();
    for await (const { name } of repository.backend.list('snapshots')) ids.add(name);
    return { ids, list: await listPoints(repository) };
  };
  return underReadLock(repository, signal, load, async ({ ids, list: { points, damage } }) => {
    const wanted = points.filter((point) => options.wants(point));
    if (wanted.length === 0) return { ids, damage };
    const loaded = await loadIndex(repository, signal);
    const reader = new TreeReader(new BlobReader(repository, loaded.index));
    for (const point of wanted) {
      signal?.throwIfAborted();
      const opened = await opening(reader, point);
      if (opened instanceof LeewardError) options.unreadable(point, opened);
      else await options.read(opened);
    }
    return { ids, damage: [...damage, ...loaded.damage] };
  });
}

async function opening(reader: TreeReader, point: Point): Promise<OpenPoint | LeewardError> {
  try {
    return await openPoint(reader, point);
  } catch (error) {
    const isOfPoint = error instanceof LeewardError && ['L-REP-113', 'L-REP-132'].includes(error.code);
    if (isOfPoint || isDamage(error)) return error as LeewardError;
    throw error;
  }
}
