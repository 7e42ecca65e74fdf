import { isError, type LeewardError } from '@leeward/core';
import type { ReadStop } from '../../read-stops.ts';
import type { CallEnd } from '../../rpc/client/pending-call.ts';
import type { RemoteObject } from './nfs-session.ts';
import { type ReadResult, readCall } from './read-calls.ts';
import type { RemoteFile } from './remote-file.ts';

/** The error of a read up to `endBytes` of a file that ends at `sizeBytes`. */
export function endsEarly({ session, path }: RemoteFile, endBytes: number, sizeBytes: number): LeewardError {
  return session.error('L-NET-205', path, { sizeBytes, endBytes });
}

/**
 * Fills `target` with what is at `offsetBytes`, in pieces as large as the server allows, all at once. The first
 * failure stops the other pieces, and all have settled before it is thrown. A piece has no promise of its own: with a
 * server that allows 64 KiB there are sixteen thousand of them in each GiB.
 */
export function readRange(
  file: RemoteFile,
  offsetBytes: number,
  target: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { maxReadBytes: pieceBytes } = file.session;
  if (target.length <= pieceBytes)
    return new Promise((ended, failed) =>
      new PieceRead(file, offsetBytes, target, signal, { ended, failed }).start(),
    );
  return new Promise((resolve, reject) => {
    const stop = file.stops.take(signal);
    const allEnded = () => {
      file.stops.giveBack(stop);
      if (stop.signal.aborted) reject(stop.signal.reason);
      else resolve();
    };
    const pieces = new Pieces(Math.ceil(target.length / pieceBytes), stop, allEnded);
    for (let at = 0; at < target.length; at += pieceBytes) {
      const piece = target.subarray(at, at + pieceBytes);
      new PieceRead(file, offsetBytes + at, piece, stop.signal, pieces).start();
    }
  });
}

interface PieceEnd {
  ended(): void;
  failed(error: unknown): void;
}

/** Waits for all pieces; the first failure stops those that are under way. */
class Pieces implements PieceEnd {
  readonly #stop: ReadStop;
  readonly #allEnded: () => void;
  #left: number;

  constructor(count: number, stop: ReadStop, allEnded: () => void) {
    this.#left = count;
    this.#stop = stop;
    this.#allEnded = allEnded;
  }

  ended(): void {
    if (--this.#left === 0) this.#allEnded();
  }

  failed(error: unknown): void {
    this.#stop.stop(error);
    this.ended();
  }
}

/** One piece: a READ, and more as long as the server answers with less. */
class PieceRead implements CallEnd<ReadResult> {
  readonly #file: RemoteFile;
  readonly #offsetBytes: number;
  readonly #target: Uint8Array;
  readonly #signal: AbortSignal | undefined;
  readonly #end: PieceEnd;
  #object: RemoteObject;
  #filledBytes = 0;
  #isRenewed = false;

  constructor(
    file: RemoteFile,
    offsetBytes: number,
    target: Uint8Array,
    signal: AbortSignal | undefined,
    end: PieceEnd,
  ) {
    this.#file = file;
    this.#offsetBytes = offsetBytes;
    this.#target = target;
    this.#signal = signal;
    this.#end = end;
    this.#object = file.object;
  }

  start(): void {
    const filledBytes = this.#filledBytes;
    const rest = filledBytes === 0 ? this.#target : this.#target.subarray(filledBytes);
    this.#object = this.#file.object;
    const call = readCall(this.#object.handle, this.#offsetBytes + filledBytes, rest);
    this.#file.session.start(call, this.#file.path, this, this.#signal);
  }

  resolve({ bytesRead, end }: ReadResult): void {
    this.#isRenewed = false;
    this.#filledBytes += bytesRead;
    this.#file.session.bytesRead += bytesRead;
    if (this.#filledBytes === this.#target.length) this.#end.ended();
    else if (end || bytesRead === 0) this.#end.failed(this.#endsEarly());
    else this.start();
  }

  /** A stale handle is renewed, once for each READ. */
  reject(error: unknown): void {
    if (this.#isRenewed || !isError(error, 'L-NET-203')) {
      this.#end.failed(error);
      return;
    }
    this.#isRenewed = true;
    this.#file.renew(this.#object).then(
      () => this.start(),
      (reason: unknown) => this.#end.failed(reason),
    );
  }

  #endsEarly(): LeewardError {
    const start = this.#offsetBytes;
    return endsEarly(this.#file, start + this.#target.length, start + this.#filledBytes);
  }
}
