/** For streams of small pieces: many of them with one system call, then one copy each. */
const ownBytes = 256 * 1024;
const largePieceBytes = 64 * 1024;

/** Whether a piece of a stream is worth system calls of its own that receive it straight into its target. */
export function isLargePiece(pieceBytes: number): boolean {
  return pieceBytes >= largePieceBytes;
}

/**
 * Where the next bytes of a stream are received: a large piece straight in its target, all else in a buffer of the
 * connection. Behind a large piece mostly the next one follows: then only its head of `headBytes` is taken there.
 */
export class ReceiveTarget {
  readonly #headBytes: number;
  #own: Buffer | undefined;
  #head: Buffer | undefined;

  constructor(headBytes: number) {
    this.#headBytes = headBytes;
  }

  /** `direct` is where the next bytes belong, within a large piece; else `isAfterLarge` tells of the last piece. */
  next(direct: Uint8Array | undefined, isAfterLarge: boolean): Uint8Array {
    if (direct) return direct;
    this.#own ??= Buffer.allocUnsafeSlow(ownBytes);
    this.#head ??= this.#own.subarray(0, this.#headBytes);
    return isAfterLarge ? this.#head : this.#own;
  }
}
