import type { Socket } from 'node:net';
import { GatherTurn } from '../../gather-turn.ts';
import { crc32c } from '../pdu/crc32c.ts';
import { type Digests, encodePdu } from '../pdu/pdu-encoder.ts';

/** PDUs that leave together at most. */
const gatheredAtMost = 4;

/** Sends PDUs to one socket, gathered (`GatherTurn`). */
export class PduSender {
  readonly #socket: Socket;
  readonly #turn = new GatherTurn(gatheredAtMost, () => this.#write());
  #gathered: Uint8Array[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** `data` MUST NOT change any more. */
  send(header: Buffer, data: Uint8Array | undefined, digests: Digests): void {
    this.#gathered.push(...encodePdu(header, data, digests, crc32c));
    this.#turn.added();
  }

  #write(): void {
    const pieces = this.#gathered;
    const [first] = pieces;
    this.#gathered = [];
    if (first && !this.#socket.destroyed)
      this.#socket.write(pieces.length === 1 ? first : Buffer.concat(pieces));
  }
}
