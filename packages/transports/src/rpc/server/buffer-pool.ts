/** A buffer on loan. */
export interface PooledBuffer {
  readonly bytes: Buffer;
  /** Gives it back; MUST be called once, when nobody reads or writes it any more. */
  release(): void;
}

/** Keeps large buffers for reuse: fresh large allocations cost page faults each time. */
export class BufferPool {
  readonly #bufferBytes: number;
  readonly #maxIdle: number;
  readonly #idle: Buffer[] = [];

  constructor(bufferBytes: number, maxIdle: number) {
    this.#bufferBytes = bufferBytes;
    this.#maxIdle = maxIdle;
  }

  /** At least `lengthBytes` long; small ones are not pooled. */
  take(lengthBytes: number): PooledBuffer {
    if (lengthBytes < this.#bufferBytes / 16 || lengthBytes > this.#bufferBytes)
      return { bytes: Buffer.allocUnsafe(lengthBytes), release: () => undefined };
    const bytes = this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.#bufferBytes);
    return {
      bytes,
      release: () => {
        if (this.#idle.length < this.#maxIdle) this.#idle.push(bytes);
      },
    };
  }
}
