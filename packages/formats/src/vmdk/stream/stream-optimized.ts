import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { LeewardError } from '@leeward/core';
import { sectorBytes } from '../descriptor.ts';
import { type Grain, grainsOf, type StreamBlock } from './grains.ts';
import { type StreamDisk, streamDescriptor } from './stream-descriptor.ts';
import {
  entriesPerTable,
  grainRecord,
  marked,
  markers,
  overheadSectors,
  streamHeader,
  tableCoverBytes,
} from './stream-layout.ts';

export interface StreamOptions extends StreamDisk {
  /** Of zlib, 1 to 9; 1 unless given, since a restore waits for the network or for the processor. */
  readonly level?: number;
  /** Grains that are compressed at the same time, on Node's thread pool; 4 unless given. */
  readonly parallelGrains?: number;
}

const compress = promisify<Uint8Array, { level: number }, Buffer>(deflate);
/** Places are 32-bit sector numbers. */
const maxSectors = 2 ** 32;

/**
 * A disk as a stream-optimised VMDK, which vSphere imports (HttpNfcLease) and which OVA files hold: blocks in,
 * bytes out, forward only. Blocks come in rising order and do not overlap; what no block has is zeros, so the
 * target disk MUST be fresh. Memory: a few grains, one grain table, and 4 bytes for each 32 MiB of capacity.
 * Asks for blocks only as fast as its bytes are taken. Throws `L-FMT-301`, `-302` and what the blocks throw; a
 * stream that ended with an error is not a disk.
 */
export async function* streamOptimized(
  blocks: AsyncIterable<StreamBlock> | Iterable<StreamBlock>,
  options: StreamOptions,
): AsyncGenerator<Uint8Array> {
  const { capacityBytes, level = 1, parallelGrains = 4 } = options;
  if (!Number.isSafeInteger(capacityBytes) || capacityBytes <= 0 || capacityBytes % sectorBytes !== 0) {
    const reason = `its capacity cannot be ${capacityBytes} bytes`;
    throw new LeewardError('L-FMT-302', { reason });
  }
  const index = new StreamIndex(capacityBytes);
  const begin = Buffer.alloc(overheadSectors * sectorBytes);
  begin.set(streamHeader(capacityBytes));
  begin.set(streamDescriptor(options), sectorBytes);
  yield begin;

  const pending: { readonly grain: number; readonly compressed: Promise<Buffer> }[] = [];
  const start = ({ number, bytes }: Grain) => {
    const compressed = compress(bytes, { level });
    // Whoever awaits it sees the failure; this only keeps one that nobody awaits from ending the process.
    compressed.catch(() => undefined);
    pending.push({ grain: number, compressed });
  };
  for await (const grain of grainsOf(blocks, capacityBytes)) {
    start(grain);
    const oldest = pending.length >= parallelGrains ? pending.shift() : undefined;
    if (oldest) yield* index.add(oldest.grain, await oldest.compressed);
  }
  for (const { grain, compressed } of pending) yield* index.add(grain, await compressed);
  yield* index.end();
}

/** Knows where everything lies in the stream, and adds grain tables, directory and footer. */
class StreamIndex {
  readonly #capacityBytes: number;
  readonly #directory: Buffer;
  #table: { readonly index: number; readonly entries: Buffer } | undefined;
  #sector = overheadSectors;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
    this.#directory = Buffer.alloc(Math.ceil(capacityBytes / tableCoverBytes) * 4);
  }

  *add(grain: number, compressed: Uint8Array): Generator<Uint8Array> {
    const index = Math.floor(grain / entriesPerTable);
    if (this.#table && this.#table.index !== index) yield* this.#endTable();
    this.#table ??= { index, entries: Buffer.alloc(entriesPerTable * 4) };
    this.#table.entries.writeUInt32LE(this.#sector, (grain % entriesPerTable) * 4);
    yield this.#placed(grainRecord(grain, compressed));
  }

  *end(): Generator<Uint8Array> {
    yield* this.#endTable();
    const directorySector = this.#sector + 1;
    yield this.#placed(marked(markers.grainDirectory, this.#directory));
    yield marked(markers.footer, streamHeader(this.#capacityBytes, directorySector));
    yield marked(markers.endOfStream, Buffer.alloc(0));
  }

  *#endTable(): Generator<Uint8Array> {
    if (!this.#table) return;
    const { index, entries } = this.#table;
    this.#directory.writeUInt32LE(this.#sector + 1, index * 4);
    this.#table = undefined;
    yield this.#placed(marked(markers.grainTable, entries));
  }

  #placed(bytes: Buffer): Buffer {
    this.#sector += bytes.length / sectorBytes;
    if (this.#sector >= maxSectors)
      throw new LeewardError('L-FMT-302', { reason: 'it has more than 2 TiB of compressed data' });
    return bytes;
  }
}
