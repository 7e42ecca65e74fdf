import type { Socket } from 'node:net';
import { crc32c } from '../pdu/crc32c.ts';
import { type Digests, encodePdu } from '../pdu/pdu-encoder.ts';

/** PDUs that leave together at most. While more are gathered, a fast target would have nothing to do. */
const gatheredAtMost = 4;

/**
 * Sends PDUs to one socket. What was asked for while received bytes were handled leaves by few system calls, the last
 * one after all that is there was received: fewer and larger requests cost both sides less.
 */
export class PduSender {
  readonly #socket: Socket;
  #gathered: Uint8Array[] = [];
  #gatheredPdus = 0;
  #isFlushDue = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** `data` MUST NOT change any more. */
  send(header: Buffer, data: Uint8Array | undefined, digests: Digests): void {
    this.#gathered.push(...encodePdu(header, data, digests, crc32c));
    this.#gatheredPdus++;
    if (this.#gatheredPdus >= gatheredAtMost) this.#flush();
    else if (!this.#isFlushDue) this.#flushAfterReceiving();
  }

  #flushAfterReceiving(): void {
    this.#isFlushDue = true;
    // biome-ignore lint/plugin: a place in the turn of the event loop, as `nextTick` is; no time is waited for.
    setImmediate(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    const pieces = this.#gathered;
    const [first] = pieces;
    if (!first) return;
    this.#gathered = [];
    this.#gatheredPdus = 0;
    if (!this.#socket.destroyed) this.#socket.write(pieces.length === 1 ? first : Buffer.concat(pieces));
  }
}
