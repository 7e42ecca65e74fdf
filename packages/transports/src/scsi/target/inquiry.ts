import type { PortIdentity } from './logical-unit.ts';
import { invalidField, reply, type ScsiAction } from './scsi-action.ts';
import type { ScsiBackend } from './scsi-backend.ts';
import { type BackendLimits, vitalPage } from './vital-pages.ts';

/** SAM-5, SPC-4, SBC-3, iSCSI. */
const versionDescriptors = [0x00a0, 0x0460, 0x04c0, 0x0960];
/** A LUN where nothing is. */
const absent = 0x7f;

/** INQUIRY; for a LUN where nothing is, `backend` is undefined. */
export function inquiry(
  cdb: Buffer,
  backend: ScsiBackend | undefined,
  port: PortIdentity,
  limits: BackendLimits,
): ScsiAction {
  const wantsPage = ((cdb[1] ?? 0) & 1) !== 0;
  const page = cdb[2] ?? 0;
  const allocationBytes = cdb.readUInt16BE(3);
  if (((cdb[1] ?? 0) & 2) !== 0) return invalidField;
  if (!wantsPage) return page === 0 ? reply(standardData(backend), allocationBytes) : invalidField;
  const body = backend ? vitalPage(page, backend, port, limits) : page === 0 ? Buffer.from([0]) : undefined;
  if (!body) return invalidField;
  const head = Buffer.from([backend ? 0 : absent, page, 0, 0]);
  head.writeUInt16BE(body.length, 2);
  return reply(Buffer.concat([head, body]), allocationBytes);
}

function standardData(backend: ScsiBackend | undefined): Buffer {
  const bytes = Buffer.alloc(96);
  bytes[0] = backend ? 0 : absent;
  bytes[2] = 0x06;
  bytes[3] = 0x12;
  bytes[4] = bytes.length - 5;
  bytes[7] = 0x02;
  const { vendor = '', product = '', revision = '' } = backend?.identity ?? {};
  bytes.write(vendor.padEnd(8).slice(0, 8), 8, 'latin1');
  bytes.write(product.padEnd(16).slice(0, 16), 16, 'latin1');
  bytes.write(revision.padEnd(4).slice(0, 4), 32, 'latin1');
  for (const [index, descriptor] of versionDescriptors.entries())
    bytes.writeUInt16BE(descriptor, 58 + 2 * index);
  return bytes;
}
