// Our client as a process of its own: reads a LUN or a file for some seconds and prints `Reading` as JSON. With `hash` it
// reads all once and tells its SHA-256 instead.
import { createHash } from 'node:crypto';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';

export interface ReadOrder {
  readonly protocol: 'iscsi' | 'nfs';
  readonly port: number;
  /** iSCSI: further portals of the same target. */
  readonly otherPorts?: readonly number[];
  readonly targetName?: string;
  readonly lun?: number;
  readonly sessions?: number;
  readonly digests?: 'none' | 'require';
  /** NFS. */
  readonly mountPort?: number;
  readonly exportPath?: string;
  readonly path?: string;
  readonly connections?: number;
  /** What one read asks for, and how many are under way. */
  readonly readBytes: number;
  readonly readsInFlight: number;
  /** Reads all again and again for so long. */
  readonly seconds?: number;
  readonly hash?: boolean;
  /** Reads for so long before, untimed: a proxy compiles its code once in its life, not once in a turn. */
  readonly warmUpSeconds?: number;
}

export interface Reading {
  readonly bytes: number;
  /** iSCSI: of reading alone, as its peers count once they are logged in. NFS: from connecting to closing. */
  readonly wallS: number;
  /** From connecting to closing. */
  readonly cpuS: number;
  readonly peakMib: number;
  readonly sha256?: string;
}

interface Source {
  readonly sizeBytes: number;
  read(offsetBytes: number, target: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const order: ReadOrder = JSON.parse(process.argv[2] ?? '{}');
if (order.warmUpSeconds) await warmUp(order.warmUpSeconds);
const startedMs = performance.now();
const startedCpu = process.cpuUsage();
const source = order.protocol === 'iscsi' ? await openLun() : await openFile();
const openMs = performance.now();
const sha256 = order.hash ? await hashAll(source) : undefined;
const bytes = order.hash ? source.sizeBytes : await readFor(source, order.seconds ?? 0);
const readMs = performance.now();
await source.close();
const cpu = process.cpuUsage(startedCpu);
const reading: Reading = {
  bytes,
  wallS: (order.protocol === 'iscsi' ? readMs - openMs : performance.now() - startedMs) / 1000,
  cpuS: (cpu.user + cpu.system) / 1e6,
  peakMib: process.resourceUsage().maxRSS / 1024,
  ...(sha256 ? { sha256 } : {}),
};
console.log(JSON.stringify(reading));

async function warmUp(seconds: number): Promise<void> {
  const source = order.protocol === 'iscsi' ? await openLun() : await openFile();
  await readFor(source, seconds);
  await source.close();
}

async function openLun(): Promise<Source> {
  return openIscsiLun({
    portals: [order.port, ...(order.otherPorts ?? [])].map((port) => ({ host: '127.0.0.1', port })),
    initiatorName: 'iqn.2026-11.org.leeward:bench',
    targetName: order.targetName ?? '',
    lun: order.lun ?? 0,
    sessions: order.sessions,
    digests: order.digests,
    clock,
    randomness,
  });
}

async function openFile(): Promise<Source> {
  const mount = await connectNfs({
    addresses: ['127.0.0.1'],
    exportPath: order.exportPath ?? '',
    nfsPort: order.port,
    mountPort: order.mountPort,
    connections: order.connections,
    clock,
    randomness,
  });
  const file = await mount.open(order.path ?? '');
  return {
    sizeBytes: file.sizeBytes,
    read: (offsetBytes, target) => file.read(offsetBytes, target),
    close: () => mount.close(),
  };
}

/** As the mover reads: a few buffers, each used again and again. The bytes that were read. */
async function readFor(source: Source, seconds: number): Promise<number> {
  const { sizeBytes } = source;
  const endMs = performance.now() + seconds * 1000;
  let next = 0;
  let doneBytes = 0;
  const reader = async () => {
    const buffer = Buffer.alloc(order.readBytes);
    while (performance.now() < endMs) {
      const at = next % sizeBytes;
      next += order.readBytes;
      const target = buffer.subarray(0, sizeBytes - at);
      await source.read(at, target);
      doneBytes += target.length;
    }
  };
  await Promise.all(Array.from({ length: order.readsInFlight }, reader));
  return doneBytes;
}

async function hashAll(source: Source): Promise<string> {
  const { sizeBytes } = source;
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(16 * 2 ** 20);
  for (let at = 0; at < sizeBytes; at += buffer.length) {
    const piece = buffer.subarray(0, sizeBytes - at);
    await source.read(at, piece);
    hash.update(piece);
  }
  return hash.digest('hex');
}
