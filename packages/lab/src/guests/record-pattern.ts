import { createHash } from 'node:crypto';
import { fillPiece } from './content.ts';
import type { GuestWrite, WritePattern } from './write-pattern.ts';

const recordBytes = 4096;
const digestBytes = 32;
const magic = 'LWRECORD';
const mostSlots = 2048;

/**
 * Numbered records, one after the other: each is on its disk before the next one is written, to the next disk. So any
 * true state of all disks at one instant holds the records up to some number and none after it. They take the places
 * of older ones, from the start of each disk on.
 */
export class RecordPattern implements WritePattern {
  readonly #places: Places;
  readonly #seed: number;
  #serial = 0;

  /** @param sizes of the disks, in bytes; each has room for one record at least. */
  constructor(sizes: readonly number[], seed: number) {
    this.#places = new Places(sizes);
    this.#seed = seed;
  }

  next(): GuestWrite {
    const { disk, offsetBytes } = this.#places.of(this.#serial);
    return { disk, offsetBytes, data: recordOf(this.#serial, disk, this.#seed) };
  }

  done(): void {
    this.#serial += 1;
  }
}

/** A disk to look for records on. */
export interface RecordSource {
  readonly sizeBytes: number;
  read(offsetBytes: number, target: Uint8Array): Promise<void>;
}

/**
 * The number of the newest record on the disks of a VM, in their order; undefined when there is none. Throws when they
 * are not the state of one instant: a record is missing, or older or newer than its place must hold.
 */
export async function newestRecord(disks: readonly RecordSource[]): Promise<number | undefined> {
  const places = new Places(disks.map(({ sizeBytes }) => sizeBytes));
  const found = new Map<string, number>();
  let newest = -1;
  for (const [disk, source] of disks.entries())
    for (let slot = 0; slot < places.slots; slot++) {
      const bytes = Buffer.alloc(recordBytes);
      await source.read(slot * recordBytes, bytes);
      const serial = serialOf(bytes, disk);
      if (serial === undefined) continue;
      found.set(`${disk}/${slot * recordBytes}`, serial);
      newest = Math.max(newest, serial);
    }
  if (newest < 0) return undefined;
  const oldest = Math.max(0, newest + 1 - places.slots * disks.length);
  for (let serial = oldest; serial <= newest; serial++) {
    const { disk, offsetBytes } = places.of(serial);
    const there = found.get(`${disk}/${offsetBytes}`);
    if (there !== serial)
      throw new Error(
        `the newest record is ${newest}, and disk ${disk} holds ${there ?? 'none'} in place of ${serial}`,
      );
  }
  return newest;
}

class Places {
  readonly slots: number;
  readonly #disks: number;

  constructor(sizes: readonly number[]) {
    this.#disks = sizes.length;
    this.slots = Math.min(mostSlots, ...sizes.map((size) => Math.floor(size / recordBytes)));
    if (sizes.length === 0 || this.slots < 1) throw new RangeError('there is no room for records');
  }

  of(serial: number): { readonly disk: number; readonly offsetBytes: number } {
    const slot = Math.floor(serial / this.#disks) % this.slots;
    return { disk: serial % this.#disks, offsetBytes: slot * recordBytes };
  }
}

function recordOf(serial: number, disk: number, seed: number): Buffer {
  const bytes = Buffer.alloc(recordBytes);
  fillPiece(seed, 'binary', serial, bytes.subarray(0, recordBytes - digestBytes));
  bytes.write(magic, 0, 'latin1');
  bytes.writeBigUInt64LE(BigInt(serial), 8);
  bytes.writeUInt32LE(disk, 16);
  bytes.set(digestOf(bytes), recordBytes - digestBytes);
  return bytes;
}

/** Undefined for what is no record of that disk. */
function serialOf(bytes: Buffer, disk: number): number | undefined {
  if (bytes.toString('latin1', 0, magic.length) !== magic || bytes.readUInt32LE(16) !== disk)
    return undefined;
  if (!digestOf(bytes).equals(bytes.subarray(recordBytes - digestBytes))) return undefined;
  return Number(bytes.readBigUInt64LE(8));
}

function digestOf(bytes: Buffer): Buffer {
  return createHash('sha256')
    .update(bytes.subarray(0, recordBytes - digestBytes))
    .digest();
}
