import { idBytes, sha256 } from '@leeward/repository';

/** A finished batch of a disk: which blocks, their ids, and what it took. */
export interface RecipeBatch {
  readonly blocks: Uint32Array;
  /** 32 bytes a block. */
  readonly ids: Uint8Array;
  readonly zeros: number;
  readonly blocksNew: number;
  readonly bytesRead: number;
  readonly bytesStored: number;
}

const figuresBytes = 5 * 4;
const blockRecordBytes = 4 + idBytes;
const maxBlocks = 65536;

/** `figures ‖ block numbers ‖ ids ‖ SHA-256 of all before`, numbers as u32le. */
export function encodeRecord(batch: RecipeBatch): Buffer {
  const count = batch.blocks.length;
  const record = Buffer.alloc(recordBytes(count));
  const { zeros, blocksNew, bytesRead, bytesStored } = batch;
  [count, zeros, blocksNew, bytesRead, bytesStored].forEach((figure, index) => {
    record.writeUInt32LE(figure, index * 4);
  });
  batch.blocks.forEach((block, index) => {
    record.writeUInt32LE(block, figuresBytes + index * 4);
  });
  record.set(batch.ids, figuresBytes + count * 4);
  record.set(sha256(record.subarray(0, record.length - idBytes)), record.length - idBytes);
  return record;
}

/** The length of the record that begins with `head`, or `undefined` when that is no record. */
export function recordBytesAt(head: Buffer): number | undefined {
  if (head.length < figuresBytes) return undefined;
  const count = head.readUInt32LE(0);
  return count === 0 || count > maxBlocks ? undefined : recordBytes(count);
}

/** `undefined` when the record is torn or damaged. */
export function decodeRecord(record: Buffer): RecipeBatch | undefined {
  const bodyBytes = record.length - idBytes;
  if (!record.subarray(bodyBytes).equals(sha256(record.subarray(0, bodyBytes)))) return undefined;
  const figure = (index: number) => record.readUInt32LE(index * 4);
  const count = figure(0);
  const blocks = Uint32Array.from({ length: count }, (_, index) =>
    record.readUInt32LE(figuresBytes + index * 4),
  );
  const ids = Uint8Array.from(record.subarray(figuresBytes + count * 4, bodyBytes));
  return {
    blocks,
    ids,
    zeros: figure(1),
    blocksNew: figure(2),
    bytesRead: figure(3),
    bytesStored: figure(4),
  };
}

export const recordHeadBytes = figuresBytes;

function recordBytes(count: number): number {
  return figuresBytes + count * blockRecordBytes + idBytes;
}
