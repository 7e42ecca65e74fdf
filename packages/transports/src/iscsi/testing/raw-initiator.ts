import { createConnection, type Socket } from 'node:net';
import { encodeLun } from '../../scsi/lun.ts';
import { parseSense, type Sense } from '../../scsi/sense.ts';
import { crc32c } from '../pdu/crc32c.ts';
import { field, opcode, opcodeOf, reservedTag } from '../pdu/opcodes.ts';
import { encodePdu, newHeader, noDigests } from '../pdu/pdu-encoder.ts';
import { PduReceiver } from '../pdu/pdu-receiver.ts';
import { encodeTextKeys } from '../pdu/text-keys.ts';

export interface RawAnswer {
  readonly status: number;
  readonly sense: Sense | undefined;
  readonly residual: number;
  readonly data: Buffer;
}

interface Transfer {
  readonly readBytes?: number;
  readonly write?: Buffer;
  readonly immediateBytes?: number;
}

interface Waiting {
  readonly data: Buffer;
  readonly write: Buffer;
  resolve(answer: RawAnswer): void;
}

/**
 * The simplest initiator that can write, for tests of the target alone; it believes whatever it gets. Not part of
 * the product, whose initiator cannot write.
 */
export class RawInitiator {
  readonly socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #managing = new Map<number, (response: number) => void>();
  readonly #answersPings: boolean;
  #loggedIn: (() => void) | undefined;
  #commandSerial = 1;
  #tag = 100;
  #status = 0;

  static async login(
    port: number,
    initiatorName: string,
    { answersPings = true, targetName = 'iqn.2024-01.org.leeward:target' } = {},
  ): Promise<RawInitiator> {
    const initiator = new RawInitiator(createConnection(port, '127.0.0.1'), answersPings);
    const header = newHeader(opcode.login | 0x40, 0x87);
    header.write('80aabbccddee', 8, 'hex');
    header.writeUInt32BE(initiator.#commandSerial, field.commandSerial);
    const keys = encodeTextKeys([
      ['InitiatorName', initiatorName],
      ['TargetName', targetName],
      ['SessionType', 'Normal'],
      ['MaxBurstLength', '1048576'],
      ['FirstBurstLength', '65536'],
      ['MaxRecvDataSegmentLength', '65536'],
    ]);
    await new Promise<void>((resolve) => {
      initiator.#loggedIn = resolve;
      initiator.send(header, keys);
    });
    return initiator;
  }

  private constructor(socket: Socket, answersPings: boolean) {
    this.socket = socket;
    this.#answersPings = answersPings;
    const receiver = new PduReceiver(
      { place: () => 'collect', received: (header, data) => this.#received(header, data) },
      16 * 1024 * 1024,
    );
    socket.on('data', (bytes) => receiver.accept(bytes));
    socket.on('error', () => undefined);
  }

  get closed(): boolean {
    return this.socket.destroyed || this.socket.readableEnded;
  }

  close(): void {
    this.socket.destroy();
  }

  send(header: Buffer, data?: Uint8Array): void {
    this.socket.write(Buffer.concat(encodePdu(header, data, noDigests, crc32c)));
  }

  command(lun: number, cdb: Buffer, transfer: Transfer = {}): Promise<RawAnswer> {
    const { readBytes = 0, write = Buffer.alloc(0), immediateBytes = 0 } = transfer;
    const flags = 0x81 | (readBytes > 0 ? 0x40 : 0) | (write.length > 0 ? 0x20 : 0);
    const header = newHeader(opcode.scsiCommand, flags);
    const tag = this.#head(header, lun);
    header.writeUInt32BE(readBytes + write.length, 20);
    header.set(cdb, 32);
    this.#commandSerial++;
    return new Promise((resolve) => {
      this.#waiting.set(tag, { data: Buffer.alloc(readBytes), write, resolve });
      this.send(header, write.subarray(0, immediateBytes));
    });
  }

  /** A task management function; its response code. */
  manage(lun: number, call: number): Promise<number> {
    const header = newHeader(opcode.taskManagement | 0x40, 0x80 | call);
    const tag = this.#head(header, lun);
    header.writeUInt32BE(reservedTag, 20);
    return new Promise((resolve) => {
      this.#managing.set(tag, resolve);
      this.send(header);
    });
  }

  #head(header: Buffer, lun: number): number {
    const tag = this.#tag++;
    header.set(encodeLun(lun), field.lun);
    header.writeUInt32BE(tag, field.initiatorTag);
    header.writeUInt32BE(this.#commandSerial, field.commandSerial);
    header.writeUInt32BE(this.#status, field.expectedStatusSerial);
    return tag;
  }

  #received(header: Buffer, data: Uint8Array): void {
    const tag = header.readUInt32BE(field.initiatorTag);
    const waiting = this.#waiting.get(tag);
    this.#status = header.readUInt32BE(field.statusSerial) + 1;
    switch (opcodeOf(header)) {
      case opcode.loginResponse:
        this.#loggedIn?.();
        break;
      case opcode.nopIn:
        if (this.#answersPings) this.#pong(header);
        break;
      case opcode.taskManagementResponse:
        this.#managing.get(tag)?.(header[2] ?? 255);
        break;
      case opcode.readyToTransfer:
        if (waiting) this.#sendData(header, waiting.write);
        break;
      case opcode.dataIn:
        waiting?.data.set(data, header.readUInt32BE(40));
        if (((header[1] ?? 0) & 1) !== 0) this.#end(tag, header, undefined);
        break;
      case opcode.scsiResponse:
        this.#end(tag, header, data.length > 2 ? parseSense(data.subarray(2)) : undefined);
        break;
      default:
    }
  }

  #end(tag: number, header: Buffer, sense: Sense | undefined): void {
    const waiting = this.#waiting.get(tag);
    this.#waiting.delete(tag);
    const status = header[3] ?? 0;
    waiting?.resolve({ status, sense, residual: header.readUInt32BE(44), data: waiting.data });
  }

  #pong(ping: Buffer): void {
    const header = newHeader(opcode.nopOut | 0x40);
    header.writeUInt32BE(reservedTag, field.initiatorTag);
    header.writeUInt32BE(ping.readUInt32BE(field.targetTag), field.targetTag);
    header.writeUInt32BE(this.#commandSerial, field.commandSerial);
    this.send(header);
  }

  /** In pieces of 1000 bytes, so that they end anywhere. */
  #sendData(request: Buffer, write: Buffer): void {
    const from = request.readUInt32BE(40);
    const to = from + request.readUInt32BE(44);
    for (let at = from, serial = 0; at < to; at += 1000, serial++) {
      const piece = write.subarray(at, Math.min(to, at + 1000));
      const header = newHeader(opcode.dataOut, at + 1000 >= to ? 0x80 : 0);
      request.copy(header, field.lun, field.lun, 24);
      header.writeUInt32BE(serial, 36);
      header.writeUInt32BE(at, 40);
      this.send(header, piece);
    }
  }
}
