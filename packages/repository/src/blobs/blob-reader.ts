import { isError, LeewardError } from '@leeward/core';
import { idToHex } from '../crypto/sha256.ts';
import type { BlobType } from '../format/pack-header.ts';
import type { Repository } from '../open/repository.ts';
import type { BlobIndex, BlobPlace } from './blob-index.ts';
import { BlobOpener } from './blob-opener.ts';

/** Reads single blobs, verified; for trees and small files. Disks are read by the restore pipeline. */
export class BlobReader {
  readonly #repository: Repository;
  readonly #opener: BlobOpener;
  readonly index: BlobIndex;

  constructor(repository: Repository, index: BlobIndex) {
    this.#repository = repository;
    this.#opener = new BlobOpener(repository.sealer, repository.codec);
    this.index = index;
  }

  /**
   * The plain bytes of a blob. Where one copy is damaged the next is tried. Errors: in no index `L-REP-113`, pack
   * missing `L-REP-110` or too short `L-REP-111`, blob damaged `L-REP-112`.
   */
  async load(type: BlobType, ids: Uint8Array, at = 0): Promise<Uint8Array> {
    let failure: unknown;
    for (const entry of this.index.entriesOf(type, ids, at)) {
      try {
        return await this.#loadPlace(this.index.placeOf(entry), ids.subarray(at, at + 32));
      } catch (error) {
        if (!isDamage(error)) throw error;
        failure ??= error;
      }
    }
    throw failure ?? new LeewardError('L-REP-113', { blob: idToHex(ids, at) });
  }

  async #loadPlace(place: BlobPlace, id: Uint8Array): Promise<Uint8Array> {
    const { packId, offsetBytes, storedBytes, plainBytes } = place;
    const range = { offsetBytes, lengthBytes: storedBytes };
    const sealed = await this.#repository.backend.load('data', packId, range);
    return Buffer.from(this.#opener.open(sealed, plainBytes, id, packId));
  }
}

/** Whether the error is damage of one file, which leaves other copies and other files usable. */
export function isDamage(error: unknown): error is LeewardError {
  return isError(error, 'L-REP-110') || isError(error, 'L-REP-111') || isError(error, 'L-REP-112');
}
