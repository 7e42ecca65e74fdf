import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { senseKey } from '../../scsi/sense.ts';
import { scsiStatus } from '../../scsi/status.ts';
import type { CommandInfo } from '../target/fault-hooks.ts';
import {
  initiatorName,
  numberedBytes,
  startTestTarget,
  type TestTarget,
  type TestTargetOptions,
  targetName,
} from '../testing/test-target.ts';
import { type IscsiLun, type IscsiLunOptions, openIscsiLun } from './open-iscsi-lun.ts';

const read16 = 0x88;
const targets: TestTarget[] = [];
const luns: IscsiLun[] = [];

async function start(options?: TestTargetOptions): Promise<TestTarget> {
  const target = await startTestTarget(options);
  targets.push(target);
  return target;
}

async function open(target: TestTarget, options: Partial<IscsiLunOptions> = {}): Promise<IscsiLun> {
  const lun = await openIscsiLun({ ...target.options, ...options });
  luns.push(lun);
  return lun;
}

async function expectWhole(target: TestTarget, lun: IscsiLun): Promise<void> {
  const bytes = Buffer.alloc(lun.sizeBytes);
  await lun.read(0, bytes);
  expect(bytes.equals(target.backend.bytes)).toBe(true);
}

/** Does `fault` for the first `times` reads. */
function forReads<T>(times: number, fault: T): (command: CommandInfo) => T | undefined {
  let left = times;
  return ({ operationCode }) => (operationCode === read16 && left-- > 0 ? fault : undefined);
}

afterEach(async () => {
  await Promise.all(luns.splice(0).map((lun) => lun.close()));
  await Promise.all(targets.splice(0).map((target) => target.close()));
});

describe('reading', () => {
  it.each([
    ['none', 1],
    ['require', 2],
    ['offer', 3],
  ] as const)('gives any bytes of the LUN, digests %s, %i sessions', async (digests, sessions) => {
    const target = await start({ sizeBytes: 700_416 });
    const lun = await open(target, { digests, sessions, readBytes: 65_536 });
    expect(lun).toMatchObject({ sizeBytes: 700_416, blockBytes: 512, readBytes: 65_536 });
    const size = lun.sizeBytes;
    const ranges = fc
      .tuple(fc.nat(size), fc.oneof(fc.nat(2000), fc.nat(size)))
      .map(([offset, length]) => ({ offset, length: Math.min(length, size - offset) }));
    await fc.assert(
      fc.asyncProperty(fc.array(ranges, { minLength: 1, maxLength: 4 }), async (list) => {
        await Promise.all(
          list.map(async ({ offset, length }) => {
            const around = Buffer.alloc(length + 2, 0xee);
            await lun.read(offset, around.subarray(1, 1 + length));
            expect(around[0]).toBe(0xee);
            expect(around[length + 1]).toBe(0xee);
            const expected = target.backend.bytes.subarray(offset, offset + length);
            expect(around.subarray(1, 1 + length).equals(expected)).toBe(true);
          }),
        );
      }),
      { numRuns: 40 },
    );
    expect(lun.counters.sessionsReplaced).toBe(0);
  });

  it('knows who the LUN is, in blocks of 4 KiB too, and counts what it read', async () => {
    const target = await start({ backend: { blockBytes: 4096, identity: { eui: '0123456789abcdef' } } });
    const lun = await open(target);
    expect(lun.blockBytes).toBe(4096);
    expect(lun.identity).toEqual({
      vendor: 'LEEWARD',
      product: 'TEST DISK',
      revision: '1.0',
      serial: 'leeward-test-0001',
      naa: '600a098000000000000000000000a001',
      eui: '0123456789abcdef',
      t10: 'LEEWARD TEST DISK       leeward-test-0001',
    });
    await expectWhole(target, lun);
    expect(lun.counters.bytesRead).toBe(lun.sizeBytes);
    const read = target.server.counters.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    expect(read).toBe(lun.sizeBytes);
    await expect(lun.read(lun.sizeBytes - 1, new Uint8Array(2))).rejects.toMatchObject({ code: 'L-BLK-209' });
  });

  it('keeps the bounds of the device, and takes the data of one READ in as many bursts as agreed', async () => {
    const small = await start({ target: { maxTransferBytes: 8192 } });
    const lun = await open(small);
    expect(lun.readBytes).toBe(8192);
    await expectWhole(small, lun);
    const burst = await start({ target: { maxBurstBytes: 4096 } });
    const inBursts = await open(burst);
    expect(inBursts.readBytes).toBe(512 * 1024);
    await expectWhole(burst, inBursts);
    const digested = await open(burst, { digests: 'require', sessions: 1 });
    await expectWhole(burst, digested);
  });

  it('tells what is provisioned, where the device can', async () => {
    const target = await start({ backend: { thin: true } });
    expect((await open(await start())).lbaStatus).toBeUndefined();
    target.backend.bytes.fill(0, 128 * 1024, 512 * 1024);
    const lun = await open(target);
    expect(lun.deallocatedReadsZeros).toBe(true);
    const ranges = [];
    for await (const range of lun.lbaStatus?.(64 * 1024 + 100, 500 * 1024) ?? []) ranges.push(range);
    expect(ranges).toEqual([
      { offsetBytes: 65_636, lengthBytes: 65_436, provisioning: 'mapped' },
      { offsetBytes: 131_072, lengthBytes: 393_216, provisioning: 'deallocated' },
      { offsetBytes: 524_288, lengthBytes: 53_348, provisioning: 'mapped' },
    ]);
  });

  it('works within a window of one command', async () => {
    const target = await start({ target: { queueDepth: 1 } });
    await expectWhole(target, await open(target, { readBytes: 4096, sessions: 1, readsInFlight: 64 }));
  });
});

describe('troubles that pass', () => {
  it.each([
    ['busy', { kind: 'status', status: scsiStatus.busy }],
    ['task set full', { kind: 'status', status: scsiStatus.taskSetFull }],
    ['task aborted', { kind: 'status', status: scsiStatus.taskAborted }],
    ['unit attention', { kind: 'sense', sense: { key: senseKey.unitAttention, asc: 0x29, ascq: 0x01 } }],
    ['becoming ready', { kind: 'sense', sense: { key: senseKey.notReady, asc: 0x04, ascq: 0x01 } }],
    ['aborted command', { kind: 'sense', sense: { key: senseKey.abortedCommand, asc: 0x47, ascq: 0 } }],
    ['a cut before', { kind: 'drop' }],
    ['a cut inside', { kind: 'cut', afterBytes: 9000 }],
    ['delays', { kind: 'delay', delayMs: 30 }],
  ] as const)('%s: the read goes on', async (_, fault) => {
    const target = await start({ portals: 2 });
    const lun = await open(target, { readBytes: 16_384 });
    target.faults.onCommand = forReads(7, fault);
    await expectWhole(target, lun);
  });

  it('a command that is never answered is aborted and repeated', async () => {
    const target = await start();
    const lun = await open(target, { timeouts: { commandMs: 100 }, sessions: 1 });
    target.faults.onCommand = forReads(1, { kind: 'silence' });
    await expectWhole(target, lun);
    expect(lun.counters.sessionsReplaced).toBe(0);
  });

  it('pings keep a quiet session, and the target answers them', async () => {
    const target = await start({ portals: 2 });
    const lun = await open(target, { timeouts: { pingAfterMs: 50, pingTimeoutMs: 50 } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expectWhole(target, lun);
    expect(lun.counters.sessionsReplaced).toBe(0);
  });

  it('a lost portal is replaced by another one', async () => {
    const target = await start({ portals: 2 });
    const lun = await open(target, { sessions: 2, readBytes: 4096 });
    await expectWhole(target, lun);
    await target.server.closePortal(0);
    await expectWhole(target, lun);
    await expect.poll(() => lun.counters.openSessions).toBe(2);
    await target.server.openPortal(0);
    await target.server.closePortal(1);
    await expectWhole(target, lun);
  });

  it('leaves when the target asks for it, and comes back', async () => {
    const target = await start();
    const lun = await open(target, { sessions: 1 });
    target.server.requestLogout();
    await expect.poll(() => target.server.sessions.length).toBe(0);
    await expectWhole(target, lun);
    expect(lun.counters.sessionsReplaced).toBe(1);
  });

  it('follows a login that is sent on, within bounds', async () => {
    const target = await start({ portals: 2 });
    const [discovery, data] = target.options.portals;
    if (!discovery || !data) throw new Error('two portals');
    target.faults.onLogin = ({ portal }) =>
      portal.endsWith(`:${discovery.port}`) ? { kind: 'redirect', portal: data } : undefined;
    await expectWhole(target, await open(target, { portals: [discovery] }));
    target.faults.onLogin = () => ({ kind: 'redirect', portal: discovery });
    await expect(open(target, { portals: [discovery] })).rejects.toMatchObject({ code: 'L-BLK-111' });
  });

  it('reads equal the model under random cuts, delays and busy answers', async () => {
    const kind = fc.constantFrom('drop', 'cut', 'busy', 'full', 'delay', 'attention', 'none', 'none', 'none');
    const read = fc.record({ offset: fc.nat(260_000), length: fc.nat(100_000) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(kind, { maxLength: 12, size: 'max' }),
        fc.array(read, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('none', 'require'),
        async (kinds, reads, digests) => {
          const target = await startTestTarget({ portals: 2, sizeBytes: 262_144 });
          const lun = await openIscsiLun({ ...target.options, readBytes: 8192, digests: digests as 'none' });
          const left = [...kinds];
          target.faults.onCommand = ({ operationCode }) => {
            if (operationCode !== read16) return undefined;
            switch (left.shift()) {
              case 'drop':
                return { kind: 'drop' };
              case 'cut':
                return { kind: 'cut', afterBytes: 5000 };
              case 'busy':
                return { kind: 'status', status: scsiStatus.busy };
              case 'full':
                return { kind: 'status', status: scsiStatus.taskSetFull };
              case 'delay':
                return { kind: 'delay', delayMs: 5 };
              case 'attention':
                return { kind: 'sense', sense: { key: senseKey.unitAttention, asc: 0x2a, ascq: 0x01 } };
              default:
                return undefined;
            }
          };
          try {
            await Promise.all(
              reads.map(async ({ offset, length }) => {
                const bytes = Buffer.alloc(Math.min(length, lun.sizeBytes - offset));
                await lun.read(offset, bytes);
                expect(bytes.equals(target.backend.bytes.subarray(offset, offset + bytes.length))).toBe(true);
              }),
            );
          } finally {
            await lun.close();
            await target.close();
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('troubles that do not pass', () => {
  it('a LUN that is not mapped, and one that goes', async () => {
    const target = await start();
    await expect(open(target, { lun: 6 })).rejects.toMatchObject({ code: 'L-BLK-201' });
    const lun = await open(target);
    target.mapped.unmap(initiatorName, 5);
    target.server.lunsChanged(targetName);
    await expect(lun.read(0, new Uint8Array(512))).rejects.toMatchObject({ code: 'L-BLK-202' });
  });

  it('a LUN that changes its size', async () => {
    const target = await start();
    const lun = await open(target);
    await lun.read(0, new Uint8Array(512));
    target.backend.bytes = numberedBytes(2 * 1024 * 1024);
    target.server.unitChanged(target.backend);
    await expect(lun.read(0, new Uint8Array(512))).rejects.toMatchObject({
      code: 'L-BLK-203',
      details: { beforeBytes: 1024 * 1024, afterBytes: 2 * 1024 * 1024 },
    });
  });

  it('another device in its place after a new login', async () => {
    const target = await start();
    const lun = await open(target, { sessions: 1 });
    target.backend.identity = { ...target.backend.identity, serial: 'another' };
    target.server.dropConnections();
    await expect(lun.read(0, new Uint8Array(512))).rejects.toMatchObject({ code: 'L-BLK-204' });
  });

  it('a portal that shows another device is not used, and the others read on', async () => {
    const right = await start();
    const wrong = await start({ backend: { identity: { serial: 'another' } } });
    wrong.backend.bytes.fill(0);
    const portals = [...right.options.portals, ...wrong.options.portals];
    const lun = await open(right, { portals, sessions: 2, readBytes: 4096, giveUpAfterMs: 500 });
    for (let turn = 0; turn < 3; turn++) {
      await expectWhole(right, lun);
      right.server.dropConnections();
    }
    await right.close();
    await expect(lun.read(0, new Uint8Array(4096))).rejects.toMatchObject({
      code: expect.stringMatching(/L-BLK-(110|204)/),
    });
    expect(wrong.server.counters.every(({ bytesRead }) => bytesRead === 0)).toBe(true);
  });

  it.each([
    ['L-BLK-205', { kind: 'sense', sense: { key: senseKey.mediumError, asc: 0x11, ascq: 0 } }],
    ['L-BLK-206', { kind: 'sense', sense: { key: senseKey.illegalRequest, asc: 0x24, ascq: 0 } }],
    ['L-BLK-207', { kind: 'status', status: scsiStatus.reservationConflict }],
    ['L-BLK-202', { kind: 'sense', sense: { key: senseKey.illegalRequest, asc: 0x25, ascq: 0 } }],
  ] as const)('%s', async (code, fault) => {
    const target = await start();
    const lun = await open(target);
    target.faults.onCommand = ({ operationCode }) => (operationCode === read16 ? fault : undefined);
    await expect(lun.read(0, new Uint8Array(512))).rejects.toMatchObject({ code });
  });

  it('busy for longer than the bound', async () => {
    const target = await start();
    const lun = await open(target, { giveUpAfterMs: 200 });
    target.faults.onCommand = ({ operationCode }) =>
      operationCode === read16 ? { kind: 'status', status: scsiStatus.busy } : undefined;
    await expect(lun.read(0, new Uint8Array(512))).rejects.toMatchObject({ code: 'L-BLK-208' });
  });

  it('all portals lost for longer than the bound', async () => {
    const target = await start({ portals: 2 });
    const lun = await open(target, { giveUpAfterMs: 300 });
    const reading = lun.read(0, new Uint8Array(512));
    await reading;
    await target.close();
    const lost = lun.read(0, new Uint8Array(400_000));
    await expect(lost).rejects.toMatchObject({ code: 'L-BLK-110', details: { target: targetName } });
  });

  it('no portal at all, and settings that cannot be used', async () => {
    const target = await start();
    const [portal] = target.options.portals;
    await target.close();
    await expect(open(target)).rejects.toMatchObject({ code: 'L-NET-101' });
    const cases: Partial<IscsiLunOptions>[] = [
      { portals: [] },
      { portals: [{ host: '', port: 1 }] },
      { initiatorName: 'proxy' },
      { targetName: 'iqn.2024-01.org.example:a=b' },
      { lun: -1 },
      { sessions: 0 },
      { readBytes: 100 },
      { chap: { user: 'u', secret: 'same', mutual: { user: 'v', secret: 'same' } } },
    ];
    for (const options of cases)
      await expect(open(target, { portals: [portal ?? { host: 'x' }], ...options })).rejects.toMatchObject({
        code: 'L-BLK-115',
      });
  });
});

describe('ending', () => {
  it('an aborted read leaves its target alone, and the session reads on', async () => {
    const target = await start();
    const lun = await open(target, { sessions: 1 });
    target.faults.onCommand = forReads(1, { kind: 'delay', delayMs: 60 });
    const bytes = Buffer.alloc(65_536);
    const stop = new AbortController();
    const reading = lun.read(0, bytes, stop.signal);
    await expect.poll(() => target.server.counters[0]?.commands ?? 0).toBeGreaterThan(8);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    await expectWhole(target, lun);
    expect(lun.counters.sessionsReplaced).toBe(0);
  });

  it('close ends reads in flight and leaves no session behind', async () => {
    const target = await start();
    const lun = await open(target);
    target.faults.onCommand = forReads(100, { kind: 'silence' });
    const reading = lun.read(0, Buffer.alloc(1024 * 1024));
    const ended = expect(reading).rejects.toMatchObject({ code: 'L-BLK-114' });
    await lun.close();
    await ended;
    await expect(lun.read(0, Buffer.alloc(512))).rejects.toMatchObject({ code: 'L-BLK-114' });
    await expect.poll(() => target.server.sessions).toEqual([]);
  });
});
