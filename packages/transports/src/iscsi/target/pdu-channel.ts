import type { Socket } from 'node:net';
import { crc32c } from '../pdu/crc32c.ts';
import { type Digests, encodePdu, noDigests } from '../pdu/pdu-encoder.ts';

/** Bytes that may wait to be sent before senders of data must wait. */
const highWaterBytes = 1024 * 1024;

/** Sends PDUs over one socket, with digests as agreed, and tells when the peer takes them too slowly. */
export class PduChannel {
  readonly #socket: Socket;
  digests: Digests = noDigests;
  #corked = false;
  /** For all who wait, however many commands are under way. */
  #drained: Promise<void> | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get closed(): boolean {
    return this.#socket.destroyed || this.#socket.writableEnded;
  }

  /** `flushed` is called once `data` is used no more. */
  send(header: Buffer, data?: Uint8Array, flushed?: () => void): void {
    if (this.closed) {
      flushed?.();
      return;
    }
    this.#cork();
    const pieces = encodePdu(header, data, this.digests, crc32c);
    const last = pieces.pop() as Uint8Array;
    for (const piece of pieces) this.#socket.write(piece);
    this.#socket.write(last, flushed);
  }

  /** Resolves when more data may be sent, at once in most cases. */
  async ready(): Promise<void> {
    const socket = this.#socket;
    if (this.closed || socket.writableLength < highWaterBytes) return;
    this.#drained ??= new Promise((resolve) => {
      const done = () => {
        socket.off('drain', done);
        socket.off('close', done);
        this.#drained = undefined;
        resolve();
      };
      socket.once('drain', done);
      socket.once('close', done);
    });
    await this.#drained;
  }

  /** Cuts the connection. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Closes after all that was sent has gone. */
  end(): void {
    this.#socket.end();
  }

  /** Small writes of one turn go out together. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#socket.uncork();
    });
  }
}
