import { field, immediateBit, opcode, reservedTag } from '../pdu/opcodes.ts';
import { newHeader } from '../pdu/pdu-encoder.ts';
import type { CommandWindow } from './command-window.ts';
import type { ScsiTask } from './scsi-task.ts';

const readFlag = 0x40;
const simpleTask = 0x01;
const abortTask = 1;

/**
 * A SCSI command that only reads. The write flag cannot be set here, and no other place in this package makes a
 * SCSI command of an initiator: what is sent can take no data to the target.
 */
export function scsiCommand(task: ScsiTask, window: CommandWindow): Buffer {
  const { lun, cdb, target } = task.request;
  const header = newHeader(opcode.scsiCommand, 0x80 | simpleTask | (target.length > 0 ? readFlag : 0));
  header.set(lun, field.lun);
  header.writeUInt32BE(task.tag, field.initiatorTag);
  header.writeUInt32BE(target.length, 20);
  header.writeUInt32BE(task.commandSerial, field.commandSerial);
  header.writeUInt32BE(window.expectedStatus, field.expectedStatusSerial);
  header.set(cdb.bytes, 32);
  return header;
}

export function abortRequest(tag: number, task: ScsiTask, window: CommandWindow): Buffer {
  const header = request(opcode.taskManagement, tag, window, 0x80 | abortTask);
  header.set(task.request.lun, field.lun);
  header.writeUInt32BE(task.tag, 20);
  header.writeUInt32BE(task.commandSerial, 32);
  return header;
}

/** A ping of ours: `tag` names it. */
export function pingRequest(tag: number, window: CommandWindow): Buffer {
  const header = request(opcode.nopOut, tag, window);
  header.writeUInt32BE(reservedTag, field.targetTag);
  return header;
}

/** The answer to a ping of the target. */
export function pingAnswer(ping: Buffer, window: CommandWindow): Buffer {
  const header = request(opcode.nopOut, reservedTag, window);
  ping.copy(header, field.lun, field.lun, 16);
  ping.copy(header, field.targetTag, field.targetTag, field.targetTag + 4);
  return header;
}

/** Closes the session. */
export function logoutRequest(tag: number, window: CommandWindow): Buffer {
  return request(opcode.logout, tag, window);
}

/** SendTargets, or the request for more of its answer (`targetTag`). */
export function textRequest(tag: number, targetTag: number, window: CommandWindow): Buffer {
  const header = request(opcode.text, tag, window);
  header.writeUInt32BE(targetTag, field.targetTag);
  return header;
}

function request(code: number, tag: number, window: CommandWindow, flags = 0x80): Buffer {
  const header = newHeader(code | immediateBit, flags);
  header.writeUInt32BE(tag, field.initiatorTag);
  header.writeUInt32BE(window.next, field.commandSerial);
  header.writeUInt32BE(window.expectedStatus, field.expectedStatusSerial);
  return header;
}
