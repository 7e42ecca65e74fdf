import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';
import { nfsStatus } from '@leeward/transports/nfs/nfs-status';
import { exchange, rawCall } from '@leeward/transports/nfs/testing/raw-client';
import { startPair, type TestPair } from '@leeward/transports/nfs/testing/test-pair';
import { acceptStatus } from '@leeward/transports/rpc/rpc-message';
import { XdrWriter } from '@leeward/transports/xdr/xdr-writer';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';
import { numbers } from './support/inputs.ts';
import { framed, wireBytes, word } from './support/rpc-inputs.ts';
import { WatchedFileSystem } from './support/watched-file-system.ts';

describe('the NFS server', () => {
  const transferBytes = 4_096;
  const maxCallBytes = transferBytes + 65_536;
  const fileSystem = new WatchedFileSystem(transferBytes);
  let pair: TestPair;
  beforeAll(async () => {
    pair = await startPair(fileSystem, { maxReadBytes: transferBytes, maxWriteBytes: transferBytes });
    pair.fileSystem.addFile('disk', new Uint8Array(10_000));
  });
  afterAll(() => pair.server.close());

  const opaque = (content: Uint8Array | string) =>
    Buffer.from(new XdrWriter().opaque(Buffer.from(content)).bytes());

  it('answers or closes on any arguments of any procedure, and goes on serving', async () => {
    const program = fc.constantFrom({ program: 100003, last: 21 }, { program: 100005, last: 5 });
    const handle = fc.constantFrom('1:1', '1:1', '1:2', '1:9', 'nonsense', '');
    const name = fc.oneof(
      fc.constantFrom('disk', 'a', '', '.', '..', '../x', '/', 'a\0b', 'x'.repeat(300)),
      fc.string(),
    );
    const parts = fc.array(
      fc.oneof(
        handle.map(opaque),
        name.map(opaque),
        wireBytes,
        fc.nat(9_000).map((length) => opaque(numbers.subarray(0, length % 1_200))),
      ),
      { maxLength: 5 },
    );
    const argument = fc.oneof(
      wireBytes,
      fc.tuple(handle, wireBytes).map(([first, rest]) => Buffer.concat([opaque(first), rest])),
      fc
        .tuple(handle, name, parts)
        .map(([first, second, rest]) => Buffer.concat([opaque(first), opaque(second), ...rest])),
      // What READ and WRITE take: an offset, a count, and data.
      fc
        .tuple(handle, word, word, fc.option(word), fc.nat(3), fc.nat(6_000))
        .map(([first, high, low, count, how, length]) => {
          const writer = new XdrWriter().opaqueFixed(opaque(first)).uint32(high).uint32(low);
          writer
            .uint32(count ?? length)
            .uint32(how)
            .opaque(new Uint8Array(length));
          return Buffer.from(writer.bytes());
        }),
    );
    await fuzz(
      'NFS server procedures',
      fc.asyncProperty(program, fc.nat(21), argument, async ({ program: number, last }, procedure, bytes) => {
        const call = rawCall({ program: number, version: 3, procedure: procedure % (last + 1) }, (writer) =>
          writer.opaqueFixed(bytes),
        );
        const reply = await soon(exchange(pair.server.nfsPort, call, 28));
        expect(reply.length).toBeGreaterThanOrEqual(28);
        expect(reply.readUInt32BE(4)).toBe(77);
        expect(reply.readUInt32BE(24)).not.toBe(acceptStatus.systemError);
        if (number === 100003 && reply.length > 28)
          expect(reply.readUInt32BE(28)).not.toBe(nfsStatus.SERVERFAULT);
        expect(fileSystem.defects.splice(0)).toEqual([]);
      }),
      400,
    );
    const mount = await connectNfs(pair.options);
    expect((await mount.stat('')).type).toBe('directory');
    await mount.close();
  });

  it('survives any bytes at all', async () => {
    const body = fc.record({
      flavor: fc.oneof(fc.nat(1), word),
      bytes: fc.oneof(
        fc.constant(new Uint8Array(0)),
        wireBytes,
        fc.nat(420).map((length) => new Uint8Array(length)),
      ),
    });
    const call = fc.record({
      type: fc.oneof(fc.constant(0), fc.constant(0), fc.constant(0), word),
      version: fc.oneof(fc.constant(2), fc.constant(2), fc.constant(2), word),
      program: fc.oneof(fc.constantFrom(100003, 100005), word),
      rest: fc.tuple(fc.oneof(fc.constant(3), word), fc.oneof(fc.nat(22), word)),
      credential: body,
      verifier: body,
      fragments: fc.integer({ min: 1, max: 3 }),
    });
    const noise = fc.oneof(
      fc.uint8Array({ minLength: 8, maxLength: 300, size: 'max' }),
      call,
      // A record that is longer than any call may be.
      fc.record({ before: fc.constantFrom(0, 8), beyond: fc.oneof(fc.nat(9), fc.nat(2 ** 31 - 100_000)) }),
    );
    await fuzz(
      'NFS server noise',
      fc.asyncProperty(noise, async (input) => {
        if ('beyond' in input) {
          const { before, beyond } = input;
          const claim = Buffer.alloc(before + 12);
          const [first, last] = before > 0 ? [before, before + 4] : [0, 0];
          claim.writeUInt32BE(first);
          claim.writeUInt32BE(maxCallBytes - before + 1 + beyond, last);
          expect(await soon(exchange(pair.server.nfsPort, claim, 1))).toHaveLength(0);
        } else if (input instanceof Uint8Array) {
          // One complete record of noise, so that the server answers or closes by itself.
          await soon(exchange(pair.server.nfsPort, framed(input.subarray(4)), 1));
        } else {
          const { type, version, program, rest, credential, verifier, fragments } = input;
          const writer = new XdrWriter();
          for (const value of [77, type, version, program, ...rest]) writer.uint32(value);
          writer.uint32(credential.flavor).opaque(credential.bytes);
          writer.uint32(verifier.flavor).opaque(verifier.bytes);
          const reply = await soon(exchange(pair.server.nfsPort, framed(writer.bytes(), fragments), 24));
          const isWhole = Math.max(credential.bytes.length, verifier.bytes.length) <= 400;
          // Another version is refused before anything else is looked at.
          expect(reply.length > 0).toBe(type === 0 && (version !== 2 || isWhole));
          if (reply.length > 0) expect([reply.readUInt32BE(4), reply.readUInt32BE(8)]).toEqual([77, 1]);
        }
        expect(fileSystem.defects.splice(0)).toEqual([]);
      }),
      200,
    );
    const mount = await connectNfs(pair.options);
    expect((await mount.stat('')).type).toBe('directory');
    await mount.close();
  });
});

/** Fails where the server neither answers nor closes. */
async function soon(answer: Promise<Buffer>): Promise<Buffer> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('neither an answer nor an end')), 20_000);
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer));
}
