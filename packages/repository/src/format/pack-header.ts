import { sealOverheadBytes } from '../crypto/sealer.ts';
import { idBytes, idToHex } from '../crypto/sha256.ts';

export type BlobType = 'data' | 'tree';

/** Where a blob lies in its pack. `plainBytes` is `undefined` when it is stored without compression. */
export interface PackedBlob {
  readonly id: string;
  readonly type: BlobType;
  readonly offsetBytes: number;
  /** As stored, sealed. */
  readonly storedBytes: number;
  readonly plainBytes: number | undefined;
}

const plainEntryBytes = 1 + 4 + idBytes;
const compressedEntryBytes = plainEntryBytes + 4;
/** The clear length field that ends every pack. */
export const packTrailerBytes = 4;

/** Bytes of the sealed header and trailer of a pack with these numbers of blobs. */
export function packHeaderBytes(uncompressed: number, compressed: number): number {
  const entries = uncompressed * plainEntryBytes + compressed * compressedEntryBytes;
  return entries + sealOverheadBytes + packTrailerBytes;
}

/** The plain header: one entry a blob, in the order of the pack. */
export function encodePackHeader(blobs: readonly PackedBlob[]): Uint8Array {
  const compressed = blobs.filter((blob) => blob.plainBytes !== undefined).length;
  const header = Buffer.alloc(
    packHeaderBytes(blobs.length - compressed, compressed) - sealOverheadBytes - packTrailerBytes,
  );
  let at = 0;
  for (const blob of blobs) {
    const base = blob.type === 'data' ? 0 : 1;
    at = header.writeUInt8(blob.plainBytes === undefined ? base : base + 2, at);
    at = header.writeUInt32LE(blob.storedBytes, at);
    if (blob.plainBytes !== undefined) at = header.writeUInt32LE(blob.plainBytes, at);
    at += header.write(blob.id, at, 'hex');
  }
  return header;
}

/** Reads a plain header; `undefined` when it is not one. */
export function parsePackHeader(header: Uint8Array): PackedBlob[] | undefined {
  const view = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  const blobs: PackedBlob[] = [];
  let offsetBytes = 0;
  for (let at = 0; at < view.length; ) {
    const kind = view.readUInt8(at);
    const isCompressed = kind >= 2;
    const entryBytes = isCompressed ? compressedEntryBytes : plainEntryBytes;
    if (kind > 3 || at + entryBytes > view.length) return undefined;
    const storedBytes = view.readUInt32LE(at + 1);
    const plainBytes = isCompressed ? view.readUInt32LE(at + 5) : undefined;
    const id = idToHex(view, at + entryBytes - idBytes);
    blobs.push({ id, type: kind % 2 === 0 ? 'data' : 'tree', offsetBytes, storedBytes, plainBytes });
    offsetBytes += storedBytes;
    at += entryBytes;
  }
  return blobs;
}
