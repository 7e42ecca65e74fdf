import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCall } from '../../nfs/client/read-calls.ts';
import { headReadBytes, ReplyReceiver, type ReplyWaiter } from './reply-receiver.ts';
import { asFragments, readReply, refusedReply } from './testing/read-replies.ts';

const handle = Uint8Array.of(1, 2, 3, 4);
const kib = 1024;
const guardBytes = 700;

type Waiter = ReplyWaiter & {
  settled: boolean;
  target: Uint8Array;
  replies: number;
  atEnd: Buffer | undefined;
};

/** Calls in flight, by xid; their targets follow each other, behind a guard. */
function callsFor(lengths: readonly number[], gaps: readonly number[] = []) {
  const gapOf = (index: number) => gaps[index] ?? 0;
  const total = lengths.reduce((sum, length, index) => sum + length + gapOf(index), 0);
  const memory = Buffer.alloc(guardBytes + total + guardBytes, 0xee);
  const inFlight = new Map<number, Waiter>();
  let at = guardBytes;
  const waiters = lengths.map((length, xid) => {
    at += gapOf(xid);
    const target = memory.subarray(at, at + length);
    at += length;
    const call = readCall(handle, 0, target);
    const waiter: Waiter = {
      settled: false,
      target,
      replies: 0,
      atEnd: undefined,
      place: (reader) => call.place?.(reader),
      receive: () => {
        waiter.settled = true;
        waiter.replies++;
        waiter.atEnd = Buffer.from(target);
        inFlight.delete(xid);
      },
    };
    inFlight.set(xid, waiter);
    return waiter;
  });
  return { memory, waiters, inFlight, receiver: new ReplyReceiver(500_000, (xid) => inFlight.get(xid)) };
}

/** As a connection does it: the bytes are in the target before the receiver learns of them. */
function receiveAll(
  receiver: ReplyReceiver<Waiter>,
  stream: Uint8Array,
  sizes: readonly number[],
): { receives: number; directBytes: number } {
  const own = Buffer.alloc(256 * kib);
  let [receives, directBytes] = [0, 0];
  for (let at = 0; at < stream.length; receives++) {
    const direct = receiver.directTarget();
    const into = direct ?? (receiver.isAfterLarge ? own.subarray(0, headReadBytes) : own);
    const bytes = stream.subarray(at, at + Math.min(sizes[receives % sizes.length] ?? 1, into.length));
    at += bytes.length;
    if (direct) directBytes += bytes.length;
    into.set(bytes);
    receiver.accept(into.subarray(0, bytes.length));
  }
  return { receives, directBytes };
}

const contentOf = (length: number, xid: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + xid * 31 + (index >> 9)) % 251);

describe('receiving straight into the target', () => {
  it('gives the same data in any steps, fragments and order, and touches nothing else', () => {
    const call = fc.record({
      length: fc.constantFrom(64 * kib, 64 * kib, 64 * kib, 64 * kib + 1, 90_000, 600, 40),
      gap: fc.constantFrom(0, 0, 0, 0, 600),
      answer: fc.constantFrom('all', 'all', 'all', 'less', 'refused', 'late'),
      cuts: fc.array(fc.nat(), { maxLength: 2 }),
      turn: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(
        fc.array(call, { minLength: 2, maxLength: 7 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 60_000, max: 140_000 })), {
          minLength: 1,
          maxLength: 6,
        }),
        (calls, sizes) => {
          const lengths = calls.map(({ length }) => length);
          const gaps = calls.map(({ gap }) => gap);
          const { memory, waiters, inFlight, receiver } = callsFor(lengths, gaps);
          const given = calls.map(({ answer, length }, xid) =>
            contentOf(answer === 'less' ? length >> 1 : length, xid),
          );
          const replies = calls.map(({ answer, cuts }, xid) => {
            const data = given[xid] as Uint8Array;
            return asFragments(answer === 'refused' ? refusedReply(xid, 5) : readReply(xid, data), cuts);
          });
          calls.forEach(({ answer }, xid) => {
            if (answer !== 'late') return;
            (waiters[xid] as Waiter).settled = true;
            inFlight.delete(xid);
          });
          const order = calls.map(({ turn }, xid) => ({ xid, place: xid + turn }));
          order.sort((a, b) => a.place - b.place);
          const stream = Buffer.concat(order.map(({ xid }) => replies[xid] as Uint8Array));
          receiveAll(receiver, stream, sizes);
          const outside = Buffer.from(memory);
          calls.forEach(({ answer }, xid) => {
            const { target, atEnd, replies: told } = waiters[xid] as Waiter;
            const data = given[xid] as Uint8Array;
            expect(told).toBe(answer === 'late' ? 0 : 1);
            if (answer === 'late') expect(target.every((byte) => byte === 0xee)).toBe(true);
            else expect(Buffer.compare(target, atEnd as Buffer)).toBe(0);
            if (answer === 'all' || answer === 'less')
              expect(Buffer.compare(target.subarray(0, data.length), data)).toBe(0);
            outside.fill(
              0xee,
              target.byteOffset - memory.byteOffset,
              target.byteOffset - memory.byteOffset + target.length,
            );
          });
          expect(outside.every((byte) => byte === 0xee)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('takes one receive for each reply, with the head of the next one', () => {
    const lengths = Array.from({ length: 8 }, () => 64 * kib);
    const { waiters, receiver } = callsFor(lengths);
    const contents = lengths.map((length, xid) => contentOf(length, xid));
    const stream = Buffer.concat(contents.map((data, xid) => asFragments(readReply(xid, data), [])));
    receiver.accept(stream.subarray(0, headReadBytes));
    const { receives, directBytes } = receiveAll(receiver, stream.subarray(headReadBytes), [stream.length]);
    expect(receives).toBe(lengths.length);
    expect(directBytes).toBe(stream.length - headReadBytes);
    expect(waiters.map(({ target }) => Buffer.from(target))).toEqual(
      contents.map((data) => Buffer.from(data)),
    );
  });

  it('says whose target can no longer be taken back', () => {
    const { waiters, receiver } = callsFor([64 * kib, 64 * kib, 64 * kib]);
    const [first, second, third] = waiters as [Waiter, Waiter, Waiter];
    const fillings = () => [first, second, third].map((waiter) => receiver.isFilling(waiter));
    const stream = asFragments(readReply(0, contentOf(64 * kib, 0)), []);
    receiver.accept(stream.subarray(0, 1000));
    expect(fillings()).toEqual([false, false, false]);
    const direct = receiver.directTarget();
    expect(direct?.byteOffset).toBe(first.target.byteOffset + 1000 - 132);
    expect(direct).toHaveLength(64 * kib - 1000 + 132 + headReadBytes);
    expect(fillings()).toEqual([true, true, false]);
    receiver.accept(stream.subarray(1000, 2000));
    expect(fillings()).toEqual([false, false, false]);
  });

  it('takes no room of a call whose target lies elsewhere, is too small, or that is no longer in flight', () => {
    for (const [lengths, gaps, gone] of [
      [[64 * kib, 64 * kib], [0, 4], false],
      [[64 * kib, 500], [0, 0], false],
      [[64 * kib, 64 * kib], [0, 0], true],
    ] as const) {
      const { inFlight, receiver } = callsFor(lengths, gaps);
      if (gone) inFlight.delete(1);
      receiver.accept(asFragments(readReply(0, contentOf(64 * kib, 0)), []).subarray(0, 1000));
      expect(receiver.directTarget()).toHaveLength(64 * kib - 1000 + 132);
    }
  });
});
