import { sealOverheadBytes } from '../crypto/sealer.ts';
import { idFromHex } from '../crypto/sha256.ts';
import type { PackContent } from '../format/pack-content.ts';
import type { BlobType } from '../format/pack-header.ts';
import { BlobTable, packPending } from './blob-table.ts';
import { IdList } from './id-list.ts';

/** Where one blob can be read. */
export interface BlobPlace {
  readonly packId: string;
  readonly offsetBytes: number;
  readonly storedBytes: number;
  /** `undefined` when stored without compression. */
  readonly plainBytes: number | undefined;
}

/** All that the index files say: every blob and its pack. One per process; worker threads ask, in batches. */
export class BlobIndex {
  readonly table = new BlobTable();
  readonly packs = new IdList();

  /** Adds a finished pack. Blobs that were claimed get their place, others become new entries. */
  addPack(pack: PackContent): void {
    const number = this.packs.push(idFromHex(pack.packId));
    for (let blob = 0; blob < pack.count; blob++) {
      const found = this.table.find(pack.type, pack.ids, blob * 32);
      const isClaimed = found >= 0 && this.table.packOf(found) === packPending;
      const entry = isClaimed ? found : this.table.add(pack.type, pack.ids, blob * 32);
      const [offset = 0, stored = 0, plain = 0] = pack.places.subarray(blob * 3, blob * 3 + 3);
      this.table.setPlace(entry, number, offset, stored, plain || undefined);
    }
  }

  /** Whether the blob is stored, or claimed by somebody who is storing it. */
  has(type: BlobType, ids: Uint8Array, at = 0): boolean {
    return this.table.find(type, ids, at) >= 0;
  }

  /** Whether the blob lies in a finished pack. */
  isStored(type: BlobType, ids: Uint8Array, at = 0): boolean {
    const entry = this.table.find(type, ids, at);
    return entry >= 0 && this.table.packOf(entry) !== packPending;
  }

  /** True exactly for the first who asks for a blob that nobody has: the asker MUST then store it. */
  claim(type: BlobType, ids: Uint8Array, at = 0): boolean {
    if (this.table.find(type, ids, at) >= 0) return false;
    this.table.add(type, ids, at);
    return true;
  }

  placeOf(entry: number): BlobPlace {
    return {
      packId: this.packs.hexOf(this.table.packOf(entry)),
      offsetBytes: this.table.offsetOf(entry),
      storedBytes: this.table.storedBytesOf(entry),
      plainBytes: this.table.compressedFromOf(entry),
    };
  }

  plainBytesOf(entry: number): number {
    return this.table.compressedFromOf(entry) ?? this.table.storedBytesOf(entry) - sealOverheadBytes;
  }

  /** Every stored place of a blob, the first one first. */
  *entriesOf(type: BlobType, ids: Uint8Array, at = 0): Iterable<number> {
    for (let entry = this.table.find(type, ids, at); entry >= 0; ) {
      if (this.table.packOf(entry) !== packPending) yield entry;
      entry = this.table.findNext(entry, type, ids, at);
    }
  }
}
