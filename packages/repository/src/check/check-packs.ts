import { isError, LeewardError } from '@leeward/core';
import type { BlobIndex } from '../blobs/blob-index.ts';
import { BlobOpener } from '../blobs/blob-opener.ts';
import { isDamage } from '../blobs/blob-reader.ts';
import { idFromHex, sha256Hex } from '../crypto/sha256.ts';
import {
  type PackedBlob,
  packHeaderBytes,
  packTrailerBytes,
  parsePackHeader,
} from '../format/pack-header.ts';
import { damaged, type Repository } from '../open/repository.ts';
import type { CheckProblem } from './check-report.ts';

/** What the indexes say about one pack file. */
export interface ExpectedPack {
  readonly packId: string;
  readonly sizeBytes: number;
}

/** What every pack should be by the indexes; a pack may be in several of them, and then counts once. */
export function expectedPacks(index: BlobIndex): Map<string, ExpectedPack> {
  const { table, packs } = index;
  const contentEnd = new Float64Array(packs.count);
  const compressed = new Uint32Array(packs.count);
  const uncompressed = new Uint32Array(packs.count);
  for (let entry = 0; entry < table.count; entry++) {
    const pack = table.packOf(entry);
    const end = table.offsetOf(entry) + table.storedBytesOf(entry);
    contentEnd[pack] = Math.max(contentEnd[pack] ?? 0, end);
    const counts = table.compressedFromOf(entry) === undefined ? uncompressed : compressed;
    counts[pack] = (counts[pack] ?? 0) + 1;
  }
  const expected = new Map<string, ExpectedPack>();
  for (let pack = 0; pack < packs.count; pack++) {
    const packId = packs.hexOf(pack);
    const header = packHeaderBytes(uncompressed[pack] ?? 0, compressed[pack] ?? 0);
    const sizeBytes = (contentEnd[pack] ?? 0) + header;
    const known = expected.get(packId)?.sizeBytes ?? 0;
    expected.set(packId, { packId, sizeBytes: Math.max(known, sizeBytes) });
  }
  return expected;
}

/** Reads a pack as a whole and verifies its name, its header and every blob. Throws only when the storage fails. */
export async function checkPack(repository: Repository, packId: string): Promise<CheckProblem[]> {
  let pack: Uint8Array;
  try {
    pack = await repository.backend.load('data', packId);
  } catch (error) {
    if (isDamage(error)) return [{ error, packId }];
    throw error;
  }
  if (sha256Hex(pack) === packId) {
    return checkBlobs(repository, pack, packId);
  }
  const error = damaged('data', packId, 'its content does not match its name');
  return [{ error, packId }, ...checkBlobs(repository, pack, packId)];
}

function checkBlobs(repository: Repository, pack: Uint8Array, packId: string): CheckProblem[] {
  const blobs = readHeader(repository, pack);
  if (!blobs) return [{ error: damaged('data', packId, 'its header cannot be read'), packId }];
  const opener = new BlobOpener(repository.sealer, repository.codec);
  const problems: CheckProblem[] = [];
  for (const blob of blobs) {
    const sealed = pack.subarray(blob.offsetBytes, blob.offsetBytes + blob.storedBytes);
    try {
      opener.open(sealed, blob.plainBytes, idFromHex(blob.id), packId);
    } catch (error) {
      if (!(error instanceof LeewardError) || !isError(error, 'L-REP-112')) throw error;
      problems.push({ error, packId });
    }
  }
  return problems;
}

function readHeader(repository: Repository, pack: Uint8Array): PackedBlob[] | undefined {
  if (pack.length < packTrailerBytes) return undefined;
  const trailerAt = pack.length - packTrailerBytes;
  const length = new DataView(pack.buffer, pack.byteOffset).getUint32(trailerAt, true);
  if (length > trailerAt) return undefined;
  const header = repository.sealer.open(pack.subarray(trailerAt - length, trailerAt));
  return header && parsePackHeader(header);
}
