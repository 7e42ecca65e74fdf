import { listStart, readDirectoryPlusCall } from '@leeward/transports/nfs/client/list-calls';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';
import { fileSystemInfoCall, lookupCall, readCall } from '@leeward/transports/nfs/client/read-calls';
import { MemoryFileSystem } from '@leeward/transports/nfs/testing/memory-file-system';
import { exchange, rawCall } from '@leeward/transports/nfs/testing/raw-client';
import { startPair, type TestPair } from '@leeward/transports/nfs/testing/test-pair';
import { decodeSysCredential } from '@leeward/transports/rpc/auth-sys';
import { ReplyReceiver } from '@leeward/transports/rpc/client/reply-receiver';
import { XdrError } from '@leeward/transports/xdr/xdr-error';
import { XdrReader } from '@leeward/transports/xdr/xdr-reader';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';

/** Bytes with many small words, so that lengths and booleans are often plausible. */
const wireBytes = fc
  .array(fc.oneof(fc.nat(3), fc.nat(100), fc.nat(0xffff_ffff)), { maxLength: 60 })
  .chain((words) => fc.tuple(fc.constant(words), fc.nat(3)))
  .map(([words, cut]) => {
    const bytes = Buffer.alloc(words.length * 4);
    for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, index * 4);
    return bytes.subarray(0, Math.max(0, bytes.length - cut));
  });

function onlyXdrErrors(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(XdrError);
  }
}

describe('decoders', () => {
  it('throw XdrError or nothing', async () => {
    const handle = Uint8Array.of(1);
    const calls = [
      lookupCall(handle, 'x'),
      readCall(handle, 0, new Uint8Array(50)),
      readDirectoryPlusCall(handle, listStart, 4096),
      fileSystemInfoCall(handle),
    ];
    await fuzz(
      'NFS decoders',
      fc.property(wireBytes, (bytes) => {
        for (const call of calls) onlyXdrErrors(() => call.decode(new XdrReader(bytes)));
        onlyXdrErrors(() => decodeSysCredential(bytes));
      }),
      3_000,
    );
  });

  it('take any stream of replies without another error and without writing past the target', async () => {
    await fuzz(
      'NFS streams of replies',
      fc.property(fc.array(wireBytes, { maxLength: 5 }), fc.boolean(), (chunks, asRecords) => {
        const around = Buffer.alloc(120, 0xee);
        const call = readCall(Uint8Array.of(1), 0, around.subarray(10, 110));
        const receiver = new ReplyReceiver(4096, () => ({
          settled: false,
          place: (reader) => call.place?.(reader),
          receive: (record) => onlyXdrErrors(() => call.decode(new XdrReader(record))),
        }));
        onlyXdrErrors(() => {
          for (const chunk of chunks) {
            const mark = Buffer.alloc(4);
            mark.writeUInt32BE((0x8000_0000 | chunk.length) >>> 0);
            receiver.accept(asRecords ? Buffer.concat([mark, chunk]) : chunk);
          }
        });
        expect(around.subarray(0, 10).every((byte) => byte === 0xee)).toBe(true);
        expect(around.subarray(110).every((byte) => byte === 0xee)).toBe(true);
      }),
      3_000,
    );
  });
});

describe('the server', () => {
  let pair: TestPair;
  beforeAll(async () => {
    pair = await startPair(new MemoryFileSystem());
    pair.fileSystem.addFile('disk', new Uint8Array(1000));
  });
  afterAll(() => pair.server.close());

  it('answers or closes on any arguments of any procedure, and goes on serving', async () => {
    const program = fc.constantFrom({ program: 100003, last: 21 }, { program: 100005, last: 5 });
    const argument = fc.oneof(
      wireBytes,
      fc
        .tuple(fc.constantFrom('1:1', '1:2', '1:9', 'nonsense'), wireBytes)
        .map(([handle, rest]) =>
          Buffer.concat([
            Buffer.from([0, 0, 0, handle.length]),
            Buffer.from(handle),
            Buffer.alloc((4 - (handle.length % 4)) % 4),
            rest,
          ]),
        ),
    );
    await fuzz(
      'NFS server procedures',
      fc.asyncProperty(program, fc.nat(21), argument, async ({ program: number, last }, procedure, bytes) => {
        const call = rawCall({ program: number, version: 3, procedure: procedure % (last + 1) }, (writer) =>
          writer.opaqueFixed(bytes),
        );
        const reply = await exchange(pair.server.nfsPort, call, 28);
        expect(reply.length).toBeGreaterThanOrEqual(28);
        expect(reply.readUInt32BE(4)).toBe(77);
      }),
      400,
    );
    const mount = await connectNfs(pair.options);
    expect((await mount.stat('')).type).toBe('directory');
    await mount.close();
  });

  it('survives any bytes at all', async () => {
    await fuzz(
      'NFS server noise',
      fc.asyncProperty(fc.uint8Array({ minLength: 8, maxLength: 300 }), async (bytes) => {
        const stream = Buffer.from(bytes);
        // One complete record of noise, so that the server answers or closes by itself.
        stream.writeUInt32BE((0x8000_0000 | (stream.length - 4)) >>> 0, 0);
        await exchange(pair.server.nfsPort, stream, 1);
      }),
      200,
    );
    const mount = await connectNfs(pair.options);
    expect((await mount.stat('')).type).toBe('directory');
    await mount.close();
  });
});
