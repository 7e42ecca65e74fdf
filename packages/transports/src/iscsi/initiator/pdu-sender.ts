import type { Socket } from 'node:net';
import { crc32c } from '../pdu/crc32c.ts';
import { type Digests, encodePdu } from '../pdu/pdu-encoder.ts';

/**
 * Sends PDUs to one socket. What was asked for while received bytes were handled leaves by one system call, after all
 * that is there was received: fewer and larger requests cost both sides less.
 */
export class PduSender {
  readonly #socket: Socket;
  #gathered: Uint8Array[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** `data` MUST NOT change any more. */
  send(header: Buffer, data: Uint8Array | undefined, digests: Digests): void {
    // biome-ignore lint/plugin: a place in the turn of the event loop, as `nextTick` is; no time is waited for.
    if (this.#gathered.length === 0) setImmediate(() => this.#flush());
    this.#gathered.push(...encodePdu(header, data, digests, crc32c));
  }

  #flush(): void {
    const [first] = this.#gathered;
    const bytes = this.#gathered.length === 1 ? first : Buffer.concat(this.#gathered);
    this.#gathered = [];
    if (bytes && !this.#socket.destroyed) this.#socket.write(bytes);
  }
}
