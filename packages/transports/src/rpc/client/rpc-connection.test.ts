import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readCall } from '../../nfs/client/read-calls.ts';
import type { RpcConnection } from './rpc-connection.ts';
import { asFragments, readReply } from './testing/read-replies.ts';
import { connectToScript } from './testing/scripted-server.ts';

const pieceBytes = 64 * 1024;
const pieceCount = 8;
const callBytes = 64;
const contents = Array.from({ length: pieceCount }, (_, index) =>
  Buffer.alloc(pieceBytes, `piece ${index} `),
);
const content = Buffer.concat(contents);

/** A server that waits for READs of all pieces, then answers as `answer` does with the xid of the first. */
function connectTo(answer: (firstXid: number, socket: Socket) => void): Promise<RpcConnection> {
  return connectToScript({ callTimeoutMs: 5_000, maxRecordBytes: 100_000 }, (socket) => {
    let received = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      const before = received.length;
      received = Buffer.concat([received, bytes]);
      const whole = pieceCount * callBytes;
      if (before < whole && received.length >= whole) answer(received.readUInt32BE(4), socket);
    });
  });
}

function readAll(connection: RpcConnection, target: Buffer, signals: readonly AbortSignal[] = []) {
  return contents.map((_, index) => {
    const piece = target.subarray(index * pieceBytes, (index + 1) * pieceBytes);
    return connection.call(readCall(Uint8Array.of(1), index * pieceBytes, piece), signals[index]);
  });
}

function replyTo(firstXid: number, index: number): Uint8Array {
  return asFragments(readReply((firstXid + index) >>> 0, contents[index] as Buffer), []);
}

/** All replies in order, but only 20,000 bytes of them until `release`. */
async function connectHolding() {
  let rest = () => {};
  const connection = await connectTo((firstXid, socket) => {
    const replies = Buffer.concat(contents.map((_, index) => replyTo(firstXid, index)));
    socket.write(replies.subarray(0, 20_000));
    rest = () => {
      socket.write(replies.subarray(20_000));
    };
  });
  return { connection, release: () => rest() };
}

describe('READs into places behind each other', () => {
  it.each([
    ['in their order', [0, 1, 2, 3, 4, 5, 6, 7]],
    ['in another order', [1, 0, 2, 5, 4, 3, 7, 6]],
  ])('are whole when answered %s', async (_, order) => {
    const connection = await connectTo((firstXid, socket) => {
      for (const index of order) socket.write(replyTo(firstXid, index));
    });
    const target = Buffer.alloc(content.length);
    await Promise.all(readAll(connection, target));
    expect(target.equals(content)).toBe(true);
    connection.close();
  });

  it('one that is cancelled while the head of its reply may come in ends the connection, and is left alone', async () => {
    const stop = new AbortController();
    const never = new AbortController().signal;
    const { connection, release } = await connectHolding();
    const target = Buffer.alloc(content.length, 0xee);
    const reads = readAll(connection, target, [never, stop.signal]);
    const settled = Promise.allSettled(reads);
    await expect.poll(() => target.subarray(0, 19_000).equals(content.subarray(0, 19_000))).toBe(true);
    stop.abort(new Error('enough'));
    await expect(reads[1]).rejects.toThrow('enough');
    const details = { reason: 'a call was cancelled while its data came in' };
    await expect(reads[0]).rejects.toMatchObject({ code: 'L-NET-110', details });
    expect(connection.closed).toBe(true);
    target.fill(0xdd);
    release();
    await settled;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(target.every((byte) => byte === 0xdd)).toBe(true);
  });

  it('one that is cancelled before it is next costs no other', async () => {
    const stop = new AbortController();
    const { connection, release } = await connectHolding();
    const target = Buffer.alloc(content.length, 0xee);
    const never = new AbortController().signal;
    const reads = readAll(connection, target, [never, never, never, never, stop.signal]);
    await expect.poll(() => target.subarray(0, 19_000).equals(content.subarray(0, 19_000))).toBe(true);
    stop.abort(new Error('enough'));
    await expect(reads[4]).rejects.toThrow('enough');
    const place = target.subarray(4 * pieceBytes, 5 * pieceBytes).fill(0xdd);
    release();
    const others = reads.filter((_, index) => index !== 4);
    await Promise.all(others);
    expect(place.every((byte) => byte === 0xdd)).toBe(true);
    contents.forEach((piece, index) => {
      if (index === 4) return;
      expect(target.subarray(index * pieceBytes, (index + 1) * pieceBytes).equals(piece)).toBe(true);
    });
    connection.close();
  });
});
