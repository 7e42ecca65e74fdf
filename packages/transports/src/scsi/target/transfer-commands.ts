import { op } from './commands.ts';
import { beyondEnd, invalidField, type ScsiAction, writeProtected } from './scsi-action.ts';
import type { ScsiBackend } from './scsi-backend.ts';
import type { BackendLimits } from './vital-pages.ts';

interface Span {
  readonly startBlock: number;
  readonly blocks: number;
}

/** READ and WRITE of 6, 10, 12 and 16 bytes, and SYNCHRONIZE CACHE; `undefined` for other commands. */
export function transferCommand(
  cdb: Buffer,
  backend: ScsiBackend,
  limits: BackendLimits,
): ScsiAction | undefined {
  const code = cdb[0] ?? 0;
  switch (code) {
    case op.read6:
    case op.read10:
    case op.read12:
    case op.read16: {
      const span = spanOf(cdb);
      const problem = checkFlags(cdb) ?? check(span, backend, limits);
      return problem ?? { kind: 'read', ...bytesOf(span, backend) };
    }
    case op.write6:
    case op.write10:
    case op.write12:
    case op.write16: {
      const span = spanOf(cdb);
      const problem = checkFlags(cdb) ?? check(span, backend, limits);
      if (problem) return problem;
      if (!backend.write) return writeProtected;
      const durable = code !== op.write6 && ((cdb[1] ?? 0) & 8) !== 0;
      return { kind: 'write', ...bytesOf(span, backend), durable };
    }
    case op.synchronizeCache10:
    case op.synchronizeCache16: {
      const span = spanOf(cdb);
      const blocks = backend.sizeBytes / backend.blockBytes;
      return span.startBlock + span.blocks > blocks || span.startBlock >= blocks
        ? beyondEnd
        : { kind: 'flush' };
    }
    default:
      return undefined;
  }
}

function spanOf(cdb: Buffer): Span {
  const code = cdb[0] ?? 0;
  if (code === op.read6 || code === op.write6)
    return { startBlock: cdb.readUIntBE(1, 3) & 0x1f_ffff, blocks: cdb[4] || 256 };
  const groupOfCode = code >> 5;
  if (groupOfCode === 4) {
    // Above 2^53 blocks nothing is exact, and nothing is within any device either.
    const startBlock = Number(cdb.readBigUInt64BE(2));
    return { startBlock, blocks: cdb.readUInt32BE(10) };
  }
  const startBlock = cdb.readUInt32BE(2);
  return { startBlock, blocks: groupOfCode === 5 ? cdb.readUInt32BE(6) : cdb.readUInt16BE(7) };
}

/** Protection information is not offered. */
function checkFlags(cdb: Buffer): ScsiAction | undefined {
  const isSix = cdb[0] === op.read6 || cdb[0] === op.write6;
  return !isSix && (cdb[1] ?? 0) >> 5 !== 0 ? invalidField : undefined;
}

function check(
  { startBlock, blocks }: Span,
  backend: ScsiBackend,
  limits: BackendLimits,
): ScsiAction | undefined {
  const size = backend.sizeBytes / backend.blockBytes;
  if (startBlock > size || startBlock + blocks > size || (startBlock === size && blocks === 0))
    return beyondEnd;
  return blocks * backend.blockBytes > limits.maxTransferBytes ? invalidField : undefined;
}

function bytesOf({ startBlock, blocks }: Span, { blockBytes }: ScsiBackend) {
  return { offsetBytes: startBlock * blockBytes, lengthBytes: blocks * blockBytes };
}
