import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import { expect, test } from 'vitest';
import { contentsOf } from './array-contents.ts';
import { ControlClient } from './control-client.ts';
import { labProcesses, type Scenario, startLab, stopLab } from './lab.ts';
import { type LabState, readLabState } from './lab-state.ts';
import { dataPortBytesRead, vmwareSnapshotCount } from './observe.ts';
import { isRunning } from './simulator-process.ts';

async function inLab(scenario: Scenario, work: (lab: LabState) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'leeward-lab-'));
  const common = { clock: systemClock, randomness: systemRandomness, onNote: () => undefined };
  const lab = await startLab({ ...common, folder: join(folder, 'lab'), size: 0.02, scenario });
  try {
    expect(await readLabState(lab.folder)).toEqual(lab);
    await work(lab);
  } finally {
    await stopLab(lab.folder, systemClock);
    expect(labProcesses(lab).filter(isRunning)).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  }
}

test('the full datacentre: both families, hosts write to both, all is on the secondaries, nothing was read', async () => {
  await inLab('full', async (lab) => {
    expect(lab.arrays.map(({ name, family, role }) => `${name} ${family} ${role}`)).toEqual([
      'ontap-a ontap primary',
      'ontap-b ontap secondary',
      'nimble-a nimble primary',
      'nimble-b nimble secondary',
    ]);
    const contents = await Promise.all(lab.arrays.map(contentsOf));
    expect(contents.map(({ mappings }) => mappings)).toEqual([
      ['svm1:/vol/vm_lun2/lun1 esxi 0'],
      [],
      ['vm-ds3 esxi volume'],
      [],
    ]);
    for (const [index, count] of [2, 2, 1, 1].entries())
      expect(contents[index]?.storageSnapshots.length).toBe(count);
    for (const array of lab.arrays) expect(await dataPortBytesRead(array)).toBe(0);
    const state = await new ControlClient(lab.vcenter.control).get('/state');
    expect(state).toMatchObject({
      vms: [
        { name: 'db-01', datastore: 'vm_ds1', disks: [{}, {}] },
        { name: 'Büro [alt] Server 01', datastore: 'vm_ds2' },
        { name: 'web-01', datastore: 'vm_ds3' },
      ],
    });
  });
}, 120_000);

test('the cascade datacentre: four clusters, what hosts wrote is on each, as far as its volume goes', async () => {
  await inLab('cascade', async (lab) => {
    expect(lab.arrays.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'ontap-a primary',
      ...['ontap-b', 'ontap-c', 'ontap-d'].map((name) => `${name} secondary`),
    ]);
    const contents = await Promise.all(lab.arrays.map(contentsOf));
    expect(contents.map(({ storageSnapshots }) => storageSnapshots.length)).toEqual([4, 4, 4, 1]);
  });
}, 120_000);

test('the sync datacentre: what hosts wrote is on both sides, and nothing was read', async () => {
  await inLab('sync', async (lab) => {
    expect(lab.arrays.map(({ name }) => name)).toEqual(['nimble-m']);
    const [array] = lab.arrays;
    if (!array) throw new Error('no array');
    expect(await dataPortBytesRead(array)).toBe(0);
    const control = new ControlClient(array.control);
    const { volumeCollections, volumes } = (await control.get('/state')) as {
      volumeCollections: { name: string; synchronous: object }[];
      volumes: { pool: string; usedBytes: number }[];
    };
    expect(volumeCollections.map(({ name, synchronous }) => ({ name, ...synchronous }))).toMatchObject([
      { name: 'metro', state: 'in_sync' },
      { name: 'metro-3', state: 'in_sync' },
    ]);
    const onSecondary = volumes.filter(({ pool }) => pool === 'pool-b');
    expect(onSecondary.length).toBe(3);
    for (const { usedBytes } of onSecondary) expect(usedBytes).toBeGreaterThan(1024 * 1024);
  });
}, 120_000);

test('the spread datacentre: VMs over two volumes, chains of VMware snapshots', async () => {
  await inLab('spread', async (lab) => {
    expect(await vmwareSnapshotCount(lab)).toBe(6);
    const { vms } = (await new ControlClient(lab.vcenter.control).get('/state')) as {
      vms: { name: string; disks: { chain: string[] }[] }[];
    };
    for (const { name, disks } of vms)
      for (const { chain } of disks) expect(chain.length).toBe(name.startsWith('chain') ? 3 : 1);
  });
}, 120_000);
