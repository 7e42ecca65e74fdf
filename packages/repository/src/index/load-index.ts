import { isError, type LeewardError } from '@leeward/core';
import { BlobIndex } from '../blobs/blob-index.ts';
import { IndexInvalid, parseIndex } from '../format/index-file.ts';
import { damaged, type Repository } from '../open/repository.ts';

export interface LoadedIndex {
  readonly index: BlobIndex;
  /** Index files that could not be read: their blobs are not known, all others are. */
  readonly damage: readonly LeewardError[];
}

/**
 * Reads all index files. A damaged one costs only what it alone describes; a missing one was removed by a prune at
 * this moment. Failures of the storage throw.
 */
export async function loadIndex(repository: Repository, signal?: AbortSignal): Promise<LoadedIndex> {
  const index = new BlobIndex();
  const damage: LeewardError[] = [];
  for await (const { name } of repository.backend.list('index')) {
    signal?.throwIfAborted();
    try {
      const json = await repository.loadFile('index', name);
      for (const pack of parsePacks(json, name)) index.addPack(pack);
    } catch (error) {
      if (isError(error, 'L-REP-111')) damage.push(error);
      else if (!isError(error, 'L-REP-110')) throw error;
    }
  }
  return { index, damage };
}

function* parsePacks(json: Uint8Array, name: string) {
  try {
    yield* parseIndex(json);
  } catch (error) {
    if (error instanceof IndexInvalid) throw damaged('index', name, error.message, error);
    throw error;
  }
}
