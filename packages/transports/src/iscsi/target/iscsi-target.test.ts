import { createConnection, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openIscsiLun } from '../initiator/open-iscsi-lun.ts';
import { RawInitiator } from '../testing/raw-initiator.ts';
import {
  initiatorName,
  startTestTarget,
  type TestTarget,
  type TestTargetOptions,
} from '../testing/test-target.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options?: TestTargetOptions): Promise<{ target: TestTarget; raw: RawInitiator }> {
  const target = await startTestTarget(options);
  closing.push(() => target.close());
  const raw = await RawInitiator.login(target.server.ports[0] ?? 0, initiatorName);
  closing.push(() => raw.close());
  return { target, raw };
}

const lun = 5;
const cdb = (...bytes: number[]) => Buffer.concat([Buffer.from(bytes), Buffer.alloc(16)], 16);
const write10 = (block: number, blocks: number) => cdb(0x2a, 0, 0, 0, 0, block, 0, 0, blocks);
const testUnitReady = cdb(0);

describe('writes', () => {
  it('with immediate data, with asked-for data, and with both', async () => {
    const { target, raw } = await start({ target: { maxBurstBytes: 2048 } });
    await raw.command(lun, testUnitReady);
    const data = Buffer.alloc(10_240, 0x5a);
    for (const immediate of [0, 512, 2048]) {
      target.backend.bytes.fill(0);
      const answer = await raw.command(lun, write10(1, 20), { write: data, immediateBytes: immediate });
      expect(answer).toMatchObject({ status: 0, residual: 0 });
      expect(target.backend.bytes.subarray(512, 512 + 10_240).equals(data)).toBe(true);
      expect(target.backend.bytes[0]).toBe(0);
      expect(target.backend.bytes[512 + 10_240]).toBe(0);
    }
    expect(target.server.counters[0]).toMatchObject({ bytesWritten: 3 * 10_240 });
  });

  it('are refused where the unit is write-protected, and MODE SENSE says so', async () => {
    const { raw } = await start({ backend: { readOnly: true } });
    await raw.command(lun, testUnitReady);
    const answer = await raw.command(lun, write10(0, 1), { write: Buffer.alloc(512) });
    expect(answer).toMatchObject({ status: 2, sense: { key: 7, asc: 0x27 } });
    const mode = await raw.command(lun, cdb(0x1a, 0, 0x3f, 0, 255), { readBytes: 255 });
    expect((mode.data[2] ?? 0) & 0x80).toBe(0x80);
  });

  it('are done although their answer is lost', async () => {
    const { target, raw } = await start({ target: { maxBurstBytes: 2048 } });
    await raw.command(lun, testUnitReady);
    target.faults.onCommand = () => ({ kind: 'lose' });
    const answer = raw.command(lun, write10(1, 20), {
      write: Buffer.alloc(10_240, 0x5a),
      immediateBytes: 512,
    });
    let isAnswered = false;
    void answer.then(
      () => {
        isAnswered = true;
      },
      () => undefined,
    );
    await expect.poll(() => target.server.sessions).toEqual([]);
    expect(target.backend.bytes.subarray(512, 512 + 10_240).every((byte) => byte === 0x5a)).toBe(true);
    expect(isAnswered).toBe(false);
  });

  it('flush when asked to', async () => {
    const { target, raw } = await start();
    await raw.command(lun, testUnitReady);
    await raw.command(lun, cdb(0x35));
    const forced = write10(0, 1);
    forced[1] = 8;
    await raw.command(lun, forced, { write: Buffer.alloc(512) });
    expect(target.backend.flushes).toBe(2);
  });
});

describe('what a nexus sees', () => {
  it('first a unit attention, once, and another when the mapping changes', async () => {
    const { target, raw } = await start();
    const ready = () => raw.command(lun, testUnitReady);
    expect((await raw.command(lun, cdb(0x12, 0, 0, 0, 36), { readBytes: 36 })).status).toBe(0);
    expect(await ready()).toMatchObject({ status: 2, sense: { key: 6, asc: 0x29 } });
    expect(await ready()).toMatchObject({ status: 0 });
    target.server.lunsChanged('iqn.2024-01.org.leeward:target');
    expect(await ready()).toMatchObject({ sense: { key: 6, asc: 0x3f, ascq: 0x0e } });
    target.server.unitChanged(target.backend);
    expect(await ready()).toMatchObject({ sense: { key: 6, asc: 0x2a, ascq: 0x09 } });
    expect(await ready()).toMatchObject({ status: 0 });
  });

  it('nothing of LUNs that are not mapped to it', async () => {
    const { target, raw } = await start();
    target.mapped.map('iqn.2024-01.org.leeward:other', 1, target.backend);
    const inquiry = await raw.command(1, cdb(0x12, 0, 0, 0, 36), { readBytes: 36 });
    expect(inquiry.data[0]).toBe(0x7f);
    const read = await raw.command(1, cdb(0x28, 0, 0, 0, 0, 0, 0, 0, 1), { readBytes: 512 });
    expect(read).toMatchObject({ status: 2, sense: { key: 5, asc: 0x25 } });
    const list = await raw.command(0, cdb(0xa0, 0, 0, 0, 0, 0, 0, 0, 1, 0), { readBytes: 256 });
    expect(list.data.readUInt32BE(0)).toBe(8);
  });

  it('commands beyond the end, with protection, or unknown are refused', async () => {
    const { raw } = await start();
    await raw.command(lun, testUnitReady);
    const sense = async (bytes: Buffer) => (await raw.command(lun, bytes, { readBytes: 512 })).sense;
    expect(await sense(cdb(0x28, 0, 0, 0, 8, 0, 0, 0, 1))).toMatchObject({ key: 5, asc: 0x21 });
    expect(
      await sense(cdb(0x88, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1)),
    ).toMatchObject({ asc: 0x21 });
    expect(await sense(cdb(0x28, 0x20, 0, 0, 0, 0, 0, 0, 1))).toMatchObject({ asc: 0x24 });
    expect(await sense(cdb(0xff))).toMatchObject({ asc: 0x20 });
  });
});

describe('sessions', () => {
  it('a second login with the same session name takes the place of the first', async () => {
    const { target, raw } = await start();
    const again = await RawInitiator.login(target.server.ports[0] ?? 0, initiatorName);
    closing.push(() => again.close());
    await expect.poll(() => raw.closed).toBe(true);
    expect(target.server.sessions).toHaveLength(1);
  });

  it('an initiator that shows no sign of life is cut off', async () => {
    const target = await startTestTarget({
      // Long enough for one that is alive on a busy machine.
      target: { pingAfterMs: 100, pingTimeoutMs: 1_500, loginTimeoutMs: 1_500 },
    });
    closing.push(() => target.close());
    const port = target.server.ports[0] ?? 0;
    const mute = await RawInitiator.login(port, initiatorName, { answersPings: false });
    closing.push(() => mute.close());
    const silent: Socket = createConnection(port, '127.0.0.1');
    let ended = false;
    silent.on('close', () => {
      ended = true;
    });
    silent.on('error', () => undefined);
    silent.resume();
    await expect.poll(() => mute.closed && ended).toBe(true);
    expect(target.server.sessions).toEqual([]);
    const fine = await openIscsiLun({ ...target.options, timeouts: { pingAfterMs: 10_000 } });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(fine.counters.openSessions).toBe(1);
    await fine.close();
  });

  it('a LUN reset ends what is at work', async () => {
    const { target, raw } = await start();
    await raw.command(lun, testUnitReady);
    let asked = false;
    target.faults.onCommand = () => {
      asked = true;
      return { kind: 'silence' };
    };
    const never = raw.command(lun, testUnitReady);
    let settled = false;
    void never.then(() => {
      settled = true;
    });
    await expect.poll(() => asked).toBe(true);
    expect(await raw.manage(lun, 5)).toBe(0);
    expect(await raw.manage(9, 5)).toBe(2);
    expect(await raw.manage(lun, 8)).toBe(4);
    target.faults.onCommand = () => undefined;
    expect((await raw.command(lun, testUnitReady)).status).toBe(0);
    expect(settled).toBe(false);
  });
});
