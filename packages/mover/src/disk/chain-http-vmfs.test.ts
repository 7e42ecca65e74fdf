import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SanLab, sanSerials, startSanLab } from '@leeward/lab/vcenter/testing/san-lab';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { findPoint, restorePoint } from '@leeward/repository';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { connectVcenter, type FrozenDisk, type VcenterClient } from '@leeward/vsphere';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DiskBackupOptions } from '../session/disk-backup-options.ts';
import { BackupFixture } from '../testing/backup-fixture.ts';
import type { ChainSource } from './disk-source.ts';
import { areasInUse } from './folder/http-allocated.ts';
import { openHostGate } from './folder/http-gate-server.ts';
import { sessionKeys } from './folder/http-keys.ts';
import { openDisk } from './open-disk.ts';

const mib = 2 ** 20;
const tools = { clock, randomness };
const luns = [`eui.${sanSerials.ds1}`, `eui.${sanSerials.ds2}`];
const vmMoId = 'vm-100';

async function start(version: 5 | 6, names: readonly string[]): Promise<SanLab> {
  const lab = await startSanLab({
    vcenter: (config) => ({
      ...config,
      datastores: [{ name: 'vmfs1', datacenter: 'DC1', type: 'VMFS', vmfs: { version, luns: [...names] } }],
      vms: [
        {
          ...{ datacenter: 'DC1', host: 'esx1.lab', datastore: 'vmfs1', name: 'vm', changeTracking: true },
          disks: [
            { sizeBytes: 24 * mib, fill: { seed: 3, ratio: 0.3 } },
            { sizeBytes: 16 * mib + 3072, provisioning: 'lazy', fill: { seed: 4, ratio: 0.2 } },
            { sizeBytes: 8 * mib, provisioning: 'eager', fill: { seed: 6, ratio: 0.5 } },
          ],
        },
      ],
    }),
  });
  onTestFinished(() => lab.close());
  return lab;
}

function connect({ simulator }: SanLab): VcenterClient {
  const client = connectVcenter({
    ...{ host: '127.0.0.1', port: simulator.port, username: 'admin@lab', password: 'secret' },
    trust: { kind: 'fingerprint', sha256: simulator.fingerprintSha256 },
    ...tools,
  });
  onTestFinished(() => client.close());
  return client;
}

async function truthOf({ probe }: SanLab, snapshot: string): Promise<string[]> {
  const [record] = (await probe.control('GET', `/truth?snapshot=${snapshot}`)) as {
    disks: { sha256: string }[];
  }[];
  return (record?.disks ?? []).map(({ sha256 }) => sha256);
}

describe.each([
  ['VMFS-6, SEsparse', 6, luns.slice(0, 1)],
  ['VMFS-5 over two LUNs, vmfsSparse', 5, luns],
] as const)('disks on %s over HTTPS', (_, version, names) => {
  it('a full by what is in use, then incrementals by changes, over a base and a frozen delta', async () => {
    const lab = await start(version, names);
    const client = connect(lab);
    const gate = openHostGate({ keys: sessionKeys((old) => client.folderCookie(old)), ...tools });
    onTestFinished(() => gate.close());
    const { port, fingerprintSha256: sha256 } = lab.simulator;
    const sourceOf = ({ fileName, sizeBytes }: FrozenDisk): ChainSource => ({
      kind: 'chain',
      folders: [
        {
          name: 'vmfs1',
          hints: [],
          access: {
            ...{ protocol: 'http', host: '127.0.0.1', port, trust: { kind: 'fingerprint', sha256 } },
            ...{ datacenterPath: 'DC1', datastore: 'vmfs1', rootPath: '', login: gate.login },
          },
        },
      ],
      ...{ folder: 0, path: fileName.replace(/^\[vmfs1\] /, ''), sizeBytes },
    });
    const fixture = await BackupFixture.create(temporaryFolder());

    async function backUp(
      snapshot: string,
      last?: { snapshotId: string; changeIds: (string | undefined)[] },
    ) {
      if (last) {
        // Only now: what is in use, and what changes, must not depend on how fast this machine is.
        await lab.probe.control('POST', '/vms/vm/guest', { bytesPerSecond: 2_000_000 });
        await lab.probe.control('POST', '/vms/vm/guest/resume');
        await clock.sleep(200);
        await lab.probe.control('POST', '/vms/vm/guest/pause');
      }
      const snapshotMoId = await lab.probe.createSnapshot(vmMoId, snapshot);
      const disks = await client.frozenDisks(snapshotMoId);
      const session = await fixture.openSession();
      const results = [];
      for (const [index, disk] of disks.entries()) {
        const source = sourceOf(disk);
        const query = { vmMoId, snapshotMoId, disk };
        const changeId = last?.changeIds[index];
        const found = changeId
          ? await client.changedAreas({ ...query, changeId })
          : await client.allocatedAreas(query);
        if (!found.usable) throw found.reason;
        const diskName = `disk${index}`;
        let changed: DiskBackupOptions['changed'] = found.extents;
        if (!last) {
          const opened = await openDisk(source, tools);
          const given = { allocatedAreas: found.extents, samples: 8, randomness, diskName };
          const { areas, warnings } = await areasInUse(opened, given);
          await opened.close();
          expect(warnings).toEqual([]);
          changed = areas;
        }
        const parent = last && { snapshotId: last.snapshotId, diskName };
        const checkpointFolder = fixture.checkpointFolder();
        results.push(await session.backupDisk({ diskName, source, changed, parent, checkpointFolder }));
      }
      const { snapshotId } = await session.commitPoint(fixture.pointOf(results, snapshot));
      await session.close();
      return { snapshotId, results, snapshotMoId, changeIds: disks.map((disk) => disk.changeId) };
    }

    async function expectExact(snapshot: string, snapshotId: string) {
      const repository = await fixture.openRepository();
      const targetFolder = join(fixture.folder, `restored-${snapshot}`);
      const { disks } = await restorePoint(repository, await findPoint(repository, snapshotId), {
        targetFolder,
      });
      const hashes = disks.map(({ flatPath }) =>
        createHash('sha256')
          .update(readFileSync(flatPath ?? ''))
          .digest('hex'),
      );
      expect(hashes).toEqual(await truthOf(lab, snapshot));
    }

    const full = await backUp('one');
    await expectExact('one', full.snapshotId);
    expect(full.results[1]?.bytesRead).toBeLessThan(16 * mib);
    await lab.probe.removeSnapshot(full.snapshotMoId);
    const second = await backUp('two', full);
    await expectExact('two', second.snapshotId);
    // What the one before froze is still there: the next is read over it.
    const third = await backUp('three', second);
    await expectExact('three', third.snapshotId);
    expect(third.results[0]?.bytesRead).toBeLessThan(24 * mib);
  });
});
