import { LeewardError } from '@leeward/core';
import type { BlobIndex } from '../blobs/blob-index.ts';
import { checkPack, expectedPacks } from '../check/check-packs.ts';
import type { Repository } from '../open/repository.ts';

/** A pack of the index of which not every byte is as it was written. */
export interface DamagedPack {
  readonly packId: string;
  /** What was seen first. */
  readonly problem: LeewardError;
}

export interface FindOptions {
  /** Looks at these only; those that no index names do not count. */
  readonly packs?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: FindProgress) => void) | undefined;
}

export interface FindProgress {
  readonly packsDone: number;
  readonly packsTotal: number;
}

/** Reads packs byte for byte. Throws only when the storage itself fails. */
export async function findDamagedPacks(
  repository: Repository,
  index: BlobIndex,
  { packs, signal, onProgress }: FindOptions,
): Promise<readonly DamagedPack[]> {
  const known = [...expectedPacks(index).keys()];
  const wanted = packs ? known.filter((packId) => packs.includes(packId)) : known;
  const damaged: DamagedPack[] = [];
  let packsDone = 0;
  for (const packId of wanted) {
    signal?.throwIfAborted();
    const problem = await problemOf(repository, packId);
    if (problem) damaged.push({ packId, problem });
    packsDone++;
    onProgress?.({ packsDone, packsTotal: wanted.length });
  }
  return damaged;
}

async function problemOf(repository: Repository, packId: string): Promise<LeewardError | undefined> {
  if (!(await repository.backend.stat('data', packId)))
    return new LeewardError('L-REP-110', { kind: 'data', name: packId });
  const [first] = await checkPack(repository, packId);
  return first?.error;
}
