import { isError } from '@leeward/core';
import { BlobOpener } from '../blobs/blob-opener.ts';
import { isDamage } from '../blobs/blob-reader.ts';
import { idBytes } from '../crypto/sha256.ts';
import type { PackContent } from '../format/pack-content.ts';
import type { Repository } from '../open/repository.ts';
import type { BlobWriter } from '../pack/blob-writer.ts';

export interface RescuedBlobs {
  /** Blobs that were whole, or are in another pack too. */
  readonly rescued: number;
  /** Blobs that are in no other pack and were not whole. */
  readonly lost: number;
}

/** Writes every blob of a damaged pack that is still whole, and nowhere else, into a new pack. */
export async function rescueBlobs(
  repository: Repository,
  pack: PackContent,
  writer: BlobWriter,
  isElsewhere: (at: number) => boolean,
): Promise<RescuedBlobs> {
  const opener = new BlobOpener(repository.sealer, repository.codec);
  const content = await contentOf(repository, pack.packId);
  let [rescued, lost] = [0, 0];
  for (let blob = 0; blob < pack.count; blob++) {
    const plain = isElsewhere(blob * idBytes) ? undefined : openBlob(opener, pack, blob, content);
    if (plain) await writer.add(pack.type, plain);
    if (plain || isElsewhere(blob * idBytes)) rescued++;
    else lost++;
  }
  return { rescued, lost };
}

/** Empty for a pack that is gone. */
async function contentOf(repository: Repository, packId: string): Promise<Uint8Array> {
  try {
    return await repository.backend.load('data', packId);
  } catch (error) {
    if (isDamage(error)) return new Uint8Array(0);
    throw error;
  }
}

function openBlob(opener: BlobOpener, pack: PackContent, blob: number, content: Uint8Array) {
  const [offset = 0, stored = 0, plainBytes = 0] = pack.places.subarray(blob * 3, blob * 3 + 3);
  const id = pack.ids.subarray(blob * idBytes, (blob + 1) * idBytes);
  const sealed = content.subarray(offset, offset + stored);
  try {
    // The writer takes its time, the opener uses its memory again.
    return Buffer.from(opener.open(sealed, plainBytes || undefined, id, pack.packId));
  } catch (error) {
    if (isError(error, 'L-REP-112')) return undefined;
    throw error;
  }
}
