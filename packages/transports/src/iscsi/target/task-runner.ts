import type { BufferPool } from '../../rpc/server/buffer-pool.ts';
import { type Sense, senseKey } from '../../scsi/sense.ts';
import { scsiStatus } from '../../scsi/status.ts';
import { encodeLbaStatus } from '../../scsi/target/lba-status-reply.ts';
import type { ScsiAction } from '../../scsi/target/scsi-action.ts';
import type { ScsiBackend } from '../../scsi/target/scsi-backend.ts';
import type { SessionParameters } from './operational-answer.ts';
import { DataPhaseError, type TargetTask } from './target-task.ts';

/** How a task reaches its initiator. */
export interface TaskOutlet {
  readonly parameters: SessionParameters;
  readonly buffers: BufferPool;
  dataIn(task: TargetTask, part: DataInPart): void;
  respond(task: TargetTask, status: number, residual: Residual, sense?: Sense): void;
  /** Asks for data; the tag that names the request. */
  readyToTransfer(task: TargetTask, offsetBytes: number, lengthBytes: number): number;
  /** When its turn has come (`ReadTurns`). */
  beginRead(): Promise<() => void>;
  /** One of few places for writes that hold their data in memory. */
  enterWrite(): Promise<() => void>;
  counted(what: 'bytesRead' | 'bytesWritten', bytes: number): void;
}

export interface DataInPart {
  readonly offsetBytes: number;
  readonly data: Uint8Array;
  /** The last of its sequence. */
  readonly final: boolean;
  /** With the status GOOD and this residual: the last of its command. */
  readonly residual: Residual | undefined;
  flushed?(): void;
}

/** Positive: fewer bytes were moved than the initiator expected; negative: more would have been. */
export type Residual = number;

const readError = { key: senseKey.mediumError, asc: 0x11, ascq: 0x00 };
const writeError = { key: senseKey.mediumError, asc: 0x0c, ascq: 0x00 };
const dataPhase = { key: senseKey.abortedCommand, asc: 0x4b, ascq: 0x00 };
const pieceBytes = 512 * 1024;

/** The largest piece that a task holds in memory while it reads. */
export const readPieceBytes = pieceBytes;

/** Carries out what a command asks for and answers it, unless it is aborted meanwhile. */
export async function runTask(task: TargetTask, action: ScsiAction, outlet: TaskOutlet): Promise<void> {
  const { backend } = task;
  switch (action.kind) {
    case 'done':
      outlet.respond(task, scsiStatus.good, task.expectedBytes);
      return;
    case 'fail':
      outlet.respond(task, scsiStatus.checkCondition, task.expectedBytes, action.sense);
      return;
    case 'reply':
      sendReply(task, action.data, outlet);
      return;
    case 'flush':
      await guarded(task, outlet, writeError, () => backend?.flush?.());
      return;
    case 'lba-status':
      if (backend) await sendLbaStatus(task, backend, action, outlet);
      return;
    case 'read':
      if (backend) await sendBlocks(task, backend, action, outlet);
      return;
    case 'write':
      if (backend) await takeBlocks(task, backend, action, outlet);
  }
}

function sendReply(task: TargetTask, data: Uint8Array, outlet: TaskOutlet): void {
  const residual = task.expectedReadBytes - data.length;
  const total = Math.min(task.expectedReadBytes, data.length);
  if (total === 0) outlet.respond(task, scsiStatus.good, residual);
  else sendParts(task, data.subarray(0, total), 0, { total, residual, outlet, sent: 0 });
}

async function sendLbaStatus(
  task: TargetTask,
  backend: ScsiBackend,
  action: ScsiAction & { kind: 'lba-status' },
  outlet: TaskOutlet,
): Promise<void> {
  const ranges = Math.max(1, Math.min(1024, Math.floor((action.allocationBytes - 8) / 16)));
  try {
    const found = await backend.lbaStatus?.(action.startBlock, ranges);
    sendReply(task, encodeLbaStatus(found ?? []).subarray(0, action.allocationBytes), outlet);
  } catch {
    outlet.respond(task, scsiStatus.checkCondition, task.expectedBytes, readError);
  }
}

interface Sequence {
  readonly total: number;
  readonly residual: Residual;
  readonly outlet: TaskOutlet;
  /** Bytes since the last final PDU. */
  sent: number;
  flushed?: () => void;
}

/** Sends `data`, which belongs at `offset` of the command's data, in PDUs and bursts as agreed. */
function sendParts(task: TargetTask, data: Uint8Array, offset: number, sequence: Sequence): void {
  const { maxSendBytes, maxBurstBytes } = sequence.outlet.parameters;
  for (let at = 0; at < data.length; ) {
    const length = Math.min(maxSendBytes, maxBurstBytes - sequence.sent, data.length - at);
    const isLast = offset + at + length === sequence.total;
    sequence.sent += length;
    const final = isLast || sequence.sent === maxBurstBytes;
    if (final) sequence.sent = 0;
    const flushed = at + length === data.length ? sequence.flushed : undefined;
    sequence.outlet.dataIn(task, {
      offsetBytes: offset + at,
      data: data.subarray(at, at + length),
      final,
      residual: isLast ? sequence.residual : undefined,
      ...(flushed ? { flushed } : {}),
    });
    at += length;
  }
}

async function sendBlocks(
  task: TargetTask,
  backend: ScsiBackend,
  action: ScsiAction & { kind: 'read' },
  outlet: TaskOutlet,
): Promise<void> {
  const total = Math.min(task.expectedReadBytes, action.lengthBytes);
  const residual = task.expectedReadBytes - action.lengthBytes;
  if (total === 0) {
    outlet.respond(task, scsiStatus.good, residual);
    return;
  }
  const sequence: Sequence = { total, residual, outlet, sent: 0 };
  for (let at = 0; at < total; at += pieceBytes) {
    const end = await outlet.beginRead();
    try {
      if (task.aborted || !(await sendPiece(task, backend, action.offsetBytes, at, sequence))) return;
    } finally {
      end();
    }
  }
  outlet.counted('bytesRead', total);
}

/** One piece in memory at a time. False when that was the end. */
async function sendPiece(
  task: TargetTask,
  backend: ScsiBackend,
  startBytes: number,
  at: number,
  sequence: Sequence,
): Promise<boolean> {
  const { outlet, total } = sequence;
  const wanted = Math.min(pieceBytes, total - at);
  const blocks = Math.ceil(wanted / backend.blockBytes) * backend.blockBytes;
  const buffer = outlet.buffers.take(blocks);
  try {
    await backend.read(startBytes + at, buffer.bytes.subarray(0, blocks));
  } catch {
    buffer.release();
    outlet.respond(task, scsiStatus.checkCondition, task.expectedBytes - at, readError);
    return false;
  }
  if (task.aborted) {
    buffer.release();
    return false;
  }
  sequence.flushed = () => buffer.release();
  sendParts(task, buffer.bytes.subarray(0, wanted), at, sequence);
  return true;
}

async function takeBlocks(
  task: TargetTask,
  backend: ScsiBackend,
  action: ScsiAction & { kind: 'write' },
  outlet: TaskOutlet,
): Promise<void> {
  const total = Math.min(task.expectedWriteBytes, action.lengthBytes);
  const residual = task.expectedWriteBytes - action.lengthBytes;
  const leave = await outlet.enterWrite();
  try {
    if (task.aborted) return;
    const data = Buffer.allocUnsafe(total);
    const early = Math.min(total, task.immediate.length);
    data.set(task.immediate.subarray(0, early), 0);
    for (let at = early; at < total; ) {
      const to = Math.min(total, at + outlet.parameters.maxBurstBytes);
      const collected = task.collect(data, at, to, outlet.readyToTransfer(task, at, to - at));
      await collected;
      at = to;
    }
    if (task.aborted) return;
    const whole = total - (total % backend.blockBytes);
    if (whole > 0) await backend.write?.(action.offsetBytes, data.subarray(0, whole));
    if (action.durable) await backend.flush?.();
    outlet.counted('bytesWritten', whole);
    outlet.respond(task, scsiStatus.good, residual);
  } catch (error) {
    const sense = error instanceof DataPhaseError ? dataPhase : writeError;
    outlet.respond(task, scsiStatus.checkCondition, task.expectedBytes, sense);
  } finally {
    leave();
  }
}

async function guarded(
  task: TargetTask,
  outlet: TaskOutlet,
  sense: Sense,
  work: () => Promise<void> | undefined,
): Promise<void> {
  try {
    await work();
    outlet.respond(task, scsiStatus.good, task.expectedBytes);
  } catch {
    outlet.respond(task, scsiStatus.checkCondition, task.expectedBytes, sense);
  }
}
