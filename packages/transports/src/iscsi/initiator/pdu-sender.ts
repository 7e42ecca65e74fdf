import type { Socket } from 'node:net';
import { crc32c } from '../pdu/crc32c.ts';
import { type Digests, encodePdu } from '../pdu/pdu-encoder.ts';

/** Sends PDUs to one socket: those of one turn leave by one system call. */
export class PduSender {
  readonly #socket: Socket;
  #gathered: Uint8Array[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** `data` MUST NOT change before the turn ends. */
  send(header: Buffer, data: Uint8Array | undefined, digests: Digests): void {
    if (this.#gathered.length === 0) process.nextTick(() => this.#flush());
    this.#gathered.push(...encodePdu(header, data, digests, crc32c));
  }

  #flush(): void {
    const [first] = this.#gathered;
    const bytes = this.#gathered.length === 1 ? first : Buffer.concat(this.#gathered);
    this.#gathered = [];
    if (bytes && !this.#socket.destroyed) this.#socket.write(bytes);
  }
}
