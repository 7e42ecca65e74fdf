import { isError } from '@leeward/core';
import { openBackend } from '../backend/open-backend.ts';
import { RepositoryLock } from '../locks/repository-lock.ts';
import { type OpenOptions, openRepository } from '../open/open-repository.ts';
import type { Repository } from '../open/repository.ts';
import { mergeIndexFiles, smallIndexBytes } from './merge-index-files.ts';

/** Fewer small index files than this are left as they are: to merge them needs the repository for oneself. */
export const manySmallIndexFiles = 32;

export interface TidyOptions extends OpenOptions {
  readonly signal?: AbortSignal;
}

export interface TidyReport {
  /** Half written files of dead processes of this host that were removed. */
  readonly unfinishedRemoved: number;
  readonly indexFilesRemoved: number;
  readonly indexFilesWritten: number;
  /** There was something to merge, but somebody else uses the repository; the next time will do. */
  readonly postponed: boolean;
}

/**
 * Removes what crashes left behind and merges small index files, of which a long backup writes many. Quick when there
 * is nothing to do; does not wait for others who use the repository. Throws when the storage fails, and what opening
 * throws.
 */
export async function tidyRepository(options: TidyOptions): Promise<TidyReport> {
  const { path, clock, signal } = options;
  const backend = openBackend({ kind: 'folder', path });
  const unfinishedRemoved = await backend.removeUnfinished(clock.now());
  const nothing = { unfinishedRemoved, indexFilesRemoved: 0, indexFilesWritten: 0, postponed: false };
  let small = 0;
  for await (const { sizeBytes } of backend.list('index')) if (sizeBytes < smallIndexBytes) small++;
  if (small < manySmallIndexFiles) return nothing;
  const repository = await openRepository(options);
  const lock = await lockAlone(repository, signal);
  if (!lock) return { ...nothing, postponed: true };
  try {
    const stop = signal ? AbortSignal.any([signal, lock.lost]) : lock.lost;
    const { written, removed } = await mergeIndexFiles(repository, stop);
    return { ...nothing, indexFilesRemoved: removed.length, indexFilesWritten: written.length };
  } finally {
    await lock.release();
  }
}

async function lockAlone(repository: Repository, signal: AbortSignal | undefined) {
  try {
    return await RepositoryLock.acquire(repository, { exclusive: true, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (isError(error, 'L-REP-106')) return undefined;
    throw error;
  }
}
