import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { RawInitiator } from '../testing/raw-initiator.ts';
import { initiatorName, startTestTarget } from '../testing/test-target.ts';
import { ReadTurns } from './read-turns.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('turns of reads', () => {
  it('begin no more than there is room for, where reads take no time', async () => {
    let queued = 0;
    const drained: (() => void)[] = [];
    const turns = new ReadTurns(async () => {
      if (queued >= 4) await new Promise<void>((resolve) => drained.push(resolve));
    });
    const reads = Array.from({ length: 16 }, async () => {
      const end = await turns.begin();
      queued++;
      end();
    });
    await nextTurn();
    expect(queued).toBe(4);
    queued = 0;
    drained.shift()?.();
    await nextTurn();
    expect(queued).toBe(4);
    queued = Number.NEGATIVE_INFINITY;
    drained.shift()?.();
    await Promise.all(reads);
  });

  it('let others begin in the next turn while a device takes its time, and end once', async () => {
    const turns = new ReadTurns(async () => undefined);
    const begun: (() => void)[] = [];
    for (let read = 0; read < 3; read++) void turns.begin().then((end) => begun.push(end));
    await expect.poll(() => begun.length).toBe(3);
    for (const end of [...begun, ...begun]) end();
    let inTurn = 0;
    for (let read = 0; read < 2; read++) void turns.begin().then(() => inTurn++);
    await Promise.resolve().then(() => Promise.resolve());
    expect(inTurn).toBeLessThan(2);
    await expect.poll(() => inTurn).toBe(2);
  });
});

describe('an initiator that takes nothing', () => {
  it('does not have the target read all that it asked for', async () => {
    let begun = 0;
    const beforeRead = () => {
      begun++;
    };
    const target = await startTestTarget({ backend: { beforeRead } });
    closing.push(() => target.close());
    const raw = await RawInitiator.login(target.server.ports[0] ?? 0, initiatorName);
    closing.push(() => raw.close());
    await raw.command(5, Buffer.alloc(16));
    raw.socket.pause();
    const read256Kib = Buffer.from([0x28, 0, 0, 0, 0, 0, 0, 0x02, 0, ...Buffer.alloc(7)]);
    const answers = Array.from({ length: 64 }, () => raw.command(5, read256Kib, { readBytes: 256 * 1024 }));
    await expect.poll(() => begun).toBeGreaterThan(3);
    for (let before = 0; before < begun; ) {
      before = begun;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    // 1 MiB, and what the buffers of both sockets hold.
    expect(begun).toBeLessThan(48);
    raw.socket.resume();
    for (const answer of answers) {
      const { status, data } = await answer;
      expect(status).toBe(0);
      expect(data.equals(target.backend.bytes.subarray(0, data.length))).toBe(true);
    }
    expect(begun).toBe(64);
  });
});
