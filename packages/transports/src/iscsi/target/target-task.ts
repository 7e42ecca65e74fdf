import type { ScsiBackend } from '../../scsi/target/scsi-backend.ts';
import { field } from '../pdu/opcodes.ts';
import { PduError } from '../pdu/pdu-error.ts';

/** Data that the initiator is to send now. */
interface Burst {
  readonly targetTag: number;
  readonly from: number;
  readonly to: number;
  filledTo: number;
  dataSerial: number;
  resolve(): void;
  reject(reason: unknown): void;
}

/** The initiator broke the order of its data; the command fails, the session goes on. */
export class DataPhaseError extends Error {}

/** One SCSI command at the target. */
export class TargetTask {
  readonly tag: number;
  readonly lun: number | undefined;
  readonly lunBytes: Buffer;
  readonly cdb: Buffer;
  readonly commandSerial: number;
  /** Expected data transfer lengths by direction. */
  readonly expectedReadBytes: number;
  readonly expectedWriteBytes: number;
  readonly immediate: Uint8Array;
  backend: ScsiBackend | undefined;
  /** An aborted task sends nothing any more. */
  aborted = false;
  #buffer: Buffer | undefined;
  #burst: Burst | undefined;

  constructor(header: Buffer, lun: number | undefined, immediate: Uint8Array) {
    const flags = header[1] ?? 0;
    const expectedBytes = header.readUInt32BE(20);
    this.tag = header.readUInt32BE(field.initiatorTag);
    this.lun = lun;
    this.lunBytes = Buffer.from(header.subarray(8, 16));
    this.cdb = Buffer.from(header.subarray(32, 48));
    this.commandSerial = header.readUInt32BE(field.commandSerial);
    this.expectedWriteBytes = (flags & 0x20) !== 0 ? expectedBytes : 0;
    this.expectedReadBytes = (flags & 0x20) === 0 && (flags & 0x40) !== 0 ? expectedBytes : 0;
    this.immediate = immediate;
  }

  get expectedBytes(): number {
    return this.expectedReadBytes + this.expectedWriteBytes;
  }

  abort(): void {
    this.aborted = true;
    this.#burst?.reject(new DataPhaseError('aborted'));
    this.#burst = undefined;
  }

  /** Waits for the bytes `from` to `to` of `buffer`, which the initiator was asked for under `targetTag`. */
  collect(buffer: Buffer, from: number, to: number, targetTag: number): Promise<void> {
    this.#buffer = buffer;
    return new Promise((resolve, reject) => {
      this.#burst = { targetTag, from, to, filledTo: from, dataSerial: 0, resolve, reject };
    });
  }

  /** Where the data of a Data-Out belongs; data that was not asked for goes nowhere. */
  place(header: Buffer, lengthBytes: number): Uint8Array | 'discard' {
    const burst = this.#burst;
    if (!burst || !this.#buffer || !this.#belongs(header, burst)) return 'discard';
    const offset = header.readUInt32BE(40);
    if (offset !== burst.filledTo || offset + lengthBytes > burst.to) return 'discard';
    return this.#buffer.subarray(offset, offset + lengthBytes);
  }

  /** A whole Data-Out has come. */
  dataCame(header: Buffer): void {
    const burst = this.#burst;
    if (!burst) return;
    const lengthBytes = header.readUIntBE(5, 3);
    const isFinal = ((header[1] ?? 0) & 0x80) !== 0;
    const inOrder =
      this.#belongs(header, burst) &&
      header.readUInt32BE(40) === burst.filledTo &&
      header.readUInt32BE(36) === burst.dataSerial &&
      burst.filledTo + lengthBytes <= burst.to;
    if (inOrder) {
      burst.filledTo += lengthBytes;
      burst.dataSerial++;
      if (burst.filledTo < burst.to && !isFinal) return;
    }
    this.#burst = undefined;
    if (inOrder && burst.filledTo === burst.to) burst.resolve();
    else burst.reject(new DataPhaseError('data out of order'));
  }

  #belongs(header: Buffer, burst: Burst): boolean {
    return header.readUInt32BE(field.targetTag) === burst.targetTag;
  }
}

/** Immediate data of a command, where it is allowed; throws `PduError` where it is not. */
export function checkImmediate(header: Buffer, lengthBytes: number, allowedBytes: number): void {
  if (lengthBytes === 0) return;
  const isWrite = ((header[1] ?? 0) & 0x20) !== 0;
  if (!isWrite || lengthBytes > allowedBytes) throw new PduError('immediate data that was not agreed upon');
}
