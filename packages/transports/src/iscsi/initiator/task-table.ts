import { LeewardError } from '@leeward/core';
import { AbortWatch } from '../../abort-watch.ts';
import { parseSense } from '../../scsi/sense.ts';
import { field, opcode, opcodeOf } from '../pdu/opcodes.ts';
import { PduError } from '../pdu/pdu-error.ts';
import type { CommandWindow } from './command-window.ts';
import { type ScsiOutcome, type ScsiRequest, ScsiTask } from './scsi-task.ts';
import { abortRequest, scsiCommand } from './task-requests.ts';

/** The connection that a table of tasks belongs to. */
export interface TaskCarrier {
  readonly portal: string;
  readonly window: CommandWindow;
  readonly commandTimeoutMs: number;
  newTag(): number;
  nowMs(): number;
  send(header: Buffer): void;
  /** Keeps what still comes of the data segment that is being received from its target; may close. */
  discardRest(): void;
  close(reason: unknown): void;
}

const abortTimeoutMs = 5_000;
const statusFlag = 0x01;
const finalFlag = 0x80;
const completedAtTarget = 0;
const targetFailure = 0x02;

/** The SCSI commands in flight on one connection, matched by their tags. */
export class TaskTable {
  readonly #carrier: TaskCarrier;
  readonly #tasks = new Map<number, ScsiTask>();
  /** Not sent yet: the window is closed. In order. */
  readonly #queue = new Set<ScsiTask>();
  /** Aborts on their way, by their own tags. */
  readonly #aborts = new Map<number, ScsiTask>();
  readonly #aborting = new AbortWatch();
  /** Whose data comes in. */
  #filling: ScsiTask | undefined;

  constructor(carrier: TaskCarrier) {
    this.#carrier = carrier;
  }

  get active(): number {
    return this.#tasks.size;
  }

  /** Settles with the target's status, with the abort reason, or with the reason for which the connection ended. */
  execute(request: ScsiRequest, signal?: AbortSignal): Promise<ScsiOutcome> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const deadlineMs = this.#carrier.nowMs() + this.#carrier.commandTimeoutMs;
      const task = new ScsiTask(this.#carrier.newTag(), request, deadlineMs, {
        resolve,
        reject,
        ended: (ended) => {
          if (signal) this.#aborting.remove(signal, ended);
        },
        aborted: (aborted, reason) => this.#abandon(aborted, reason),
      });
      if (signal) this.#aborting.add(signal, task);
      this.#tasks.set(task.tag, task);
      if (this.#queue.size === 0 && this.#carrier.window.isOpen) this.#send(task);
      else this.#queue.add(task);
    });
  }

  /** Where data of a Data-In belongs. Throws `PduError` when it belongs nowhere. */
  place(header: Buffer, lengthBytes: number): Uint8Array | 'discard' {
    const task = this.#tasks.get(header.readUInt32BE(field.initiatorTag));
    if (!task?.isSent || task.settled) return 'discard';
    const offsetBytes = header.readUInt32BE(40);
    task.ranges.check(offsetBytes, lengthBytes);
    this.#filling = task;
    return task.request.target.subarray(offsetBytes, offsetBytes + lengthBytes);
  }

  received(header: Buffer, data: Uint8Array): void {
    this.#filling = undefined;
    const tag = header.readUInt32BE(field.initiatorTag);
    if (opcodeOf(header) === opcode.taskManagementResponse) {
      this.#abortAnswered(tag, header[2] ?? 0);
      return;
    }
    const task = this.#tasks.get(tag);
    if (!task) return;
    if (!task.isSent) throw new PduError('an answer to a command that was not sent');
    if (opcodeOf(header) === opcode.dataIn) this.#dataCame(task, header);
    else this.#responded(task, header, data);
  }

  /** Sends what waits for the window. */
  windowMoved(): void {
    for (const task of this.#queue) {
      if (!this.#carrier.window.isOpen) return;
      this.#queue.delete(task);
      this.#send(task);
    }
  }

  /** Ends what took too long. */
  tick(nowMs: number): void {
    for (const task of [...this.#tasks.values()]) {
      if (task.deadlineMs > nowMs) continue;
      const { portal, commandTimeoutMs } = this.#carrier;
      const command = task.request.cdb.name;
      const error = new LeewardError('L-BLK-113', { portal, command, timeoutMs: commandTimeoutMs });
      if (task.settled) {
        this.#carrier.close(error);
        return;
      }
      this.#abandon(task, error);
    }
  }

  failAll(reason: unknown): void {
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    this.#queue.clear();
    this.#aborts.clear();
    this.#filling = undefined;
    for (const task of tasks) task.fail(reason);
  }

  #send(task: ScsiTask): void {
    task.isSent = true;
    task.commandSerial = this.#carrier.window.take();
    this.#carrier.send(scsiCommand(task, this.#carrier.window));
  }

  #dataCame(task: ScsiTask, header: Buffer): void {
    const flags = header[1] ?? 0;
    const lengthBytes = header.readUIntBE(5, 3);
    if (!task.settled && lengthBytes > 0) task.ranges.add(header.readUInt32BE(40), lengthBytes);
    if ((flags & statusFlag) === 0) return;
    if ((flags & finalFlag) === 0) throw new PduError('a status before the end of its data');
    this.#tasks.delete(task.tag);
    task.succeed(header[3] ?? 0, undefined);
  }

  #responded(task: ScsiTask, header: Buffer, data: Uint8Array): void {
    const response = header[2] ?? targetFailure;
    if (response !== completedAtTarget) throw new PduError(`a SCSI response with code ${response}`);
    this.#tasks.delete(task.tag);
    const senseBytes = data.length >= 2 ? ((data[0] ?? 0) << 8) | (data[1] ?? 0) : 0;
    task.succeed(header[3] ?? 0, parseSense(data.subarray(2, 2 + senseBytes)));
  }

  /** Gives up on a task and tells the target, which may still send its data: that goes nowhere. */
  #abandon(task: ScsiTask, reason: unknown): void {
    if (task.settled) return;
    task.fail(reason);
    if (this.#filling === task) this.#carrier.discardRest();
    if (this.#queue.delete(task)) {
      this.#tasks.delete(task.tag);
      return;
    }
    if (!this.#tasks.has(task.tag)) return;
    task.deadlineMs = this.#carrier.nowMs() + abortTimeoutMs;
    const tag = this.#carrier.newTag();
    this.#aborts.set(tag, task);
    this.#carrier.send(abortRequest(tag, task, this.#carrier.window));
  }

  #abortAnswered(tag: number, response: number): void {
    const task = this.#aborts.get(tag);
    this.#aborts.delete(tag);
    // 0: done, 1: no such task any more. All else leaves the task alive, and its deadline closes the connection.
    if (task && response <= 1) this.#tasks.delete(task.tag);
  }
}
