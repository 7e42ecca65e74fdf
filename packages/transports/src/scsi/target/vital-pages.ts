import type { PortIdentity } from './logical-unit.ts';
import type { ScsiBackend } from './scsi-backend.ts';

/** What one command may move. */
export interface BackendLimits {
  readonly maxTransferBytes: number;
  readonly optimalTransferBytes: number;
}

type Body = (backend: ScsiBackend, port: PortIdentity, limits: BackendLimits) => Buffer;

/** Vital product data, by page; the bodies without their four bytes of head. */
const pages: ReadonlyMap<number, Body> = new Map<number, Body>([
  [0x00, (backend) => Buffer.from(supportedPages(backend))],
  [0x80, ({ identity }) => Buffer.from(identity.serial.slice(0, 200), 'latin1')],
  [0x83, deviceIdentification],
  [0xb0, blockLimits],
  [0xb1, characteristics],
  [0xb2, provisioning],
]);

export function vitalPage(
  page: number,
  backend: ScsiBackend,
  port: PortIdentity,
  limits: BackendLimits,
): Buffer | undefined {
  return pages.get(page)?.(backend, port, limits);
}

function supportedPages(_: ScsiBackend): number[] {
  return [...pages.keys()];
}

const ascii = 2;
const binary = 1;
const utf8 = 3;
const ofPort = 0x10;
const iscsi = 0x80;

function deviceIdentification({ identity }: ScsiBackend, port: PortIdentity): Buffer {
  const { vendor, product, serial, naa, eui } = identity;
  const t10 = `${vendor.padEnd(8).slice(0, 8)}${product.padEnd(16).slice(0, 16)}${serial.slice(0, 200)}`;
  const relative = Buffer.alloc(4);
  relative.writeUInt16BE(port.relativeId, 2);
  const name = Buffer.from(`${port.targetName},t,0x${port.groupTag.toString(16).padStart(4, '0')}\0`, 'utf8');
  const padded = Buffer.concat([name, Buffer.alloc((4 - (name.length & 3)) & 3)]);
  return Buffer.concat([
    ...(naa ? [designator(binary, 3, Buffer.from(naa, 'hex'))] : []),
    ...(eui ? [designator(binary, 2, Buffer.from(eui, 'hex'))] : []),
    designator(ascii, 1, Buffer.from(t10, 'latin1')),
    designator(binary, ofPort | iscsi | 4, relative, 5),
    designator(utf8, ofPort | iscsi | 8, padded, 5),
  ]);
}

function designator(codeSet: number, type: number, value: Buffer, protocol = 0): Buffer {
  return Buffer.concat([Buffer.from([(protocol << 4) | codeSet, type, 0, value.length]), value]);
}

function blockLimits({ blockBytes }: ScsiBackend, _: PortIdentity, limits: BackendLimits): Buffer {
  const body = Buffer.alloc(0x3c);
  body.writeUInt16BE(Math.max(1, 4096 / blockBytes), 2);
  body.writeUInt32BE(limits.maxTransferBytes / blockBytes, 4);
  body.writeUInt32BE(limits.optimalTransferBytes / blockBytes, 8);
  return body;
}

/** Not rotating. */
function characteristics(): Buffer {
  const body = Buffer.alloc(0x3c);
  body.writeUInt16BE(1, 0);
  return body;
}

/** Thin where the backend can tell what is provisioned; nothing can be unmapped. */
function provisioning({ lbaStatus }: ScsiBackend): Buffer {
  const isThin = lbaStatus !== undefined;
  return Buffer.from([0, isThin ? 0x04 : 0, isThin ? 2 : 0, 0]);
}
