import type { Abortable } from '../../abort-watch.ts';
import type { ReadOnlyCdb } from '../../scsi/client/read-only-cdb.ts';
import type { Sense } from '../../scsi/sense.ts';
import { ReceivedRanges } from './received-ranges.ts';

/** A command for one LUN. */
export interface ScsiRequest {
  /** Eight bytes, as REPORT LUNS has it. */
  readonly lun: Uint8Array;
  readonly cdb: ReadOnlyCdb;
  /** Gets the data; its length is the expected data transfer length. */
  readonly target: Uint8Array;
}

export interface ScsiOutcome {
  readonly status: number;
  readonly sense: Sense | undefined;
  /** Bytes of data from the start of the target without a gap. */
  readonly receivedBytes: number;
}

export interface TaskEnd {
  resolve(outcome: ScsiOutcome): void;
  reject(reason: unknown): void;
  /** Before either. */
  ended(task: ScsiTask): void;
  /** The signal of its caller aborted. */
  aborted(task: ScsiTask, reason: unknown): void;
}

/** One command, from its queue to its status. Once `settled`, nothing writes to its target any more. */
export class ScsiTask implements Abortable {
  readonly tag: number;
  readonly request: ScsiRequest;
  readonly ranges: ReceivedRanges;
  readonly #end: TaskEnd;
  deadlineMs: number;
  isSent = false;
  commandSerial = 0;
  settled = false;
  watchIndex = 0;

  constructor(tag: number, request: ScsiRequest, deadlineMs: number, end: TaskEnd) {
    this.tag = tag;
    this.request = request;
    this.deadlineMs = deadlineMs;
    this.ranges = new ReceivedRanges(request.target.length);
    this.#end = end;
  }

  succeed(status: number, sense: Sense | undefined): void {
    if (this.settled) return;
    this.settled = true;
    this.#end.ended(this);
    this.#end.resolve({ status, sense, receivedBytes: this.ranges.contiguousBytes });
  }

  fail(reason: unknown): void {
    if (this.settled) return;
    this.settled = true;
    this.#end.ended(this);
    this.#end.reject(reason);
  }

  aborted(reason: unknown): void {
    this.#end.aborted(this, reason);
  }
}
