import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { opcode, opcodeOf } from '../pdu/opcodes.ts';
import { newHeader } from '../pdu/pdu-encoder.ts';
import { type ManglingProxy, startManglingProxy, type WirePdu } from '../testing/mangling-proxy.ts';
import { startTestTarget, type TestTarget } from '../testing/test-target.ts';
import { discoverTargets } from './discovery.ts';
import { type IscsiLun, openIscsiLun } from './open-iscsi-lun.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that does whatever `behave` does with each connection. */
async function startRaw(behave: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  return address && typeof address === 'object' ? address.port : 0;
}

/** Passes everything on, but holds back what a target says first beyond `heldAfterBytes`. */
async function startHoldingRelay(to: number, heldAfterBytes: number) {
  const { promise: held, resolve: wasHeld } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const port = await startRaw((socket) => {
    const upstream = connect(to, '127.0.0.1');
    closing.push(async () => upstream.destroy());
    upstream.on('error', () => undefined);
    socket.pipe(upstream);
    let passed = 0;
    upstream.on('data', async (bytes) => {
      const now = Math.max(0, Math.min(bytes.length, heldAfterBytes - passed));
      passed += bytes.length;
      socket.write(bytes.subarray(0, now));
      if (now === bytes.length) return;
      wasHeld();
      await released;
      socket.write(bytes.subarray(now));
    });
  });
  return { port, held, release };
}

async function startMangled(): Promise<{
  target: TestTarget;
  proxy: ManglingProxy;
  open(): Promise<IscsiLun>;
}> {
  const target = await startTestTarget({ sizeBytes: 256 * 1024 });
  const proxy = await startManglingProxy(target.server.ports[0] ?? 0);
  closing.push(
    () => target.close(),
    () => proxy.close(),
  );
  const open = async () => {
    const lun = await openIscsiLun({
      ...target.options,
      portals: [{ host: '127.0.0.1', port: proxy.port }],
      sessions: 1,
      readBytes: 16_384,
      giveUpAfterMs: 400,
      timeouts: { commandMs: 200, pingAfterMs: 100, pingTimeoutMs: 100 },
    });
    closing.push(() => lun.close());
    return lun;
  };
  return { target, proxy, open };
}

const isData = ({ header }: WirePdu) => opcodeOf(header) === opcode.dataIn;

describe('what is no iSCSI portal', () => {
  const options = { timeouts: { connectMs: 500, loginMs: 150 } };
  it.each([
    ['L-BLK-109', 'closes at once', (socket: Socket) => socket.end()],
    ['L-BLK-113', 'never answers', () => undefined],
    [
      'L-BLK-107',
      'talks HTTP',
      (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(20)),
    ],
    ['L-BLK-107', 'says something else', (socket: Socket) => socket.write(newHeader(opcode.nopIn))],
    ['L-BLK-113', 'stops in the middle', (socket: Socket) => socket.write(Buffer.alloc(20, 0x23))],
  ] as const)('%s: it %s', async (code, _, behave) => {
    const port = await startRaw(behave);
    const target = await startTestTarget();
    closing.push(() => target.close());
    const portals = [{ host: '127.0.0.1', port }];
    await expect(openIscsiLun({ ...target.options, ...options, portals })).rejects.toMatchObject({ code });
    await expect(discoverTargets({ ...target.options, ...options, portals })).rejects.toMatchObject({ code });
  });
});

describe('a target that breaks the protocol', () => {
  const cases: [string, string, (pdu: WirePdu) => readonly WirePdu[]][] = [
    [
      'L-BLK-107',
      'data beyond the end',
      (pdu) => changed(pdu, ({ header }) => header.writeUInt32BE(0x7fff_0000, 40)),
    ],
    [
      'L-BLK-107',
      'data beyond the end by one byte',
      (pdu) => changed(pdu, ({ header }) => header.writeUInt32BE(1, 40)),
    ],
    ['L-BLK-107', 'data twice', (pdu) => [...changed(pdu, ({ header }) => header.writeUInt8(0x80, 1)), pdu]],
    [
      'L-BLK-107',
      'a status before the end',
      (pdu) => changed(pdu, ({ header }) => header.writeUInt8(0x01, 1)),
    ],
    [
      'L-BLK-212',
      'less data than was asked for',
      ({ header, data }) => [{ header, data: data.subarray(0, 512) }],
    ],
    ['L-BLK-212', 'a gap', ({ header, data }) => [{ header: moved(header, 512), data: data.subarray(512) }]],
    [
      'L-BLK-107',
      'a target failure',
      (pdu) => [{ header: response(pdu.header, 1, 0), data: Buffer.alloc(0) }],
    ],
    [
      'L-BLK-206',
      'an unknown status',
      (pdu) => [{ header: response(pdu.header, 0, 0x77), data: Buffer.alloc(0) }],
    ],
    [
      'L-BLK-211',
      'check condition, no sense',
      (pdu) => [{ header: response(pdu.header, 0, 2), data: Buffer.alloc(0) }],
    ],
    ['L-BLK-107', 'a reject', (pdu) => [{ header: newHeader(opcode.reject), data: pdu.header }]],
    [
      'L-BLK-107',
      'an operation code of initiators',
      () => [{ header: newHeader(opcode.dataOut), data: Buffer.alloc(0) }],
    ],
    ['L-BLK-107', 'a segment above the bound', ({ header }) => [{ header, data: Buffer.alloc(300_000) }]],
    ['L-BLK-110', 'nothing at all', () => []],
    [
      'L-BLK-110',
      'data for nobody',
      (pdu) => changed(pdu, ({ header }) => header.writeUInt32BE(0xdead_beef, 16)),
    ],
  ];
  it.each(cases)('%s: %s', async (code, _, mangle) => {
    const { proxy, open } = await startMangled();
    const lun = await open();
    // Blocks of whole reads only: what the login of a new session asks is left alone.
    proxy.mangle = (pdu) => (isData(pdu) && pdu.data.length >= 16_384 ? mangle(pdu) : [pdu]);
    const around = Buffer.alloc(16_384 + 200, 0xee);
    await expect(lun.read(0, around.subarray(100, 100 + 16_384))).rejects.toMatchObject({ code });
    expect(around.subarray(0, 100).every((byte) => byte === 0xee)).toBe(true);
    expect(around.subarray(-100).every((byte) => byte === 0xee)).toBe(true);
    proxy.mangle = (pdu) => [pdu];
  });

  it('reads data that comes in pieces in any order', async () => {
    const { target, proxy, open } = await startMangled();
    const lun = await open();
    proxy.mangle = (pdu) => {
      if (!isData(pdu) || pdu.data.length < 16_384) return [pdu];
      const size = 1024;
      const pieces = Array.from({ length: pdu.data.length / size }, (_, index) => ({
        header: moved(pdu.header, index * size, 0),
        data: pdu.data.subarray(index * size, (index + 1) * size),
      }));
      const mixed = pieces.map((piece, index) => pieces[(index * 7) % pieces.length] ?? piece);
      return [...mixed, { header: response(pdu.header, 0, 0), data: Buffer.alloc(0) }];
    };
    const bytes = Buffer.alloc(lun.sizeBytes);
    await lun.read(0, bytes);
    expect(bytes.equals(target.backend.bytes)).toBe(true);
  });

  it('never writes to the target of a read that was cancelled while its data came in', async () => {
    const target = await startTestTarget({ sizeBytes: 1024 * 1024 });
    closing.push(() => target.close());
    const relay = await startHoldingRelay(target.server.ports[0] ?? 0, 100_000);
    const portals = [{ host: '127.0.0.1', port: relay.port }];
    const lun = await openIscsiLun({ ...target.options, portals, sessions: 1, giveUpAfterMs: 5_000 });
    closing.push(() => lun.close());
    const bytes = Buffer.alloc(256 * 1024);
    const stop = new AbortController();
    const reading = lun.read(0, bytes, stop.signal);
    await relay.held;
    await expect.poll(() => bytes.subarray(0, 64).equals(target.backend.bytes.subarray(0, 64))).toBe(true);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    bytes.fill(0xee);
    relay.release();
    const again = Buffer.alloc(256 * 1024);
    await lun.read(512 * 1024, again);
    expect(again.equals(target.backend.bytes.subarray(512 * 1024, 768 * 1024))).toBe(true);
    expect(bytes.every((byte) => byte === 0xee)).toBe(true);
  });

  it('is left when it falls silent, and found again', async () => {
    const { target, proxy, open } = await startMangled();
    const lun = await open();
    let silent = true;
    proxy.mangle = (pdu) => (silent && opcodeOf(pdu.header) !== opcode.loginResponse ? [] : [pdu]);
    setTimeout(() => {
      silent = false;
    }, 250);
    const bytes = Buffer.alloc(16_384);
    await lun.read(0, bytes);
    expect(bytes.equals(target.backend.bytes.subarray(0, 16_384))).toBe(true);
    expect(lun.counters.sessionsReplaced).toBeGreaterThan(0);
  });
});

function changed(pdu: WirePdu, change: (pdu: WirePdu) => void): WirePdu[] {
  const copy = { header: Buffer.from(pdu.header), data: pdu.data };
  change(copy);
  return [copy];
}

/** At another place of the command's data, with other flags. */
function moved(header: Buffer, byBytes: number, flags = header[1] ?? 0): Buffer {
  const copy = Buffer.from(header);
  copy[1] = flags;
  copy.writeUInt32BE(header.readUInt32BE(40) + byBytes, 40);
  return copy;
}

function response(header: Buffer, code: number, status: number): Buffer {
  const copy = newHeader(opcode.scsiResponse);
  header.copy(copy, 16, 16, 20);
  header.copy(copy, 24, 24, 36);
  copy[2] = code;
  copy[3] = status;
  return copy;
}
