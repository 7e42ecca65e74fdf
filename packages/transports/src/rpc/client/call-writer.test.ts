import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { XdrReader } from '../../xdr/xdr-reader.ts';
import { authFlavor } from '../rpc-message.ts';
import { CallWriter } from './call-writer.ts';
import type { RpcCall } from './rpc-call.ts';

const credential = { flavor: authFlavor.sys, body: new Uint8Array(40) };
const headBytes = 4 + 6 * 4 + 8 + credential.body.length + 8;
const turn = () => new Promise((resolve) => setImmediate(resolve));

function call(argument: number, more: Partial<RpcCall<void>> = {}): RpcCall<void> {
  return {
    program: 100003,
    version: 3,
    procedure: 6,
    name: 'READ',
    encode: (writer) => void writer.uint32(argument),
    decode: () => undefined,
    ...more,
  };
}

function writerTo(writes: Uint8Array[], destroyed = false): CallWriter {
  const socket = {
    destroyed,
    write: (bytes: Uint8Array) => writes.push(bytes),
    cork: () => undefined,
    uncork: () => undefined,
  };
  return new CallWriter(socket as unknown as Socket, credential);
}

/** The xid and the first argument of each record. */
function callsIn(bytes: Uint8Array): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < bytes.length; ) {
    const lengthBytes = new XdrReader(bytes, at).uint32() & 0x7fff_ffff;
    const argument = new XdrReader(bytes, at + headBytes).uint32();
    found.push([new XdrReader(bytes, at + 4).uint32(), argument]);
    at += 4 + lengthBytes;
  }
  return found;
}

test('calls made in one turn leave by one write, in their order', async () => {
  const writes: Uint8Array[] = [];
  const writer = writerTo(writes);
  for (let xid = 1; xid <= 5; xid++) writer.write(xid, call(xid * 10));
  expect(writes).toEqual([]);
  await turn();
  expect(writes.map(callsIn)).toEqual([
    [
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
      [5, 50],
    ],
  ]);
});

test('many calls are written whole, whatever they need', async () => {
  const writes: Uint8Array[] = [];
  const writer = writerTo(writes);
  const count = 100;
  for (let xid = 0; xid < count; xid++) {
    const rest = new Uint8Array((xid * 131) % 1000);
    writer.write(xid, call(xid, { encode: (target) => void target.uint32(xid).opaque(rest) }));
  }
  await turn();
  const expected = Array.from({ length: count }, (_, xid) => [xid, xid]);
  expect(callsIn(Buffer.concat(writes))).toEqual(expected);
});

test('a payload leaves behind what was gathered, padded', async () => {
  const writes: Uint8Array[] = [];
  const writer = writerTo(writes);
  const payload = Uint8Array.of(1, 2, 3, 4, 5);
  writer.write(1, call(10));
  writer.write(2, call(20, { payload }));
  writer.write(3, call(30));
  await turn();
  expect(writes[1]).toBe(payload);
  const stream = Buffer.concat(writes);
  expect(callsIn(stream)).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
  expect(stream.indexOf(Buffer.of(0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0))).toBeGreaterThan(headBytes);
});

test('of a call that cannot be encoded nothing leaves, and nothing of any on a destroyed socket', async () => {
  const writes: Uint8Array[] = [];
  const writer = writerTo(writes);
  const broken = call(2, {
    encode: (target) => {
      target.uint32(7);
      throw new Error('no');
    },
  });
  writer.write(1, call(10));
  expect(() => writer.write(2, broken)).toThrow('no');
  await turn();
  expect(writes.map(callsIn)).toEqual([[[1, 10]]]);
  const lost: Uint8Array[] = [];
  writerTo(lost, true).write(1, call(1));
  await turn();
  expect(lost).toEqual([]);
});
