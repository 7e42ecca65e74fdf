import { makeVolume } from '@leeward/lab/vmfs/testing';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { createIscsiTarget, MappedTarget } from '@leeward/transports/iscsi/target/iscsi-target';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChainSource } from '../disk/disk-source.ts';
import type { IscsiLunAccess } from '../disk/folder-access.ts';
import { BackupFixture } from '../testing/backup-fixture.ts';
import { flatDescriptor } from '../testing/chain-files.ts';

const mib = 2 ** 20;
const initiatorName = 'iqn.2024-01.org.leeward:proxy';
const targetName = 'iqn.2024-01.org.leeward:array';
const diskBytes = 48 * mib;

/** A disk on a VMFS volume on one LUN, behind a portal for each rank. */
async function served(ranks: readonly number[]) {
  const { host, luns } = await makeVolume({ version: 6 });
  const content = diskContent(diskBytes, 7);
  await host.makeDirectory('vm');
  await (await host.createDisk('vm/a-flat.vmdk', diskBytes, 'eager')).write(0, content);
  const descriptor = flatDescriptor([{ fileName: 'a-flat.vmdk', lengthBytes: diskBytes }]);
  await (await host.createFile('vm/a.vmdk')).write(0, descriptor);
  const [store] = luns;
  if (!store) throw new Error('no LUN');
  const identity = { vendor: 'LEEWARD', product: 'TEST', revision: '1', serial: 'serial' };
  const mapped = new MappedTarget(targetName);
  mapped.map(initiatorName, 0, {
    ...{ sizeBytes: store.sizeBytes, blockBytes: 512, identity },
    read: (offsetBytes, target) => store.read(offsetBytes, target),
  });
  const server = await createIscsiTarget({
    portals: ranks.map(() => ({ address: '127.0.0.1', port: 0 })),
    ...{ targets: () => [mapped], clock, randomness },
  });
  onTestFinished(() => server.close());
  const lun: IscsiLunAccess = {
    kind: 'iscsi',
    portals: server.ports.map((port, at) => ({ host: '127.0.0.1', port, rank: ranks[at] })),
    ...{ targetName, lun: 0, initiatorName, name: 'lun', sizeBytes: store.sizeBytes },
    ...{ serial: 'serial', scsiNames: [] },
  };
  const source: ChainSource = {
    kind: 'chain',
    folders: [{ name: 'ds', hints: [], access: { protocol: 'vmfs', uuid: host.uuid, luns: [lun] } }],
    ...{ folder: 0, path: 'vm/a.vmdk', sizeBytes: diskBytes },
  };
  const bytesByPortal = () =>
    server.ports.map((port) =>
      server.counters
        .filter(({ portal }) => portal === `127.0.0.1:${port}`)
        .reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    );
  return { server, source, bytesByPortal };
}

async function backUp(source: ChainSource, workers: number): Promise<void> {
  const fixture = await BackupFixture.create(temporaryFolder());
  const session = await fixture.openSession({ workers });
  try {
    const checkpointFolder = fixture.checkpointFolder();
    const result = await session.backupDisk({ diskName: 'disk', source, changed: 'all', checkpointFolder });
    expect(result.bytesRead).toBe(diskBytes);
  } finally {
    await session.close();
  }
}

/** Each worker is handed several batches of 4 MiB before the first one is done. */
const share = 8 * mib;

describe('the workers of a proxy', () => {
  it('read through all portals that are equally good, and through no worse one', async () => {
    const { source, bytesByPortal } = await served([0, 1, 0]);
    await backUp(source, 2);
    const [first = 0, worse, second = 0] = bytesByPortal();
    expect(first).toBeGreaterThan(share);
    expect(second).toBeGreaterThan(share);
    expect(worse).toBe(0);
  });

  it('stay with good ones when one of them is dead, and take a worse one only when all are', async () => {
    const { source, server, bytesByPortal } = await served([0, 0, 1]);
    await server.closePortal(1);
    await backUp(source, 2);
    const [good = 0, dead, worse] = bytesByPortal();
    expect(good).toBeGreaterThan(diskBytes);
    expect([dead, worse]).toEqual([0, 0]);
    await server.closePortal(0);
    await backUp(source, 2);
    expect(bytesByPortal()[2]).toBeGreaterThan(diskBytes);
  });
});
