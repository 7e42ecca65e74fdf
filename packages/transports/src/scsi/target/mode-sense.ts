import { invalidField, reply, type ScsiAction, savingNotSupported } from './scsi-action.ts';
import type { ScsiBackend } from './scsi-backend.ts';

const control = { current: 0, changeable: 1, default: 2, saved: 3 } as const;
const allPages = 0x3f;

/** Pages by code: caching (write cache where flushes are known), control, informational exceptions. */
const pages: ReadonlyMap<number, (backend: ScsiBackend) => Buffer> = new Map([
  [0x08, ({ flush }: ScsiBackend) => page(0x08, 18, [flush ? 0x04 : 0x00])],
  [0x0a, () => page(0x0a, 10, [0x02, 0x10])],
  [0x1c, () => page(0x1c, 10, [])],
]);

function page(code: number, lengthBytes: number, start: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 + lengthBytes);
  bytes[0] = code;
  bytes[1] = lengthBytes;
  bytes.set(start, 2);
  return bytes;
}

/** MODE SENSE(6) and (10). Nothing can be changed. */
export function modeSense(cdb: Buffer, backend: ScsiBackend, isTen: boolean): ScsiAction {
  const which = (cdb[2] ?? 0) >> 6;
  const code = (cdb[2] ?? 0) & 0x3f;
  const subpage = cdb[3] ?? 0;
  if (which === control.saved) return savingNotSupported;
  if (subpage !== 0 && subpage !== 0xff) return invalidField;
  const chosen = code === allPages ? [...pages.values()] : [pages.get(code)];
  const parts: Buffer[] = [];
  for (const make of chosen) {
    if (!make) return invalidField;
    const bytes = make(backend);
    if (which === control.changeable) bytes.fill(0, 2);
    parts.push(bytes);
  }
  const withoutBlocks = ((cdb[1] ?? 0) & 8) !== 0;
  const descriptor = withoutBlocks ? Buffer.alloc(0) : blockDescriptor(backend);
  const body = Buffer.concat([descriptor, ...parts]);
  const deviceSpecific = (backend.write ? 0 : 0x80) | 0x10;
  if (!isTen) {
    const head = Buffer.from([3 + body.length, 0, deviceSpecific, descriptor.length]);
    return reply(Buffer.concat([head, body]), cdb[4] ?? 0);
  }
  const head = Buffer.from([0, 0, 0, deviceSpecific, 0, 0, 0, descriptor.length]);
  head.writeUInt16BE(6 + body.length, 0);
  return reply(Buffer.concat([head, body]), cdb.readUInt16BE(7));
}

function blockDescriptor({ sizeBytes, blockBytes }: ScsiBackend): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(Math.min(sizeBytes / blockBytes, 0xffff_ffff), 0);
  bytes.writeUInt32BE(blockBytes, 4);
  return bytes;
}
