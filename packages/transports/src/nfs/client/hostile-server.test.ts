import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { RpcConnection } from '../../rpc/client/rpc-connection.ts';
import { connectToScript } from '../../rpc/client/testing/scripted-server.ts';
import { XdrWriter } from '../../xdr/xdr-writer.ts';
import type { NfsCall } from './nfs-call.ts';
import { lookupCall, readCall } from './read-calls.ts';

/** A server that answers each call with whatever `answer` makes of its xid. */
function connectTo(answer: (xid: number, socket: Socket) => void): Promise<RpcConnection> {
  return connectToScript({ callTimeoutMs: 2_000, maxRecordBytes: 10_000 }, (socket) => {
    socket.on('data', (call: Buffer) => answer(call.readUInt32BE(4), socket));
  });
}

function reply(xid: number, write: (writer: XdrWriter) => void): Uint8Array {
  const writer = new XdrWriter(Buffer.allocUnsafe(64), 4);
  writer.uint32(xid).uint32(1).uint32(0).uint32(0).uint32(0).uint32(0);
  write(writer);
  return writer.patch(0, (0x8000_0000 | (writer.position - 4)) >>> 0).bytes();
}

async function codeFor<T>(call: NfsCall<T>, answer: (xid: number, socket: Socket) => void): Promise<string> {
  const connection = await connectTo(answer);
  try {
    const { status } = await connection.call(call);
    return `status ${status}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    connection.close();
  }
}

const handle = Uint8Array.of(1);
const lookup = lookupCall(handle, 'x');
const read = readCall(handle, 0, new Uint8Array(100));

describe('a hostile server', () => {
  it('that sends no RPC at all is a broken protocol', async () => {
    expect(
      await codeFor(lookup, (_, socket) =>
        socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
      ),
    ).toBe('L-NET-113');
  });

  it('that claims a record above the bound is a broken protocol', async () => {
    expect(await codeFor(lookup, (_, socket) => socket.write(Buffer.from('ffffffff00000000', 'hex')))).toBe(
      'L-NET-113',
    );
  });

  it.each([
    ['a handle of 65 bytes', (w: XdrWriter) => w.uint32(0).opaque(new Uint8Array(65)).uint32(0).uint32(0)],
    ['an empty handle', (w: XdrWriter) => w.uint32(0).opaque(new Uint8Array(0)).uint32(0).uint32(0)],
    ['results that end early', (w: XdrWriter) => w.uint32(0).opaque(handle).uint32(1).uint32(1)],
    ['a boolean of 2', (w: XdrWriter) => w.uint32(0).opaque(handle).uint32(2)],
  ])('that answers LOOKUP with %s is a broken protocol', async (_, write) => {
    expect(await codeFor(lookup, (xid, socket) => socket.write(reply(xid, write)))).toBe('L-NET-113');
  });

  it.each([
    [
      'more data than asked for',
      (w: XdrWriter) => w.uint32(0).uint32(0).uint32(101).uint32(1).opaque(new Uint8Array(101)),
    ],
    [
      'two different lengths',
      (w: XdrWriter) => w.uint32(0).uint32(0).uint32(50).uint32(1).opaque(new Uint8Array(60)),
    ],
    ['data that is missing', (w: XdrWriter) => w.uint32(0).uint32(0).uint32(50).uint32(1).uint32(50)],
  ])('that answers READ with %s is a broken protocol', async (_, write) => {
    expect(await codeFor(read, (xid, socket) => socket.write(reply(xid, write)))).toBe('L-NET-113');
  });

  it('that answers calls never made is ignored until the right answer comes', async () => {
    const right = (w: XdrWriter) => w.uint32(2).uint32(0);
    expect(
      await codeFor(lookup, (xid, socket) => {
        socket.write(reply((xid + 1) >>> 0, right));
        socket.write(reply(xid, right));
        socket.write(reply(xid, right));
      }),
    ).toBe('status 2');
  });

  it('that closes is a lost connection', async () => {
    expect(await codeFor(lookup, (_, socket) => socket.destroy())).toBe('L-NET-110');
  });
});
