import { field } from '../pdu/opcodes.ts';
import { PduError } from '../pdu/pdu-error.ts';
import { nextSerial, serialDistance } from '../pdu/serial-number.ts';

/** More than any target grants; a window above is cut, so that nothing grows without bound. */
const maxWindow = 4096;

/** CmdSN, MaxCmdSN and StatSN of one session with one connection (RFC 7143, section 4.2.2). */
export class CommandWindow {
  #next: number;
  #max: number;
  #expected: number;
  #expectedStatus = 0;

  constructor(firstCommandSerial: number) {
    this.#next = firstCommandSerial;
    this.#expected = firstCommandSerial;
    this.#max = firstCommandSerial;
  }

  /** CmdSN of the next command; immediate ones carry it without using it up. */
  get next(): number {
    return this.#next;
  }

  get expectedStatus(): number {
    return this.#expectedStatus;
  }

  get isOpen(): boolean {
    const ahead = serialDistance(this.#next, this.#max);
    return ahead >= 0 && serialDistance(this.#expected, this.#next) < maxWindow;
  }

  take(): number {
    const taken = this.#next;
    this.#next = nextSerial(taken);
    return taken;
  }

  /** Takes ExpCmdSN and MaxCmdSN of any PDU from the target, and its StatSN when it carries a status. */
  observe(header: Buffer, hasStatus: boolean): void {
    if (hasStatus) {
      const status = header.readUInt32BE(field.statusSerial);
      if (serialDistance(this.#expectedStatus, status) >= 0) this.#expectedStatus = nextSerial(status);
    }
    const expected = header.readUInt32BE(field.expectedCommandSerial);
    const max = header.readUInt32BE(field.maxCommandSerial);
    if (serialDistance(expected, max) < -1) return;
    if (serialDistance(this.#next, expected) > 0)
      throw new PduError('an acknowledgement of commands that were never sent');
    if (serialDistance(this.#expected, expected) > 0) this.#expected = expected;
    if (serialDistance(this.#max, max) > 0) this.#max = max;
  }

  /** The first status serial, from the first answer to the login. */
  begin(statusSerial: number): void {
    this.#expectedStatus = nextSerial(statusSerial);
  }
}
