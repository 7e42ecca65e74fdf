import type { LeewardError } from '@leeward/core';
import { IndexWriter } from '../index/index-writer.ts';
import { loadIndex } from '../index/load-index.ts';
import { underReadLock } from '../locks/read-lock.ts';
import { RepositoryLock } from '../locks/repository-lock.ts';
import { type OpenOptions, openRepository } from '../open/open-repository.ts';
import type { Repository } from '../open/repository.ts';
import { BlobWriter } from '../pack/blob-writer.ts';
import { type DamagedPack, type FindOptions, findDamagedPacks } from './damaged-packs.ts';
import { partIndex, rewriteIndexWithout } from './index-without-packs.ts';
import { type RescuedBlobs, rescueBlobs } from './rescue-blobs.ts';

export type RepairOptions = OpenOptions & FindOptions;

export interface RepairedPack {
  readonly packId: string;
  readonly problem: LeewardError;
  readonly rescuedBlobs: number;
  /** Whoever needs them cannot be restored completely until they are stored again. */
  readonly lostBlobs: number;
  /** Where the damaged file lies now; missing when it was gone. */
  readonly setAsideAt?: string | undefined;
}

export interface RepairReport {
  readonly packs: readonly RepairedPack[];
  readonly indexFilesRemoved: number;
  readonly indexFilesWritten: number;
}

/**
 * Takes damaged packs out of a repository, so that backups store again what was lost instead of counting on it: what
 * is whole in them goes into new packs, the index is written anew without them, and their files are set aside. The
 * packs are read beside others who use the repository; only to take out those that are damaged it is locked
 * exclusively (`L-REP-106`). A crash at any moment harms nothing and the next repair ends what it began. Throws what
 * opening throws, and when the storage fails.
 */
export async function repairRepository(options: RepairOptions): Promise<RepairReport> {
  return takeOutDamagedPacks(await openRepository(options), options);
}

/** The same for a repository that is open. */
export async function takeOutDamagedPacks(
  repository: Repository,
  options: FindOptions,
): Promise<RepairReport> {
  const { signal } = options;
  const load = () => loadIndex(repository, signal);
  const suspects = await underReadLock(repository, signal, load, ({ index }) =>
    findDamagedPacks(repository, index, options),
  );
  if (suspects.length === 0) return { packs: [], indexFilesRemoved: 0, indexFilesWritten: 0 };
  const lock = await RepositoryLock.acquire(repository, { exclusive: true, ...(signal ? { signal } : {}) });
  try {
    const stop = signal ? AbortSignal.any([signal, lock.lost]) : lock.lost;
    const { index } = await loadIndex(repository, stop);
    // Another program may have dealt with them before the lock.
    const packs = suspects.map(({ packId }) => packId);
    const damaged = await findDamagedPacks(repository, index, { packs, signal: stop });
    return await takeOut(repository, damaged, stop);
  } finally {
    await lock.release();
  }
}

async function takeOut(
  repository: Repository,
  damaged: readonly DamagedPack[],
  stop: AbortSignal,
): Promise<RepairReport> {
  const packIds = new Set(damaged.map(({ packId }) => packId));
  const { naming, rescued } = await rescue(repository, packIds, stop);
  const indexFilesWritten = await rewriteIndexWithout(repository, naming, packIds, stop);
  const packs: RepairedPack[] = [];
  for (const { packId, problem } of damaged) {
    const setAsideAt = await repository.backend.setAside('data', packId);
    const { rescued: rescuedBlobs = 0, lost: lostBlobs = 0 } = rescued.get(packId) ?? {};
    packs.push({ packId, problem, rescuedBlobs, lostBlobs, setAsideAt });
  }
  return { packs, indexFilesRemoved: naming.length, indexFilesWritten };
}

/** What is whole is in new packs and in the index, durably, when it resolves. */
async function rescue(repository: Repository, packIds: ReadonlySet<string>, stop: AbortSignal) {
  const { index, packs, naming } = await partIndex(repository, packIds, stop);
  const indexWriter = new IndexWriter(repository);
  const writer = new BlobWriter(repository, index, indexWriter);
  const rescued = new Map<string, RescuedBlobs>();
  try {
    for (const pack of packs) {
      stop.throwIfAborted();
      const isElsewhere = (at: number) => index.has(pack.type, pack.ids, at);
      const found = await rescueBlobs(repository, pack, writer, isElsewhere);
      const { rescued: before = 0, lost = 0 } = rescued.get(pack.packId) ?? {};
      rescued.set(pack.packId, { rescued: before + found.rescued, lost: lost + found.lost });
    }
    await writer.drain();
    await indexWriter.flush();
  } finally {
    await writer.discard();
  }
  return { naming, rescued };
}
