import { isError, type LeewardError } from '@leeward/core';
import type { RemoteAttributes } from '../protocol/attributes.ts';
import type { NfsSession, RemoteObject } from './nfs-session.ts';
import { type ReadResult, readCall } from './read-calls.ts';

/** A file opened for reading. Needs no close: NFS 3 knows no open files. */
export class NfsFile {
  readonly path: string;
  readonly #session: NfsSession;
  #object: RemoteObject;
  #reopening: Promise<void> | undefined;

  constructor(session: NfsSession, path: string, object: RemoteObject) {
    this.#session = session;
    this.path = path;
    this.#object = object;
  }

  /** As they were when the file was opened. */
  get attributes(): RemoteAttributes {
    return this.#object.attributes;
  }

  get sizeBytes(): number {
    return this.#object.attributes.sizeBytes;
  }

  /**
   * Fills `target` with what is at `offsetBytes` or throws; any number of reads may run at once. After it has
   * settled nothing writes to `target` any more, also when it was aborted. Throws `L-NET-205` where the file
   * ends, `L-NET-203` and `L-NET-213` when it was replaced, `L-NET-111` when the server is lost.
   */
  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (target.length === 0) return;
    const endBytes = offsetBytes + target.length;
    if (!Number.isSafeInteger(offsetBytes) || offsetBytes < 0 || endBytes > this.sizeBytes)
      throw this.#endsEarly(endBytes);
    const { maxReadBytes } = this.#session;
    if (target.length <= maxReadBytes) return this.#readPiece(offsetBytes, target, signal);
    await this.#readPieces(offsetBytes, target, maxReadBytes, signal);
  }

  /** The first failure stops the other pieces, and all have settled before it is thrown. */
  async #readPieces(
    offsetBytes: number,
    target: Uint8Array,
    pieceBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const stop = new AbortController();
    const ending = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const pieces: Promise<void>[] = [];
    for (let at = 0; at < target.length; at += pieceBytes) {
      const piece = this.#readPiece(offsetBytes + at, target.subarray(at, at + pieceBytes), ending);
      piece.catch((error: unknown) => stop.abort(error));
      pieces.push(piece);
    }
    await Promise.allSettled(pieces);
    if (stop.signal.aborted) throw stop.signal.reason;
  }

  async #readPiece(offsetBytes: number, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    let filled = 0;
    while (filled < target.length) {
      const rest = filled === 0 ? target : target.subarray(filled);
      const used = this.#object;
      const call = readCall(used.handle, offsetBytes + filled, rest);
      let result: ReadResult;
      try {
        result = await this.#session.request(call, this.path, signal);
      } catch (error) {
        if (!isError(error, 'L-NET-203')) throw error;
        result = await this.#readAgain(used, offsetBytes + filled, rest, signal);
      }
      const { bytesRead, end } = result;
      filled += bytesRead;
      this.#session.bytesRead += bytesRead;
      if (filled < target.length && (end || bytesRead === 0))
        throw this.#endsEarly(offsetBytes + target.length, offsetBytes + filled);
    }
  }

  /** After the handle of `used` was found stale. */
  async #readAgain(
    used: RemoteObject,
    offsetBytes: number,
    target: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<ReadResult> {
    if (this.#object === used) await this.#reopen();
    signal?.throwIfAborted();
    return this.#session.request(readCall(this.#object.handle, offsetBytes, target), this.path, signal);
  }

  /** Looks the path up again, once for all reads that found the handle stale; MUST be the same file. */
  #reopen(): Promise<void> {
    this.#reopening ??= this.#lookUpAgain().finally(() => {
      this.#reopening = undefined;
    });
    return this.#reopening;
  }

  async #lookUpAgain(): Promise<void> {
    const before = this.attributes;
    const found = await this.#session.at(this.path, async (object) => object);
    const now = found.attributes;
    const same =
      now.type === 'file' &&
      now.fileId === before.fileId &&
      now.sizeBytes === before.sizeBytes &&
      now.modifiedMs === before.modifiedMs;
    if (!same) throw this.#session.error('L-NET-213', this.path);
    this.#object = found;
  }

  #endsEarly(endBytes: number, sizeBytes = this.sizeBytes): LeewardError {
    return this.#session.error('L-NET-205', this.path, { sizeBytes, endBytes });
  }
}
