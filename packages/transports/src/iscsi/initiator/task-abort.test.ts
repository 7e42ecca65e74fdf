import { afterEach, describe, expect, it } from 'vitest';
import { opcode, opcodeOf } from '../pdu/opcodes.ts';
import { startManglingProxy } from '../testing/mangling-proxy.ts';
import { startTestTarget, type TestTargetOptions } from '../testing/test-target.ts';
import { openIscsiLun } from './open-iscsi-lun.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const readCodes = new Set([0x28, 0x88]);
const read16Kib = 16_384;

/** A LUN behind a relay that notes what the target answers to task management. */
async function start(timeouts: { readonly commandMs?: number } = {}, options: TestTargetOptions = {}) {
  const target = await startTestTarget(options);
  closing.push(() => target.close());
  const relay = await startManglingProxy(target.server.ports[0] ?? 0);
  closing.push(() => relay.close());
  const managed: number[] = [];
  relay.mangle = (pdu) => {
    if (opcodeOf(pdu.header) === opcode.taskManagementResponse) managed.push(pdu.header[2] ?? -1);
    return [pdu];
  };
  const portals = [{ host: '127.0.0.1', port: relay.port }];
  const lun = await openIscsiLun({ ...target.options, portals, sessions: 1, readBytes: read16Kib, timeouts });
  closing.push(() => lun.close());
  let silenced = 0;
  /** The next READ gets no answer. */
  const silenceOne = () => {
    silenced = 0;
    target.faults.onCommand = ({ operationCode }) =>
      readCodes.has(operationCode) && silenced++ === 0 ? { kind: 'silence' } : undefined;
  };
  return { target, lun, managed, silenceOne, isSilenced: () => silenced > 0 };
}

const functionComplete = 0;

describe('a command that is given up is aborted at the target', () => {
  it('when it took too long, and is repeated on the same session', async () => {
    const { target, lun, managed, silenceOne } = await start({ commandMs: 100 });
    silenceOne();
    const bytes = Buffer.alloc(read16Kib);
    await lun.read(read16Kib, bytes);
    expect(bytes.equals(target.backend.bytes.subarray(read16Kib, 2 * read16Kib))).toBe(true);
    expect(managed).toEqual([functionComplete]);
    expect(lun.counters.sessionsReplaced).toBe(0);
  });

  it('when its caller does not want it any more', async () => {
    const { lun, managed, silenceOne, isSilenced } = await start();
    silenceOne();
    const stop = new AbortController();
    const reading = lun.read(0, Buffer.alloc(read16Kib), stop.signal);
    await expect.poll(isSilenced).toBe(true);
    expect(managed).toEqual([]);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect.poll(() => managed).toEqual([functionComplete]);
    await lun.read(0, Buffer.alloc(read16Kib));
    expect(lun.counters.sessionsReplaced).toBe(0);
  });
});

it('many READs are in flight at once on one session', async () => {
  const { promise: allAsked, resolve } = Promise.withResolvers<void>();
  let asked = 0;
  const beforeRead = () => {
    if (++asked === 16) resolve();
    return allAsked;
  };
  const { target, lun } = await start({}, { backend: { beforeRead } });
  const bytes = Buffer.alloc(16 * read16Kib);
  await lun.read(0, bytes);
  expect(asked).toBe(16);
  expect(bytes.equals(target.backend.bytes.subarray(0, bytes.length))).toBe(true);
});
