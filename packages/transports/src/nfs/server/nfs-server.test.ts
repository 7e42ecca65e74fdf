import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { mountProgram } from '../../mount/mount3.ts';
import { XdrReader } from '../../xdr/xdr-reader.ts';
import type { XdrWriter } from '../../xdr/xdr-writer.ts';
import { nfsStatus } from '../nfs-status.ts';
import { nfsProcedure, nfsProgram } from '../protocol/nfs3.ts';
import { MemoryFileSystem } from '../testing/memory-file-system.ts';
import { exchange, rawCall } from '../testing/raw-client.ts';
import { startPair } from '../testing/test-pair.ts';
import { createNfsServer } from './nfs-server.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const root = Buffer.from('1:1');
const nfs = { program: nfsProgram, version: 3 };

async function setUp(fileSystem = new MemoryFileSystem(), options = {}) {
  const pair = await startPair(fileSystem, options);
  closers.push(() => pair.server.close());
  return { ...pair, port: pair.server.nfsPort };
}

/** Words of the reply behind the xid. */
async function wordsOf(port: number, call: Uint8Array, count: number): Promise<number[]> {
  const reply = await exchange(port, call, 8 + 4 * count);
  const reader = new XdrReader(reply, 8);
  return Array.from({ length: count }, () => reader.uint32());
}

/** Status of an NFS procedure. */
async function statusFor(
  port: number,
  procedure: number,
  write: (writer: XdrWriter) => void,
): Promise<number | undefined> {
  return (await wordsOf(port, rawCall({ ...nfs, procedure }, write), 6)).at(-1);
}

describe('the RPC layer of the server', () => {
  it('answers unknown programs, versions, procedures and broken arguments as RFC 5531 says', async () => {
    const { port } = await setUp();
    expect(await wordsOf(port, rawCall({ program: 100227, version: 3, procedure: 0 }), 5)).toEqual([
      1, 0, 0, 0, 1,
    ]);
    expect(await wordsOf(port, rawCall({ ...nfs, version: 4, procedure: 0 }), 7)).toEqual([
      1, 0, 0, 0, 2, 3, 3,
    ]);
    expect(await wordsOf(port, rawCall({ program: mountProgram, version: 1, procedure: 0 }), 7)).toEqual([
      1, 0, 0, 0, 2, 3, 3,
    ]);
    expect(await wordsOf(port, rawCall({ ...nfs, procedure: 22 }), 5)).toEqual([1, 0, 0, 0, 3]);
    const garbage = rawCall({ ...nfs, procedure: nfsProcedure.GETATTR }, (writer) => writer.uint32(1 << 30));
    expect(await wordsOf(port, garbage, 5)).toEqual([1, 0, 0, 0, 4]);
    expect(await wordsOf(port, rawCall({ ...nfs, procedure: 0 }), 5)).toEqual([1, 0, 0, 0, 0]);
  });

  it('denies other RPC versions, broken and unknown credentials', async () => {
    const { port } = await setUp();
    const call = Buffer.from(rawCall({ ...nfs, procedure: 0 }));
    call.writeUInt32BE(3, 12);
    expect(await wordsOf(port, call, 5)).toEqual([1, 1, 0, 2, 2]);
    const broken = { flavor: 1, body: Buffer.alloc(8, 0xff) };
    expect(await wordsOf(port, rawCall({ ...nfs, procedure: 0 }, undefined, broken), 4)).toEqual([
      1, 1, 1, 1,
    ]);
    const kerberos = { flavor: 6, body: Buffer.alloc(20) };
    expect(await wordsOf(port, rawCall({ ...nfs, procedure: 0 }, undefined, kerberos), 4)).toEqual([
      1, 1, 1, 2,
    ]);
  });

  it('closes a connection that claims a record above the bound or sends replies', async () => {
    const { port } = await setUp();
    const huge = Buffer.alloc(8);
    huge.writeUInt32BE(0xffff_fff0, 0);
    expect(await exchange(port, huge, 1)).toHaveLength(0);
    const reply = Buffer.from(rawCall({ ...nfs, procedure: 0 }));
    reply.writeUInt32BE(1, 8);
    expect(await exchange(port, reply, 1)).toHaveLength(0);
  });

  it('turns away clients above the bound and counts connections', async () => {
    const { port, server } = await setUp(undefined, { maxConnections: 1 });
    const first = connect({ host: '127.0.0.1', port });
    await expect.poll(() => server.connectionCount).toBe(1);
    expect(await exchange(port, rawCall({ ...nfs, procedure: 0 }), 28)).toHaveLength(0);
    first.destroy();
    await expect.poll(() => server.connectionCount).toBe(0);
    expect(await exchange(port, rawCall({ ...nfs, procedure: 0 }), 28)).toHaveLength(28);
  });

  it('stops reading requests from a client that does not fetch its replies', async () => {
    let reads = 0;
    const fileSystem = new MemoryFileSystem({
      before: (procedure) => {
        if (procedure === 'READ') reads++;
      },
    });
    fileSystem.addFile('disk', new Uint8Array(1024 * 1024));
    const { port } = await setUp(fileSystem);
    const request = rawCall({ ...nfs, procedure: nfsProcedure.READ }, (writer) =>
      writer
        .opaque(Buffer.from('1:2'))
        .uint64(0)
        .uint32(1024 * 1024),
    );
    const socket = connect({ host: '127.0.0.1', port });
    socket.pause();
    const total = 300;
    for (let count = 0; count < total; count++) socket.write(request);
    await expect.poll(() => reads).toBeGreaterThan(3);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(reads).toBeLessThan(60);
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    socket.resume();
    await expect.poll(() => received, { timeout: 20_000 }).toBe(total * (1024 * 1024 + 132));
    socket.destroy();
  });

  it('says when it cannot listen', async () => {
    const { port, fileSystem, options } = await setUp();
    const again = createNfsServer({
      fileSystem,
      address: '127.0.0.1',
      nfsPort: port,
      mountPort: 0,
      clock: options.clock,
    });
    await expect(again).rejects.toMatchObject({ code: 'L-NET-301' });
  });
});

describe('NFS procedures', () => {
  it('refuse what cannot be done with the right status', async () => {
    const { port } = await setUp(new MemoryFileSystem({ readOnly: true }));
    const name = (writer: XdrWriter) => writer.opaque(root).string('x');
    const noChanges = (writer: XdrWriter) =>
      writer.uint32(0).uint32(0).uint32(0).uint32(0).uint32(0).uint32(0);
    const status = (procedure: number, write: (writer: XdrWriter) => void) =>
      statusFor(port, procedure, write);
    expect(await status(nfsProcedure.REMOVE, name)).toBe(nfsStatus.ROFS);
    expect(await status(nfsProcedure.RMDIR, name)).toBe(nfsStatus.ROFS);
    expect(await status(nfsProcedure.MKDIR, (writer) => noChanges(name(writer)))).toBe(nfsStatus.ROFS);
    expect(await status(nfsProcedure.SETATTR, (w) => noChanges(w.opaque(root)).uint32(0))).toBe(
      nfsStatus.ROFS,
    );
    expect(await status(nfsProcedure.COMMIT, (w) => w.opaque(root).uint64(0).uint32(0))).toBe(nfsStatus.ROFS);
    expect(await status(nfsProcedure.RENAME, (w) => name(name(w) as XdrWriter))).toBe(nfsStatus.ROFS);
    expect(await status(nfsProcedure.SYMLINK, name)).toBe(nfsStatus.NOTSUPP);
    expect(await status(nfsProcedure.MKNOD, name)).toBe(nfsStatus.NOTSUPP);
    expect(await status(nfsProcedure.LINK, (w) => w.opaque(root).opaque(root).string('l'))).toBe(
      nfsStatus.NOTSUPP,
    );
  });

  it('check names, handles and sizes', async () => {
    const { port } = await setUp();
    const lookup = (name: string, handle: Uint8Array = root) =>
      statusFor(port, nfsProcedure.LOOKUP, (writer) => writer.opaque(handle).string(name));
    expect(await lookup('x'.repeat(256))).toBe(nfsStatus.NAMETOOLONG);
    expect(await lookup('a/b')).toBe(nfsStatus.ACCES);
    expect(await lookup('')).toBe(nfsStatus.INVAL);
    expect(await lookup('x', Buffer.from('9:9'))).toBe(nfsStatus.STALE);
    const read = (offset: bigint) =>
      statusFor(port, nfsProcedure.READ, (writer) => writer.opaque(root).uint64(offset).uint32(10));
    expect(await read(0n)).toBe(nfsStatus.ISDIR);
    expect(await read(2n ** 63n)).toBe(nfsStatus.INVAL);
    const list = (maxBytes: number) =>
      statusFor(port, nfsProcedure.READDIR, (writer) =>
        writer.opaque(root).uint64(0).uint64(0).uint32(maxBytes),
      );
    expect(await list(100)).toBe(nfsStatus.TOOSMALL);
    expect(await list(4096)).toBe(nfsStatus.OK);
    const lessThanCounted = rawCall({ ...nfs, procedure: nfsProcedure.WRITE }, (writer) =>
      writer.opaque(root).uint64(0n).uint32(10).uint32(0).opaque(new Uint8Array(5)),
    );
    expect(await wordsOf(port, lessThanCounted, 5)).toEqual([1, 0, 0, 0, 4]);
  });

  it('remember who mounted what', async () => {
    const { port } = await setUp();
    const mount = { program: mountProgram, version: 3 };
    const path = (writer: XdrWriter) => writer.string('/export');
    await exchange(port, rawCall({ ...mount, procedure: 1 }, path), 40);
    const dump = rawCall({ ...mount, procedure: 2 });
    const table = new XdrReader(await exchange(port, dump, 28 + 28), 28);
    expect([table.boolean(), table.string(255), table.string(255), table.boolean()]).toEqual([
      true,
      'test',
      '/export',
      false,
    ]);
    await exchange(port, rawCall({ ...mount, procedure: 3 }, path), 28);
    expect(new XdrReader(await exchange(port, dump, 32), 28).boolean()).toBe(false);
  });
});
