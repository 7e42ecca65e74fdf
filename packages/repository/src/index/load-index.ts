import { isError, type LeewardError } from '@leeward/core';
import { BlobIndex } from '../blobs/blob-index.ts';
import type { Repository } from '../open/repository.ts';
import { loadIndexFile } from './index-file-reader.ts';

export interface LoadedIndex {
  readonly index: BlobIndex;
  /** Index files that could not be read: their blobs are not known, all others are. */
  readonly damage: readonly LeewardError[];
}

const rounds = 5;

/**
 * Reads all index files. A damaged one costs only what it alone describes. One that vanishes meanwhile was replaced by
 * another one, which readers without a lock may not have in their list: then the list is read again. Failures of the
 * storage throw.
 */
export async function loadIndex(repository: Repository, signal?: AbortSignal): Promise<LoadedIndex> {
  const index = new BlobIndex();
  const damage: LeewardError[] = [];
  const read = new Set<string>();
  let vanished = true;
  for (let round = 0; vanished && round < rounds; round++) {
    vanished = false;
    for await (const { name } of repository.backend.list('index')) {
      signal?.throwIfAborted();
      if (read.has(name)) continue;
      try {
        for (const pack of (await loadIndexFile(repository, name)).packs) index.addPack(pack);
        read.add(name);
      } catch (error) {
        if (isError(error, 'L-REP-110')) vanished = true;
        else if (!isError(error, 'L-REP-111')) throw error;
        else {
          damage.push(error);
          read.add(name);
        }
      }
    }
  }
  return { index, damage };
}
