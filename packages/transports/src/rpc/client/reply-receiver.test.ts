import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCall } from '../../nfs/client/read-calls.ts';
import { XdrError } from '../../xdr/xdr-error.ts';
import { XdrReader } from '../../xdr/xdr-reader.ts';
import { XdrWriter } from '../../xdr/xdr-writer.ts';
import { readReplyHeader } from '../rpc-message.ts';
import { ReplyReceiver, type ReplyWaiter } from './reply-receiver.ts';
import { asFragments, readReply } from './testing/read-replies.ts';

const handle = Uint8Array.of(1, 2, 3, 4);

function waiterFor(target: Uint8Array): ReplyWaiter & { settled: boolean; records: Uint8Array[] } {
  const call = readCall(handle, 0, target);
  const records: Uint8Array[] = [];
  return {
    settled: false,
    records,
    place: (reader) => call.place?.(reader),
    receive: (record) => {
      records.push(record);
    },
  };
}

describe('ReplyReceiver', () => {
  it('delivers the data wherever the stream is cut', () => {
    const data = Uint8Array.from({ length: 701 }, (_, index) => index % 251);
    const stream = asFragments(readReply(7, data), [3, 130, 131, 500]);
    for (let cut = 1; cut < stream.length; cut++) {
      const target = new Uint8Array(data.length);
      const waiter = waiterFor(target);
      const receiver = new ReplyReceiver(10_000, () => waiter);
      receiver.accept(stream.subarray(0, cut));
      receiver.accept(stream.subarray(cut));
      expect(Buffer.compare(target, data)).toBe(0);
      expect(waiter.records).toHaveLength(1);
    }
  });

  it('keeps any replies apart, in any fragments and chunks', () => {
    const reply = fc.record({
      data: fc.uint8Array({ maxLength: 2000, size: 'max' }),
      withAttributes: fc.boolean(),
      cuts: fc.array(fc.nat(), { maxLength: 4 }),
      known: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(reply, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 }),
        (replies, sizes) => {
          const targets = replies.map(({ data }) => new Uint8Array(data.length));
          const waiters = targets.map((target) => waiterFor(target));
          const receiver = new ReplyReceiver(5000, (xid) => (replies[xid]?.known ? waiters[xid] : undefined));
          const stream = Buffer.concat(
            replies.map(({ data, withAttributes, cuts }, xid) =>
              asFragments(readReply(xid, data, withAttributes), cuts),
            ),
          );
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            receiver.accept(stream.subarray(at, at + size));
            at += size;
          }
          replies.forEach(({ data, known }, xid) => {
            const expected = known ? data : new Uint8Array(data.length);
            expect(Buffer.compare(targets[xid]!, expected)).toBe(0);
            expect(waiters[xid]!.records).toHaveLength(known ? 1 : 0);
          });
        },
      ),
    );
  });

  it('hands over the record without the data', () => {
    const target = new Uint8Array(1000);
    const waiter = waiterFor(target);
    new ReplyReceiver(5000, () => waiter).accept(asFragments(readReply(1, new Uint8Array(1000)), []));
    const reader = new XdrReader(waiter.records[0]!);
    expect(readReplyHeader(reader).outcome.kind).toBe('success');
    expect(readCall(handle, 0, target).decode(reader).value).toEqual({ bytesRead: 1000, end: true });
    expect(reader.remaining).toBe(0);
  });

  it('tells where the results begin of a success whose header it read, and of no other', () => {
    const target = new Uint8Array(1000);
    const call = readCall(handle, 0, target);
    const told: [number, Uint8Array][] = [];
    const waiter: ReplyWaiter = {
      settled: false,
      place: (reader) => call.place?.(reader),
      receive: (record, resultsAt) => told.push([resultsAt, Buffer.from(record)]),
    };
    const receiver = new ReplyReceiver(5000, () => waiter);
    receiver.accept(asFragments(readReply(1, new Uint8Array(1000)), [10]));
    const denied = new XdrWriter().uint32(2).uint32(1).uint32(1).uint32(1).uint32(2).bytes();
    receiver.accept(asFragments(denied, []));
    const failed = new XdrWriter().uint32(3).uint32(1).uint32(0).uint32(0).uint32(0).uint32(0).uint32(70);
    receiver.accept(asFragments(failed.boolean(false).bytes(), [5, 9]));
    expect(told.map(([resultsAt]) => resultsAt)).toEqual([24, 0, 24]);
    const results = told.map(([resultsAt, record]) => new XdrReader(record, resultsAt));
    expect(call.decode(results[0]!).value).toEqual({ bytesRead: 1000, end: true });
    expect(readReplyHeader(results[1]!).outcome).toEqual({ kind: 'auth-error', status: 2 });
    expect(call.decode(results[2]!)).toEqual({ status: 70 });
  });

  it('takes data that was received into its target, in any steps and fragments', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 132_000, max: 190_000 }),
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 80_000 }), { minLength: 1, maxLength: 5 }),
        (length, cuts, sizes) => {
          const data = Uint8Array.from({ length }, (_, index) => (index * 7) % 251);
          const stream = asFragments(readReply(0, data), cuts);
          const target = new Uint8Array(length);
          const waiter = waiterFor(target);
          const receiver = new ReplyReceiver(200_000, () => waiter);
          let direct = 0;
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const into = receiver.directTarget();
            const size = Math.min(sizes[turn % sizes.length] ?? 1, into?.length ?? 8192);
            const bytes = stream.subarray(at, at + size);
            at += bytes.length;
            if (into) {
              direct += bytes.length;
              into.set(bytes);
              expect(receiver.isFilling(waiter)).toBe(true);
            }
            receiver.accept(into ? into.subarray(0, bytes.length) : bytes);
          }
          expect(Buffer.compare(target, data)).toBe(0);
          expect(waiter.records).toHaveLength(1);
          if (cuts.length === 0) expect(direct).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('never touches the target of a call that has ended', () => {
    const target = new Uint8Array(2000);
    const waiter = waiterFor(target);
    const stream = asFragments(readReply(1, new Uint8Array(2000).fill(9)), []);
    const receiver = new ReplyReceiver(5000, () => waiter);
    receiver.accept(stream.subarray(0, 1000));
    waiter.settled = true;
    target.fill(0);
    receiver.accept(stream.subarray(1000));
    expect(target.every((byte) => byte === 0)).toBe(true);
    expect(waiter.records).toHaveLength(0);
  });

  it('refuses more data than was asked for, records above the bound and records that end early', () => {
    const long = asFragments(readReply(1, new Uint8Array(1001)), []);
    const waiter = waiterFor(new Uint8Array(1000));
    expect(() => new ReplyReceiver(5000, () => waiter).accept(long)).toThrow(XdrError);
    expect(() => new ReplyReceiver(1000, () => waiter).accept(long)).toThrow('above the bound');
    const cut = asFragments(readReply(1, new Uint8Array(1000)).subarray(0, 700), []);
    expect(() => new ReplyReceiver(5000, () => waiter).accept(cut)).toThrow('ends inside its data');
  });
});
