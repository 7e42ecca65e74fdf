import type { Clock } from '@leeward/core';
import { BufferPool } from '../../rpc/server/buffer-pool.ts';
import { decodeLun } from '../../scsi/lun.ts';
import type { Sense } from '../../scsi/sense.ts';
import { scsiStatus } from '../../scsi/status.ts';
import { decideCommand, passesAttention } from '../../scsi/target/logical-unit.ts';
import { lunNotSupported, type ScsiAction } from '../../scsi/target/scsi-action.ts';
import type { ScsiBackend } from '../../scsi/target/scsi-backend.ts';
import type { BackendLimits } from '../../scsi/target/vital-pages.ts';
import { field, immediateBit, opcode, opcodeOf, reservedTag } from '../pdu/opcodes.ts';
import { PduError } from '../pdu/pdu-error.ts';
import { nextSerial } from '../pdu/serial-number.ts';
import { Attentions, attention } from './attentions.ts';
import { CommandOrder, type Numbered } from './command-order.ts';
import type { CommandFault, CommandInfo, SessionInfo } from './fault-hooks.ts';
import { Gate } from './gate.ts';
import { losing } from './lost-answer.ts';
import type { PduChannel } from './pdu-channel.ts';
import { ReadTurns } from './read-turns.ts';
import { answerText, type SendTargetsPlace } from './send-targets.ts';
import type { LoggedIn } from './target-login.ts';
import * as responses from './target-responses.ts';
import { checkImmediate, TargetTask } from './target-task.ts';
import { manageTask } from './task-management.ts';
import { readPieceBytes, runTask, type TaskOutlet } from './task-runner.ts';
import { TextAnswers } from './text-answers.ts';

export interface TargetSessionOptions {
  readonly who: LoggedIn;
  readonly info: SessionInfo;
  readonly groupTag: number;
  readonly channel: PduChannel;
  readonly firstCommandSerial: number;
  readonly firstStatusSerial: number;
  readonly queueDepth: number;
  readonly limits: BackendLimits;
  readonly clock: Clock;
  readonly fault: ((command: CommandInfo) => CommandFault | undefined) | undefined;
  readonly discovery: Pick<SendTargetsPlace, 'targets' | 'addresses'>;
  counted(what: 'commands' | 'bytesRead' | 'bytesWritten', by: number, lun: number | undefined): void;
  /** A defect of ours or of a backend; the connection is cut. */
  failed(error: unknown): void;
  /** Sessions of the same target, this one included. */
  siblings(): Iterable<TargetSession>;
}

interface Request extends Numbered {
  readonly header: Buffer;
  readonly data: Uint8Array;
}

const writesAtOnce = 8;
const idleBuffers = 8;

/** The full feature phase of one session: requests in, answers out. */
export class TargetSession {
  readonly info: SessionInfo;
  readonly isid: string;
  readonly attentions = new Attentions();
  readonly tasks = new Map<number, TargetTask>();
  readonly #options: TargetSessionOptions;
  readonly #order: CommandOrder<Request>;
  readonly #writes = new Gate(writesAtOnce);
  readonly #reads: ReadTurns;
  readonly #texts: TextAnswers;
  readonly #buffers = new BufferPool(readPieceBytes, idleBuffers);
  readonly #dataSerials = new WeakMap<TargetTask, number>();
  #statusSerial: number;
  #lastTargetTag = 0;
  #cutAfterBytes: number | undefined;

  constructor(options: TargetSessionOptions) {
    this.#options = options;
    this.info = options.info;
    this.isid = options.who.isid;
    this.#order = new CommandOrder(options.firstCommandSerial, options.queueDepth);
    this.#statusSerial = options.firstStatusSerial;
    this.#reads = new ReadTurns(() => options.channel.ready());
    const { initiatorName, target } = options.who;
    const place = { initiatorName, target, ...options.discovery };
    this.#texts = new TextAnswers((keys) => answerText(keys, place));
  }

  /** What this initiator sees now. */
  get luns(): ReadonlyMap<number, ScsiBackend> {
    return this.#options.who.target?.luns(this.info.initiatorName) ?? new Map<number, ScsiBackend>();
  }

  place(header: Buffer, lengthBytes: number): Uint8Array | 'collect' | 'discard' {
    if (opcodeOf(header) === opcode.dataOut)
      return this.tasks.get(header.readUInt32BE(field.initiatorTag))?.place(header, lengthBytes) ?? 'discard';
    if (opcodeOf(header) === opcode.scsiCommand) {
      const { immediateData, firstBurstBytes } = this.#options.who.parameters;
      checkImmediate(header, lengthBytes, immediateData ? firstBurstBytes : 0);
    }
    return 'collect';
  }

  received(header: Buffer, data: Uint8Array): void {
    const code = opcodeOf(header);
    if (code === opcode.dataOut) {
      this.tasks.get(header.readUInt32BE(field.initiatorTag))?.dataCame(header);
      return;
    }
    const request: Request = {
      header: Buffer.from(header),
      data,
      commandSerial: header.readUInt32BE(field.commandSerial),
      immediate: ((header[0] ?? 0) & immediateBit) !== 0,
    };
    for (const ready of this.#order.take(request)) this.#carryOut(ready);
  }

  /** A ping of the target's own. */
  ping(): void {
    this.#send(responses.nopIn(reservedTag, this.#newTargetTag()), false);
  }

  /** Tells the initiator of an event (RFC 7143, 11.9.1). */
  tell(event: number, parameter3 = 0): void {
    this.#send(responses.asyncMessage(event, parameter3), true);
  }

  /** Nothing is sent for any task any more. */
  abortAll(): void {
    for (const task of this.tasks.values()) task.abort();
    this.tasks.clear();
  }

  /** Forgets a task without an answer. */
  abortTask(task: TargetTask): void {
    task.abort();
    this.#end(task);
  }

  #carryOut({ header, data }: Request): void {
    const tag = header.readUInt32BE(field.initiatorTag);
    const code = opcodeOf(header);
    const isDiscovery = this.#options.who.target === undefined;
    if (isDiscovery && (code === opcode.scsiCommand || code === opcode.taskManagement)) {
      this.#reject(header);
      return;
    }
    switch (code) {
      case opcode.scsiCommand:
        this.#command(header, data);
        break;
      case opcode.taskManagement: {
        const response = manageTask(header, this, this.#options.siblings());
        this.#send(responses.plainResponse(opcode.taskManagementResponse, tag, response), true);
        break;
      }
      case opcode.nopOut:
        this.#order.open();
        if (tag !== reservedTag)
          this.#send(responses.nopIn(tag, reservedTag), true, data.subarray(0, this.#maxSendBytes));
        break;
      case opcode.text: {
        this.#order.open();
        const answer = this.#texts.take(header, data, this.#maxSendBytes);
        this.#send(answer.header, true, answer.data);
        break;
      }
      case opcode.logout:
        this.abortAll();
        this.#send(responses.plainResponse(opcode.logoutResponse, tag, 0), true);
        this.#options.channel.end();
        break;
      default:
        this.#reject(header);
    }
  }

  get #maxSendBytes(): number {
    return this.#options.who.parameters.maxSendBytes;
  }

  #command(header: Buffer, data: Uint8Array): void {
    const lun = decodeLun(header.subarray(8, 16));
    const task = new TargetTask(header, lun, data);
    if (this.tasks.has(task.tag)) throw new PduError('the tag of a command that is still at work');
    task.backend = lun === undefined ? undefined : this.luns.get(lun);
    this.tasks.set(task.tag, task);
    this.#order.began();
    this.#options.counted('commands', 1, lun);
    if (this.tasks.size > 2 * this.#options.queueDepth) {
      // Immediate commands do not care for the window; memory does.
      this.#outlet(task).respond(task, scsiStatus.taskSetFull, task.expectedBytes);
      return;
    }
    const action = this.#decide(task);
    const fault = this.#options.fault?.({
      ...this.info,
      lun,
      operationCode: task.cdb[0] ?? 0,
      offsetBytes: 'offsetBytes' in action ? action.offsetBytes : undefined,
      lengthBytes: 'lengthBytes' in action ? action.lengthBytes : undefined,
    });
    this.#run(task, action, fault).catch((error: unknown) => this.#options.failed(error));
  }

  #decide(task: TargetTask): ScsiAction {
    const { lun, cdb, backend } = task;
    if (lun === undefined) return lunNotSupported;
    if (backend && !passesAttention(cdb)) {
      const sense = this.attentions.take(lun);
      if (sense) return { kind: 'fail', sense };
    }
    const { limits, groupTag, who } = this.#options;
    return decideCommand(cdb, backend, {
      port: { targetName: who.target?.name ?? '', groupTag, relativeId: groupTag },
      limits,
      luns: this.luns,
      takeAttention: () => this.attentions.take(lun),
    });
  }

  async #run(task: TargetTask, action: ScsiAction, fault: CommandFault | undefined): Promise<void> {
    const { channel, clock } = this.#options;
    const outlet = this.#outlet(task);
    if (fault?.kind === 'delay') await clock.sleep(fault.delayMs);
    if (task.aborted) return;
    if (fault?.kind === 'drop') return channel.destroy();
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'cut') this.#cutAfterBytes = fault.afterBytes;
    if (fault?.kind === 'status') return outlet.respond(task, fault.status, task.expectedBytes);
    if (fault?.kind === 'sense')
      return outlet.respond(task, scsiStatus.checkCondition, task.expectedBytes, fault.sense);
    await runTask(task, action, fault?.kind === 'lose' ? losing(outlet, channel) : outlet);
  }

  #outlet(owner: TargetTask): TaskOutlet {
    return {
      parameters: this.#options.who.parameters,
      buffers: this.#buffers,
      beginRead: () => this.#reads.begin(),
      enterWrite: () => this.#writes.enter(),
      counted: (what, bytes) => this.#options.counted(what, bytes, owner.lun),
      respond: (task, status, residual, sense) => {
        if (task.aborted) return;
        this.#end(task);
        const { header, data } = responses.scsiResponse(task, status, residual, sense);
        this.#send(header, true, data);
      },
      dataIn: (task, part) => {
        const serial = this.#dataSerials.get(task) ?? 0;
        this.#dataSerials.set(task, serial + 1);
        const hasStatus = part.residual !== undefined;
        if (hasStatus) this.#end(task);
        this.#send(responses.dataInHeader(task, part, serial), hasStatus, this.#cut(part.data), part.flushed);
      },
      readyToTransfer: (task, offsetBytes, lengthBytes) => {
        const targetTag = this.#newTargetTag();
        const serial = this.#dataSerials.get(task) ?? 0;
        this.#dataSerials.set(task, serial + 1);
        this.#send(responses.readyToTransfer(task, targetTag, serial, offsetBytes, lengthBytes), false);
        return targetTag;
      },
    };
  }

  /** Counts down to the fault that cuts the connection in the middle of data. */
  #cut(data: Uint8Array): Uint8Array {
    if (this.#cutAfterBytes === undefined) return data;
    this.#cutAfterBytes -= data.length;
    if (this.#cutAfterBytes <= 0) this.#options.channel.destroy();
    return data;
  }

  #end(task: TargetTask): void {
    if (this.tasks.get(task.tag) !== task) return;
    this.tasks.delete(task.tag);
    this.#order.ended();
  }

  #reject(header: Buffer): void {
    const commandNotSupported = 0x05;
    this.#send(responses.rejectHeader(commandNotSupported), true, header);
  }

  #newTargetTag(): number {
    this.#lastTargetTag = nextSerial(this.#lastTargetTag) % 0x7fff_ffff;
    return this.#lastTargetTag;
  }

  #send(header: Buffer, hasStatus: boolean, data?: Uint8Array, flushed?: () => void): void {
    header.writeUInt32BE(this.#statusSerial, field.statusSerial);
    if (hasStatus) this.#statusSerial = nextSerial(this.#statusSerial);
    header.writeUInt32BE(this.#order.expected, field.expectedCommandSerial);
    header.writeUInt32BE(this.#order.max, field.maxCommandSerial);
    this.#options.channel.send(header, data, flushed);
  }

  /** A LUN was reset by `by`: its tasks are gone. */
  resetLun(lun: number | undefined, by: TargetSession): void {
    for (const task of [...this.tasks.values()])
      if (lun === undefined || task.lun === lun) this.abortTask(task);
    if (by === this) return;
    if (lun === undefined) this.attentions.raiseAll(attention.reset);
    else this.attentions.raise(lun, attention.reset);
  }

  /** Tells of a change at the next command. */
  raise(sense: Sense, backend?: ScsiBackend): void {
    if (!backend) this.attentions.raiseAll(sense);
    for (const [lun, mapped] of this.luns) if (mapped === backend) this.attentions.raise(lun, sense);
  }
}
