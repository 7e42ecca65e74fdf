import { type KnownCommand, knownCommands } from './commands.ts';
import { invalidField, reply, type ScsiAction } from './scsi-action.ts';

/** REPORT SUPPORTED OPERATION CODES (SPC-4, 6.35). */
export function reportOperationCodes(cdb: Buffer): ScsiAction {
  const options = (cdb[2] ?? 0) & 7;
  const withTimeouts = ((cdb[2] ?? 0) & 0x80) !== 0;
  const allocationBytes = cdb.readUInt32BE(6);
  const code = cdb[3] ?? 0;
  const serviceAction = cdb.readUInt16BE(4);
  if (options === 0) return reply(allCommands(withTimeouts), allocationBytes);
  const sameCode = knownCommands.filter((command) => command.code === code);
  const hasActions = sameCode.some((command) => command.serviceAction !== undefined);
  if (options > 3 || (options === 1 && hasActions) || (options === 2 && !hasActions && sameCode.length > 0))
    return invalidField;
  const byAction = options === 2 || (options === 3 && hasActions);
  const found = sameCode.find((command) => !byAction || command.serviceAction === serviceAction);
  return reply(oneCommand(found, withTimeouts), allocationBytes);
}

const timeouts = Buffer.from([0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

function allCommands(withTimeouts: boolean): Buffer {
  const parts: Buffer[] = [];
  for (const { code, serviceAction, usage } of knownCommands) {
    const descriptor = Buffer.alloc(8);
    descriptor[0] = code;
    descriptor.writeUInt16BE(serviceAction ?? 0, 2);
    descriptor[5] = (withTimeouts ? 2 : 0) | (serviceAction === undefined ? 0 : 1);
    descriptor.writeUInt16BE(usage.length / 2, 6);
    parts.push(descriptor);
    if (withTimeouts) parts.push(timeouts);
  }
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

function oneCommand(command: KnownCommand | undefined, withTimeouts: boolean): Buffer {
  if (!command) return Buffer.from([0, 1, 0, 0]);
  const usage = Buffer.from(command.usage, 'hex');
  const head = Buffer.from([0, 3 | (withTimeouts ? 0x80 : 0), 0, usage.length]);
  return Buffer.concat(withTimeouts ? [head, usage, timeouts] : [head, usage]);
}
