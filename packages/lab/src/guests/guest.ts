import type { Clock, Randomness } from '@leeward/core';
import { fillPiece, pieceBytes } from './content.ts';

/** A disk that a guest can write to. Offsets and lengths are multiples of 4 KiB. */
export interface GuestDisk {
  readonly sizeBytes: number;
  write(offsetBytes: number, data: Uint8Array): Promise<void>;
}

export interface GuestOptions {
  readonly disks: readonly GuestDisk[];
  readonly seed: number;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

const blockBytes = 4096;
const maxBlocks = 16;
const tickMs = 50;

/**
 * A running guest: rewrites 4 to 64 KiB at random places (most of them in a small hot part) and appends, all the
 * time, to all disks, at a settable rate. Starts paused.
 */
export class Guest {
  readonly #options: GuestOptions;
  #bytesPerSecond = 0;
  #isStopped = false;
  #writes = 0;
  #bytesWritten = 0;
  #appendAt: number[];
  #loop: Promise<void> | undefined;
  #lastError: unknown;

  constructor(options: GuestOptions) {
    this.#options = options;
    this.#appendAt = options.disks.map((disk) => aligned(disk.sizeBytes / 2));
  }

  get counters(): {
    readonly writes: number;
    readonly bytesWritten: number;
    readonly lastError: string | undefined;
  } {
    const lastError = this.#lastError === undefined ? undefined : String(this.#lastError);
    return { writes: this.#writes, bytesWritten: this.#bytesWritten, lastError };
  }

  get bytesPerSecond(): number {
    return this.#bytesPerSecond;
  }

  /** 0 pauses. */
  setRate(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
    if (bytesPerSecond > 0 && this.#options.disks.length > 0 && !this.#isStopped) this.#loop ??= this.#run();
  }

  /** Resolves when no write is under way any more. */
  async pause(): Promise<void> {
    this.#bytesPerSecond = 0;
    await this.#loop;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.pause();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    let lastMs = clock.monotonicMs();
    let credit = 0;
    while (this.#bytesPerSecond > 0 && !this.#isStopped) {
      await clock.sleep(tickMs);
      const nowMs = clock.monotonicMs();
      credit += ((nowMs - lastMs) / 1000) * this.#bytesPerSecond;
      // A guest that could not write for a while does not make up for all of it.
      credit = Math.min(credit, this.#bytesPerSecond);
      lastMs = nowMs;
      while (credit > 0 && this.#bytesPerSecond > 0) {
        try {
          credit -= await this.#writeOnce();
        } catch (error) {
          this.#lastError = error;
          break;
        }
      }
    }
    this.#loop = undefined;
  }

  /** Returns the bytes written. */
  async #writeOnce(): Promise<number> {
    const { disks, seed, randomness } = this.#options;
    const index = Math.floor(randomness.fraction() * disks.length);
    const disk = disks[index];
    if (!disk) return 0;
    const blocks = 1 + Math.floor(randomness.fraction() ** 2 * maxBlocks);
    const length = Math.min(blocks * blockBytes, aligned(disk.sizeBytes));
    const offset = this.#place(index, disk, length);
    const buffer = Buffer.allocUnsafe(pieceBytes);
    const kinds = ['text', 'binary', 'compressed'] as const;
    const kind = kinds[Math.floor(randomness.fraction() * kinds.length)] ?? 'binary';
    fillPiece(seed ^ this.#writes, kind, Math.floor(offset / blockBytes), buffer);
    this.#writes += 1;
    await disk.write(offset, buffer.subarray(0, length));
    this.#bytesWritten += length;
    return length;
  }

  #place(index: number, disk: GuestDisk, length: number): number {
    const { randomness } = this.#options;
    const end = aligned(disk.sizeBytes) - length;
    const choice = randomness.fraction();
    if (choice < 0.3) {
      const at = this.#appendAt[index] ?? 0;
      this.#appendAt[index] = at + length > end ? aligned(disk.sizeBytes / 2) : at + length;
      return Math.min(at, end);
    }
    const reach = choice < 0.8 ? end / 10 : end;
    return aligned(randomness.fraction() * reach);
  }
}

function aligned(bytes: number): number {
  return Math.floor(bytes / blockBytes) * blockBytes;
}
