import { systemClock } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { mountProcedure, mountProgram } from '../../mount/mount3.ts';
import { XdrReader } from '../../xdr/xdr-reader.ts';
import type { XdrWriter } from '../../xdr/xdr-writer.ts';
import { nfsStatus } from '../nfs-status.ts';
import { type NfsProcedureName, nfsProcedure, nfsProgram } from '../protocol/nfs3.ts';
import { MemoryFileSystem } from '../testing/memory-file-system.ts';
import { exchange, rawCall } from '../testing/raw-client.ts';
import type { NfsCallFault, NfsCallInfo } from './fault-hooks.ts';
import { createNfsServer, type NfsServer } from './nfs-server.ts';

const root = Buffer.from('1:1');
let server: NfsServer | undefined;
afterEach(() => server?.close());

async function serve(fault: (call: NfsCallInfo) => NfsCallFault | undefined) {
  const fileSystem = new MemoryFileSystem();
  server = await createNfsServer({
    ...{ fileSystem, address: '127.0.0.1', nfsPort: 0, mountPort: 0, clock: systemClock },
    faults: { onCall: fault },
  });
  return { fileSystem, port: server.nfsPort, server };
}

const call = (procedure: NfsProcedureName, write: (writer: XdrWriter) => void) =>
  rawCall({ program: nfsProgram, version: 3, procedure: nfsProcedure[procedure] }, write);
const handleOnly = (writer: XdrWriter) => void writer.opaque(root);
const makeFolder = (name: string) =>
  call('MKDIR', (writer) => {
    writer.opaque(root).string(name);
    for (let word = 0; word < 6; word++) writer.uint32(0);
  });

describe('an NFS server whose calls are disturbed', () => {
  it('tells what is asked for, and refuses with the shape that each procedure has', async () => {
    const seen: NfsCallInfo[] = [];
    const { port } = await serve((each) => {
      seen.push(each);
      return { kind: 'status', status: 'STALE' };
    });
    const words: [Uint8Array, number][] = [
      [call('GETATTR', handleOnly), 0],
      [call('LOOKUP', (writer) => writer.opaque(root).string('file')), 1],
      [makeFolder('new'), 2],
      [call('RENAME', (writer) => writer.opaque(root).string('a').opaque(root).string('b')), 4],
    ];
    for (const [request, absent] of words) {
      const reply = await exchange(port, request, 8 + 4 * (6 + absent));
      const reader = new XdrReader(reply, 8);
      const [, , , , accepted, status, ...rest] = Array.from({ length: 6 + absent }, () => reader.uint32());
      expect([accepted, status, rest]).toEqual([0, nfsStatus.STALE, Array(absent).fill(0)]);
      expect(reply.length).toBe(8 + 4 * (6 + absent));
    }
    expect(seen.map(({ procedure, name }) => [procedure, name])).toEqual([
      ['GETATTR', undefined],
      ['LOOKUP', 'file'],
      ['MKDIR', 'new'],
      ['RENAME', 'a'],
    ]);
    expect(seen.every(({ handle }) => Buffer.from(handle ?? []).equals(root))).toBe(true);
  });

  it('refuses a mount by its path; NULL and broken arguments are left alone', async () => {
    const paths: (string | undefined)[] = [];
    const { port } = await serve(({ path }) => {
      paths.push(path);
      return { kind: 'status', status: 'ACCES' };
    });
    const mount = { program: mountProgram, version: 3, procedure: mountProcedure.MNT };
    const reply = await exchange(
      port,
      rawCall(mount, (writer) => writer.string('/vol1')),
      32,
    );
    expect(new XdrReader(reply, 28).uint32()).toBe(nfsStatus.ACCES);
    expect(paths).toEqual(['/vol1']);
    expect(await exchange(port, rawCall({ program: nfsProgram, version: 3, procedure: 0 }), 28)).toHaveLength(
      28,
    );
    const garbage = await exchange(
      port,
      call('GETATTR', (writer) => writer.uint32(1 << 30)),
      28,
    );
    expect(new XdrReader(garbage, 24).uint32()).toBe(4);
  });

  it('cuts before it acts, or after it did', async () => {
    let kind: 'drop' | 'lose' = 'drop';
    const { port, fileSystem } = await serve(({ procedure }) =>
      procedure === 'MKDIR' ? { kind } : undefined,
    );
    const caller = { address: '', port: 0, flavor: 'sys', uid: 0, gid: 0, gids: [] } as const;
    const names = async () =>
      (await fileSystem.readDirectory(root, 0n, 100, caller)).entries.map(({ name }) => name);
    expect(await exchange(port, makeFolder('one'), 28)).toHaveLength(0);
    kind = 'lose';
    expect(await exchange(port, makeFolder('two'), 28)).toHaveLength(0);
    expect(await names()).toContain('two');
    expect(await names()).not.toContain('one');
  });

  it('that hold calls back or never answer them can be closed', async () => {
    let fault: NfsCallFault = { kind: 'silence' };
    const { port, server: running } = await serve(() => fault);
    const silent = exchange(port, call('GETATTR', handleOnly), 28);
    fault = { kind: 'delay', delayMs: 3_600_000 };
    const late = exchange(port, call('GETATTR', handleOnly), 28);
    while (running.connectionCount < 2) await systemClock.sleep(5);
    await systemClock.sleep(20);
    await running.close();
    for (const reply of await Promise.all([silent, late])) expect(reply).toHaveLength(0);
  });
});
