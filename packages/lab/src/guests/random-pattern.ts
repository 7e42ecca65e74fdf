import type { Randomness } from '@leeward/core';
import { fillPiece, pieceBytes } from './content.ts';
import type { GuestWrite, WritePattern } from './write-pattern.ts';

const blockBytes = 4096;
const maxBlocks = 16;

/** 4 to 64 KiB at random places, most of them in a small hot part, and appended from the middle on; to all disks. */
export class RandomPattern implements WritePattern {
  readonly #sizes: readonly number[];
  readonly #seed: number;
  readonly #randomness: Randomness;
  readonly #appendAt: number[];
  #writes = 0;
  #next: GuestWrite | undefined;

  /** @param sizes of the disks, in bytes; at least one. */
  constructor(sizes: readonly number[], seed: number, randomness: Randomness) {
    this.#sizes = sizes;
    this.#seed = seed;
    this.#randomness = randomness;
    this.#appendAt = sizes.map((size) => aligned(size / 2));
  }

  next(): GuestWrite {
    this.#next ??= this.#make();
    return this.#next;
  }

  done(): void {
    this.#next = undefined;
  }

  #make(): GuestWrite {
    const random = this.#randomness;
    const disk = Math.floor(random.fraction() * this.#sizes.length);
    const sizeBytes = this.#sizes[disk] ?? 0;
    const blocks = 1 + Math.floor(random.fraction() ** 2 * maxBlocks);
    const length = Math.min(blocks * blockBytes, aligned(sizeBytes));
    const offsetBytes = this.#place(disk, sizeBytes, length);
    const buffer = Buffer.allocUnsafe(pieceBytes);
    const kinds = ['text', 'binary', 'compressed'] as const;
    const kind = kinds[Math.floor(random.fraction() * kinds.length)] ?? 'binary';
    fillPiece(this.#seed ^ this.#writes, kind, Math.floor(offsetBytes / blockBytes), buffer);
    this.#writes += 1;
    return { disk, offsetBytes, data: buffer.subarray(0, length) };
  }

  #place(disk: number, sizeBytes: number, length: number): number {
    const end = aligned(sizeBytes) - length;
    const choice = this.#randomness.fraction();
    if (choice < 0.3) {
      const at = this.#appendAt[disk] ?? 0;
      this.#appendAt[disk] = at + length > end ? aligned(sizeBytes / 2) : at + length;
      return Math.min(at, end);
    }
    const reach = choice < 0.8 ? end / 10 : end;
    return aligned(this.#randomness.fraction() * reach);
  }
}

function aligned(bytes: number): number {
  return Math.floor(bytes / blockBytes) * blockBytes;
}
