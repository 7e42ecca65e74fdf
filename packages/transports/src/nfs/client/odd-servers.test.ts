import { systemClock, systemRandomness } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { mount3Program } from '../../mount/mount-program.ts';
import { mountProgram } from '../../mount/mount3.ts';
import type { RpcProcedure, RpcProgram } from '../../rpc/server/rpc-program.ts';
import { RpcServer } from '../../rpc/server/rpc-server.ts';
import { nfsStatus } from '../nfs-status.ts';
import { nfsProcedure } from '../protocol/nfs3.ts';
import { nfs3Program } from '../server/nfs-program.ts';
import { MemoryFileSystem } from '../testing/memory-file-system.ts';
import { connectNfs, type NfsMount } from './nfs-client.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Oddity {
  readonly nfs?: ReadonlyMap<number, RpcProcedure>;
  readonly programs?: (usual: readonly RpcProgram[]) => readonly RpcProgram[];
}

/** A server that does some procedures in its own way. */
async function connectTo({ nfs = new Map(), programs = (usual) => usual }: Oddity): Promise<NfsMount> {
  const fileSystem = new MemoryFileSystem();
  fileSystem.addFile('d/a', new Uint8Array(10).fill(1));
  fileSystem.addFile('d/b', new Uint8Array(20).fill(2));
  const usual = nfs3Program({
    fileSystem,
    maxReadBytes: 4096,
    maxWriteBytes: 4096,
    writeVerifier: 1n,
    onBytesRead: undefined,
    onBytesWritten: undefined,
  });
  const odd = { ...usual, procedures: new Map([...usual.procedures, ...nfs]) };
  const server = await RpcServer.listen({
    address: '127.0.0.1',
    port: 0,
    programs: programs([odd, mount3Program(fileSystem)]),
    maxRecordBytes: 65_536,
    maxReplyBytes: 65_536,
    maxConnections: 8,
  });
  closers.push(() => server.close());
  const mount = await connectNfs({
    addresses: ['127.0.0.1'],
    nfsPort: server.port,
    mountPort: server.port,
    exportPath: '/export',
    privilegedPort: 'never',
    clock: systemClock,
    randomness: systemRandomness,
  });
  closers.push(() => mount.close());
  return mount;
}

async function namesOf(mount: NfsMount): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, attributes } of mount.readDirectory('d'))
    names.push(`${name} ${attributes.sizeBytes}`);
  return names;
}

const bareLookup: RpcProcedure = async ({ arguments: reader, writer }) => {
  reader.opaque(64);
  const ids: Record<string, string> = { d: '1:2', a: '1:3', b: '1:4' };
  const id = ids[reader.string(255)];
  if (id === undefined) writer.uint32(nfsStatus.NOENT).boolean(false);
  else writer.uint32(nfsStatus.OK).opaque(Buffer.from(id)).boolean(false).boolean(false);
  return undefined;
};

const barePage: RpcProcedure = async ({ writer }) => {
  writer.uint32(nfsStatus.OK).boolean(false).uint64(0);
  for (const [index, name] of ['.', '..', 'a', 'gone', 'b'].entries())
    writer
      .boolean(true)
      .uint64(index + 1)
      .string(name)
      .uint64(index + 1)
      .boolean(false)
      .boolean(false);
  writer.boolean(false).boolean(true);
  return undefined;
};

describe('a server', () => {
  it('without READDIRPLUS is listed by READDIR and LOOKUP', async () => {
    const refuse: RpcProcedure = async ({ writer }) => {
      writer.uint32(nfsStatus.NOTSUPP).boolean(false);
      return undefined;
    };
    expect(await namesOf(await connectTo({ nfs: new Map([[nfsProcedure.READDIRPLUS, refuse]]) }))).toEqual([
      'a 10',
      'b 20',
    ]);
  });

  it('that leaves out attributes and handles is asked for them; names that vanished are left out', async () => {
    const nfs = new Map([
      [nfsProcedure.LOOKUP, bareLookup],
      [nfsProcedure.READDIRPLUS, barePage],
    ]);
    expect(await namesOf(await connectTo({ nfs }))).toEqual(['a 10', 'b 20']);
  });

  it('whose directory never ends is a broken protocol', async () => {
    const endless: RpcProcedure = async ({ writer }) => {
      writer.uint32(nfsStatus.OK).boolean(false).uint64(0);
      writer.boolean(true).uint64(1).string('a').uint64(5).boolean(false).boolean(false);
      writer.boolean(false).boolean(false);
      return undefined;
    };
    const mount = await connectTo({ nfs: new Map([[nfsProcedure.READDIRPLUS, endless]]) });
    await expect(namesOf(mount)).rejects.toMatchObject({ code: 'L-NET-113' });
  });

  it('that reads nothing where the file goes on is an error, not an endless loop', async () => {
    const nothing: RpcProcedure = async ({ writer }) => {
      writer.uint32(nfsStatus.OK).boolean(false).uint32(0).boolean(false).uint32(0);
      return undefined;
    };
    const mount = await connectTo({ nfs: new Map([[nfsProcedure.READ, nothing]]) });
    await expect(mount.readFile('d/a', 100)).rejects.toMatchObject({ code: 'L-NET-205' });
  });

  it('without NFS 3, or with other versions only, is named as such', async () => {
    const withoutNfs = connectTo({ programs: ([, mount]) => (mount ? [mount] : []) });
    await expect(withoutNfs).rejects.toMatchObject({ code: 'L-NET-104' });
    const newer = connectTo({
      programs: ([nfs, mount]) => (nfs && mount ? [{ ...nfs, version: 4 }, mount] : []),
    });
    await expect(newer).rejects.toThrow('versions 4 to 4');
  });

  it('whose export wants Kerberos is named as such', async () => {
    const kerberos: RpcProcedure = async ({ writer }) => {
      writer.uint32(0).opaque(Buffer.from('1:1')).uint32(2).uint32(390_003).uint32(390_004);
      return undefined;
    };
    const only = { program: mountProgram, version: 3, procedures: new Map([[1, kerberos]]) };
    await expect(connectTo({ programs: ([nfs]) => (nfs ? [nfs, only] : []) })).rejects.toMatchObject({
      code: 'L-NET-109',
    });
  });
});
