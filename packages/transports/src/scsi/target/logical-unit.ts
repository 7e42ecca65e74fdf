import { encodeLun } from '../lun.ts';
import { encodeSense, type Sense } from '../sense.ts';
import { action, op } from './commands.ts';
import { inquiry } from './inquiry.ts';
import { modeSense } from './mode-sense.ts';
import { reportOperationCodes } from './report-operation-codes.ts';
import {
  beyondEnd,
  invalidField,
  invalidOperation,
  lunNotSupported,
  reply,
  type ScsiAction,
} from './scsi-action.ts';
import type { ScsiBackend } from './scsi-backend.ts';
import { transferCommand } from './transfer-commands.ts';
import type { BackendLimits } from './vital-pages.ts';

/** The port through which a command came. */
export interface PortIdentity {
  readonly targetName: string;
  readonly groupTag: number;
  readonly relativeId: number;
}

export interface CommandContext {
  readonly port: PortIdentity;
  readonly limits: BackendLimits;
  /** What the initiator may see. */
  readonly luns: ReadonlyMap<number, ScsiBackend>;
  /** For REQUEST SENSE: the unit attention that is waiting, taken by this call. */
  takeAttention(): Sense | undefined;
}

/** Commands that are carried out though a unit attention is waiting. */
export function passesAttention(cdb: Uint8Array): boolean {
  return cdb[0] === op.inquiry || cdb[0] === op.reportLuns || cdb[0] === op.requestSense;
}

/** What a command for the unit behind `backend` (none: no such LUN) asks for. The CDB has 16 bytes. */
export function decideCommand(
  cdb: Buffer,
  backend: ScsiBackend | undefined,
  context: CommandContext,
): ScsiAction {
  const { port, limits, luns } = context;
  const code = cdb[0] ?? 0;
  if (code === op.inquiry) return inquiry(cdb, backend, port, limits);
  if (code === op.reportLuns) return reportLuns(cdb, luns);
  if (code === op.requestSense) return requestSense(cdb, backend, context);
  if (!backend) return lunNotSupported;
  switch (code) {
    case op.testUnitReady:
      return { kind: 'done' };
    case op.startStopUnit:
      return { kind: 'done' };
    case op.modeSense6:
      return modeSense(cdb, backend, false);
    case op.modeSense10:
      return modeSense(cdb, backend, true);
    case op.readCapacity10:
      return reply(capacity10(backend), 8);
    case op.serviceActionIn16:
      return serviceActionIn(cdb, backend);
    case op.persistentReserveIn:
      return persistentReserveIn(cdb);
    case op.maintenanceIn:
      return ((cdb[1] ?? 0) & 0x1f) === action.reportOperationCodes
        ? reportOperationCodes(cdb)
        : invalidField;
    default:
      return transferCommand(cdb, backend, limits) ?? invalidOperation;
  }
}

function requestSense(cdb: Buffer, backend: ScsiBackend | undefined, context: CommandContext): ScsiAction {
  if (((cdb[1] ?? 0) & 1) !== 0) return invalidField;
  const none = { key: 0, asc: 0, ascq: 0 };
  const absent = { key: 5, asc: 0x25, ascq: 0 };
  const sense = backend ? (context.takeAttention() ?? none) : absent;
  return reply(encodeSense(sense), cdb[4] ?? 0);
}

function reportLuns(cdb: Buffer, luns: ReadonlyMap<number, ScsiBackend>): ScsiAction {
  const select = cdb[2] ?? 0;
  const allocationBytes = cdb.readUInt32BE(6);
  if (select > 2 || allocationBytes < 16) return invalidField;
  const shown = select === 1 ? [] : [...luns.keys()].sort((a, b) => a - b);
  const bytes = Buffer.alloc(8 + shown.length * 8);
  bytes.writeUInt32BE(shown.length * 8);
  for (const [index, lun] of shown.entries()) bytes.set(encodeLun(lun), 8 + index * 8);
  return reply(bytes, allocationBytes);
}

function capacity10({ sizeBytes, blockBytes }: ScsiBackend): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(Math.min(sizeBytes / blockBytes - 1, 0xffff_ffff), 0);
  bytes.writeUInt32BE(blockBytes, 4);
  return bytes;
}

function serviceActionIn(cdb: Buffer, backend: ScsiBackend): ScsiAction {
  const service = (cdb[1] ?? 0) & 0x1f;
  const allocationBytes = cdb.readUInt32BE(10);
  const blocks = backend.sizeBytes / backend.blockBytes;
  if (service === action.readCapacity16) {
    const bytes = Buffer.alloc(32);
    bytes.writeBigUInt64BE(BigInt(blocks - 1), 0);
    bytes.writeUInt32BE(backend.blockBytes, 8);
    if (backend.lbaStatus) bytes[14] = 0xc0;
    return reply(bytes, allocationBytes);
  }
  if (service !== action.getLbaStatus || !backend.lbaStatus) return invalidField;
  const startBlock = Number(cdb.readBigUInt64BE(2));
  if (startBlock >= blocks) return beyondEnd;
  return allocationBytes < 24 ? invalidField : { kind: 'lba-status', startBlock, allocationBytes };
}

/** No reservation can be made, so none is there: keys, reservation, capabilities, full status. */
function persistentReserveIn(cdb: Buffer): ScsiAction {
  const service = (cdb[1] ?? 0) & 0x1f;
  if (service > 3) return invalidField;
  const bytes = service === 2 ? Buffer.from([0, 8, 0, 0x80, 0, 0, 0, 0]) : Buffer.alloc(8);
  return reply(bytes, cdb.readUInt16BE(7));
}
