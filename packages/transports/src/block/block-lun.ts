import { LeewardError } from '@leeward/core';
import type { OpenDevice } from './open-device.ts';

export interface BlockLunParts {
  readonly open: OpenDevice;
  /** Path of the device node. */
  readonly device: string;
  /** Names the device in errors. */
  readonly name: string;
  readonly sizeBytes: number;
  /** What offsets and lengths of direct reads are multiples of. */
  readonly blockBytes: number;
}

interface Piece {
  /** Aligned. */
  readonly offsetBytes: number;
  readonly target: Uint8Array;
  /** What is before the target in the aligned read. */
  readonly leadBytes: number;
}

/** A block device of this host that is open for reading. Who opened it closes it. */
export class BlockLun {
  readonly device: string;
  readonly sizeBytes: number;
  /** Reads go past the page cache. */
  readonly isDirect: boolean;
  readonly #parts: BlockLunParts;
  #closing: Promise<void> | undefined;

  constructor(parts: BlockLunParts) {
    this.device = parts.device;
    this.sizeBytes = parts.sizeBytes;
    this.isDirect = parts.open.slots !== undefined;
    this.#parts = parts;
  }

  /**
   * Fills `target` or throws; any number of reads may run at once, offsets and lengths are any byte values within the
   * size. After it has settled nothing writes to `target` any more. Throws `L-BLK-304` to `-306`.
   */
  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const endBytes = offsetBytes + target.length;
    if (!Number.isSafeInteger(offsetBytes) || offsetBytes < 0 || endBytes > this.sizeBytes)
      throw this.#endsAt(this.sizeBytes, endBytes);
    const pieces = this.#pieces(offsetBytes, target);
    let hasFailed = false;
    const work = async () => {
      for (let piece = pieces.next(); !piece.done && !hasFailed; piece = pieces.next()) {
        try {
          signal?.throwIfAborted();
          await this.#readPiece(piece.value);
        } catch (error) {
          hasFailed = true;
          throw error;
        }
      }
    };
    const workers = Array.from({ length: this.#parts.open.slots?.count ?? 1 }, work);
    const failed = (await Promise.allSettled(workers)).find((worker) => worker.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Idempotent; reads of the kernel that are under way end first. */
  close(): Promise<void> {
    this.#closing ??= this.#parts.open.file.close();
    return this.#closing;
  }

  *#pieces(offsetBytes: number, target: Uint8Array): Generator<Piece, void> {
    const { open, blockBytes } = this.#parts;
    for (let done = 0; done < target.length; ) {
      const at = offsetBytes + done;
      const leadBytes = open.slots ? at % blockBytes : 0;
      const room = open.slots ? open.slots.slotBytes - leadBytes : target.length;
      const part = target.subarray(done, done + room);
      yield { offsetBytes: at - leadBytes, target: part, leadBytes };
      done += part.length;
    }
  }

  async #readPiece({ offsetBytes, target, leadBytes }: Piece): Promise<void> {
    const { slots } = this.#parts.open;
    if (!slots) return this.#fill(offsetBytes, target, target.length);
    const { blockBytes } = this.#parts;
    const wanted = leadBytes + target.length;
    await slots.use(async (slot) => {
      await this.#fill(offsetBytes, slot.subarray(0, Math.ceil(wanted / blockBytes) * blockBytes), wanted);
      target.set(slot.subarray(leadBytes, wanted));
    });
  }

  /** Reads into `buffer` until it has at least `wantedBytes`. */
  async #fill(offsetBytes: number, buffer: Uint8Array, wantedBytes: number): Promise<void> {
    for (let done = 0; done < wantedBytes; ) {
      const bytesRead = await this.#readOnce(offsetBytes + done, buffer.subarray(done));
      if (bytesRead === 0) throw this.#endsAt(offsetBytes + done, offsetBytes + wantedBytes);
      done += bytesRead;
    }
  }

  async #readOnce(offsetBytes: number, buffer: Uint8Array): Promise<number> {
    const { open, device, name } = this.#parts;
    if (this.#closing) throw new LeewardError('L-BLK-306', { device, name });
    try {
      return (await open.file.read(buffer, 0, buffer.length, offsetBytes)).bytesRead;
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      const details = { device, name, offsetBytes, lengthBytes: buffer.length, reason };
      throw new LeewardError('L-BLK-304', details, error);
    }
  }

  #endsAt(sizeBytes: number, endBytes: number): LeewardError {
    const { device, name } = this.#parts;
    return new LeewardError('L-BLK-305', { device, name, sizeBytes, endBytes });
  }
}
