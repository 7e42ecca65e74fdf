import { createHash } from 'node:crypto';
import { systemClock } from '@leeward/platform';
import { createNfsServer } from '@leeward/transports/nfs/server/nfs-server';
import { MemoryFileSystem } from '@leeward/transports/nfs/testing/memory-file-system';
import { expect, test } from 'vitest';
import { startSmallLab } from '../testing/small-lab.ts';

test('hosts write their VMs over NFS from an address of their own, and never read', async () => {
  const fileSystem = new MemoryFileSystem({ exportPath: '/vol1' });
  const writers = new Set<string>();
  let bytesRead = 0;
  let server = await createNfsServer({
    fileSystem,
    address: '127.0.0.1',
    nfsPort: 0,
    mountPort: 0,
    clock: systemClock,
    onBytesRead: (_, bytes) => {
      bytesRead += bytes;
    },
    onBytesWritten: (caller) => writers.add(caller.address),
  });
  const { nfsPort } = server;
  const lab = await startSmallLab((config) => ({
    ...config,
    hosts: config.hosts.map((host) => ({ ...host, sourceAddress: '127.0.0.11' })),
    datastores: config.datastores.map((each) =>
      each.name === 'ds1'
        ? {
            ...each,
            files: {
              kind: 'nfs' as const,
              address: '127.0.0.1',
              exportPath: '/vol1',
              nfsPort,
              mountPort: server.mountPort,
            },
          }
        : each,
    ),
    vms: config.vms.slice(0, 1).map((vm) => ({ ...vm, guest: { seed: 5, bytesPerSecond: 2_000_000 } })),
  }));
  const { probe } = lab;
  const base = 'Büro [alt] Server 01';
  const work = () => new Promise((resolve) => setTimeout(resolve, 400));
  const hash = (path: string) => createHash('sha256').update(fileSystem.contentOf(path)).digest('hex');
  const truth = async (snapshot: string) =>
    ((await probe.control('GET', `/truth?snapshot=${snapshot}`)) as { disks: { sha256: string }[] }[])[0]!;
  try {
    await work();
    const one = await probe.createSnapshot('vm-100', 'one');
    await work();
    expect(hash(`${base}/${base}-flat.vmdk`)).toBe((await truth('one')).disks[0]!.sha256);
    expect(
      Buffer.from(fileSystem.contentOf(`${base}/${base}-000001-delta.vmdk`)).toString('ascii', 0, 4),
    ).toBe('COWD');

    // The array restarts: hosts reconnect and go on.
    await server.close();
    server = await createNfsServer({
      ...{ fileSystem, address: '127.0.0.1', nfsPort, mountPort: 0, clock: systemClock },
      onBytesRead: (_, bytes) => {
        bytesRead += bytes;
      },
    });
    await work();
    await probe.removeSnapshot(one);
    await work();
    await probe.createSnapshot('vm-100', 'two');
    const two = await truth('two');
    expect(two.disks[0]!.sha256).not.toBe((await truth('one')).disks[0]!.sha256);
    expect(hash(`${base}/${base}-flat.vmdk`)).toBe(two.disks[0]!.sha256);
    expect(hash(`${base}/${base}_1-flat.vmdk`)).toBe(two.disks[1]!.sha256);
    expect([...writers]).toEqual(['127.0.0.11']);
    expect(bytesRead).toBe(0);
  } finally {
    await lab.close();
    await server.close();
  }
});
