import { isError } from '@leeward/core';
import type { Repository } from '../open/repository.ts';
import { RepositoryLock } from './repository-lock.ts';

/**
 * Loads what a reader needs and runs it under a shared lock, so that no prune takes packs away meanwhile. A repository
 * that cannot be written (full, read-only copy) is read without a lock: nobody can prune it either. Throws `L-REP-106`
 * while it is locked exclusively.
 */
export async function underReadLock<L, T>(
  repository: Repository,
  signal: AbortSignal | undefined,
  load: () => Promise<L>,
  work: (loaded: L) => Promise<T>,
): Promise<T> {
  const options = { exclusive: false, ...(signal ? { signal } : {}) };
  const requested = await RepositoryLock.request(repository, options).catch((error: unknown) => {
    if (isError(error, 'L-REP-107') || isError(error, 'L-REP-108')) return undefined;
    throw error;
  });
  try {
    const [loaded] = await Promise.all([load(), requested?.confirmed]);
    return await work(loaded);
  } finally {
    await requested?.lock.release();
  }
}
