import { encodeSense, type Sense } from '../../scsi/sense.ts';
import { field, opcode, reservedTag } from '../pdu/opcodes.ts';
import { newHeader } from '../pdu/pdu-encoder.ts';
import type { TargetTask } from './target-task.ts';
import type { DataInPart, Residual } from './task-runner.ts';

/** Headers of the target's PDUs; serial numbers are filled in when they are sent. */

const underflow = 0x02;
const overflow = 0x04;

function residualFlags(residual: Residual): number {
  return residual > 0 ? underflow : residual < 0 ? overflow : 0;
}

export function scsiResponse(
  task: TargetTask,
  status: number,
  residual: Residual,
  sense: Sense | undefined,
): { header: Buffer; data: Buffer | undefined } {
  const header = newHeader(opcode.scsiResponse, 0x80 | residualFlags(residual));
  header[3] = status;
  header.writeUInt32BE(task.tag, field.initiatorTag);
  header.writeUInt32BE(Math.abs(residual), 44);
  const data = sense ? Buffer.concat([Buffer.from([0, 18]), encodeSense(sense)]) : undefined;
  return { header, data };
}

export function dataInHeader(task: TargetTask, part: DataInPart, dataSerial: number): Buffer {
  const { final, residual, offsetBytes } = part;
  const flags = (final ? 0x80 : 0) | (residual === undefined ? 0 : 0x01 | residualFlags(residual));
  const header = newHeader(opcode.dataIn, flags);
  header.writeUInt32BE(task.tag, field.initiatorTag);
  header.writeUInt32BE(reservedTag, field.targetTag);
  header.writeUInt32BE(dataSerial, 36);
  header.writeUInt32BE(offsetBytes, 40);
  if (residual !== undefined) header.writeUInt32BE(Math.abs(residual), 44);
  return header;
}

export function readyToTransfer(
  task: TargetTask,
  targetTag: number,
  serial: number,
  offsetBytes: number,
  lengthBytes: number,
): Buffer {
  const header = newHeader(opcode.readyToTransfer);
  header.set(task.lunBytes, field.lun);
  header.writeUInt32BE(task.tag, field.initiatorTag);
  header.writeUInt32BE(targetTag, field.targetTag);
  header.writeUInt32BE(serial, 36);
  header.writeUInt32BE(offsetBytes, 40);
  header.writeUInt32BE(lengthBytes, 44);
  return header;
}

/** An answer that carries a response code in byte 2: to task management and logout. */
export function plainResponse(code: number, tag: number, response: number): Buffer {
  const header = newHeader(code);
  header[2] = response;
  header.writeUInt32BE(tag, field.initiatorTag);
  return header;
}

/** The answer to a ping, or a ping of the target's own (`targetTag`). */
export function nopIn(initiatorTag: number, targetTag: number): Buffer {
  const header = newHeader(opcode.nopIn);
  header.writeUInt32BE(initiatorTag, field.initiatorTag);
  header.writeUInt32BE(targetTag, field.targetTag);
  return header;
}

export function asyncMessage(event: number, parameter3: number): Buffer {
  const header = newHeader(opcode.asyncMessage);
  header.writeUInt32BE(reservedTag, field.initiatorTag);
  header[36] = event;
  header.writeUInt16BE(parameter3, 42);
  return header;
}

export function rejectHeader(reason: number): Buffer {
  const header = newHeader(opcode.reject);
  header[2] = reason;
  header.writeUInt32BE(reservedTag, field.initiatorTag);
  return header;
}
