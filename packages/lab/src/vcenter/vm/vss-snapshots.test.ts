import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VcenterConfigInput } from '../config.ts';
import { chainOn, momentOf } from '../testing/array-moment.ts';
import { contentOf, wholeChain } from '../testing/local-chain.ts';
import { sanSerials, startSanLab } from '../testing/san-lab.ts';
import { type SmallLab, startSmallLab } from '../testing/small-lab.ts';
import type { VimProbe } from '../testing/vim-probe.ts';

const mebibyte = 1 << 20;
const id = 'vm-100';
const name = 'sql';
const disks = ['sql', 'sql_1'];
const guest = { seed: 9, bytesPerSecond: 6_000_000, quiesce: 'vss' } as const;

type VmInput = VcenterConfigInput['vms'][number];

const windows = (datastore: string, more: Partial<VmInput> = {}): VmInput => ({
  ...{ name, datacenter: 'DC1', host: 'esx1.lab', datastore, changeTracking: true },
  guestId: 'windows2019srvNext_64Guest',
  disks: [
    { sizeBytes: 24 * mebibyte, fill: { seed: 3, ratio: 0.6 } },
    { sizeBytes: 8 * mebibyte + 1536, fill: { seed: 4, ratio: 0.3 } },
  ],
  guest,
  ...more,
});

const work = () => new Promise((resolve) => setTimeout(resolve, 250));

async function truthOf(probe: VimProbe, snapshot: string): Promise<string[]> {
  const found = (await probe.control('GET', `/truth?snapshot=${snapshot}`)) as {
    disks: { sha256: string }[];
  }[];
  return (found[0]?.disks ?? []).map(({ sha256 }) => sha256);
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** For each disk of a VMware snapshot, its file and what that stands on, as the API tells. */
async function chainsOf(probe: VimProbe, snapshot: string): Promise<string[][]> {
  const config = await probe.value('Fetch', `VirtualMachineSnapshot:${snapshot}`, '<prop>config</prop>');
  const found = [...config.matchAll(/<device xsi:type="VirtualDisk">(.*?)<\/device>/gs)];
  return found.map(([, device]) =>
    [...(device ?? '').matchAll(/<fileName>[^<]*\/([^<]+)</g)].map((m) => m[1] ?? ''),
  );
}

/** Tracking blocks (64 KiB) that a query reports. */
async function changedBlocks(probe: VimProbe, snapshot: string, since: string): Promise<Set<number>> {
  const { body } = await probe.call(
    'QueryChangedDiskAreas',
    `VirtualMachine:${id}`,
    `<snapshot type="VirtualMachineSnapshot">${snapshot}</snapshot><deviceKey>2000</deviceKey><startOffset>0</startOffset><changeId>${since}</changeId>`,
  );
  const areas = [...body.matchAll(/<changedArea><start>(\d+)<\/start><length>(\d+)<\/length>/g)];
  return new Set(
    areas.flatMap(([, start, length]) =>
      Array.from({ length: Math.ceil(Number(length) / 65_536) }, (_, at) => Number(start) / 65_536 + at),
    ),
  );
}

const differing = (one: Buffer, other: Buffer) =>
  Array.from({ length: one.length / 65_536 }, (_, block) => block).filter(
    (block) =>
      one.compare(other, block * 65_536, (block + 1) * 65_536, block * 65_536, (block + 1) * 65_536) !== 0,
  );

describe('VMware snapshots of a guest with VSS writers', () => {
  let lab: SmallLab;
  const start = async (more: Partial<VmInput> = {}, snapshotMs = 20) => {
    const taskMs = { queued: 5, snapshot: snapshotMs, other: 5 };
    lab = await startSmallLab((config) => ({ ...config, taskMs, vms: [windows('ds1', more)] }));
  };
  const files = () => readdirSync(join(lab.datastore, name)).sort();
  const text = (file: string) => readFileSync(join(lab.datastore, name, file), 'utf8');
  const content = (file: string) => wholeChain(join(lab.datastore, name), file);
  const pause = () => lab.probe.control('POST', `/vms/${id}/guest/pause`);
  const expectTruth = async (snapshot: string, descriptors: readonly string[]) => {
    const truth = await truthOf(lab.probe, snapshot);
    expect(truth).toHaveLength(descriptors.length);
    for (const [at, file] of descriptors.entries()) expect(hashOf(await content(file))).toBe(truth[at]);
  };
  beforeEach(() => start());
  afterEach(() => lab.close());

  test('have two redo logs per disk; the second is frozen, and holds what the writers wrote', async () => {
    const before = files();
    const { probe } = lab;
    const snapshot = await probe.createSnapshot(id, 's1', true);
    const deltas = disks.flatMap((disk) =>
      ['000001', '000002'].flatMap((number) =>
        ['-ctk', '-delta', ''].map((part) => `${disk}-${number}${part}.vmdk`),
      ),
    );
    const snapshotFiles = ['sql-Snapshot1.vmsn', 'sql-vss_manifests1.zip'];
    expect(files()).toEqual([...before, ...deltas, ...snapshotFiles].sort());
    expect(await chainsOf(probe, snapshot)).toEqual(
      disks.map((disk) => [`${disk}-000002.vmdk`, `${disk}.vmdk`]),
    );
    expect(text('sql.vmsd')).toContain('snapshot0.disk0.fileName = "sql-000002.vmdk"');
    expect(text('sql.vmx')).toContain('scsi0:0.fileName = "sql-000001.vmdk"');
    expect(text('sql-000002.vmdk')).toContain('parentFileNameHint="sql.vmdk"');
    const [base, live, frozen] = ['sql.vmdk', 'sql-000001.vmdk', 'sql-000002.vmdk'].map(text);
    const cid = (descriptor = '') => /^CID=(\w+)/m.exec(descriptor)?.[1];
    for (const delta of [live, frozen]) expect(delta).toContain(`parentCID=${cid(base)}`);
    expect(cid(frozen)).not.toBe(cid(base));
    const tree = await probe.value('Fetch', `VirtualMachine:${id}`, '<prop>snapshot</prop>');
    expect(tree).toContain('<quiesced>true</quiesced>');
    expect(tree).toContain('<backupManifest>[ds1] sql/sql-vss_manifests1.zip</backupManifest>');
    expect(readFileSync(join(lab.datastore, name, 'sql-vss_manifests1.zip'), 'latin1')).toContain(
      'writer0.xml',
    );
    await work();
    await expectTruth(
      's1',
      disks.map((disk) => `${disk}-000002.vmdk`),
    );
    const changed = differing(await content('sql.vmdk'), await content('sql-000002.vmdk'));
    expect(changed.length).toBeGreaterThan(3);
    await probe.removeSnapshot(snapshot);
    expect(files()).toEqual(before);
    await pause();
    await probe.createSnapshot(id, 'last');
    await expectTruth(
      'last',
      disks.map((disk) => `${disk}.vmdk`),
    );
    expect(files()).not.toContain('sql-000002.vmdk');
  });

  test('change tracking reports what the writers wrote for the VMware snapshot, and not of the running disk', async () => {
    const { probe } = lab;
    const first = await probe.createSnapshot(id, 'first', true);
    const since = (await probe.changeIds(first)).get(2000) ?? '';
    const firstContent = await content('sql-000002.vmdk');
    const untouched = differing(firstContent, await content('sql.vmdk'));
    expect((await changedBlocks(probe, first, since)).size).toBe(0);
    await probe.removeSnapshot(first);
    await work();
    await pause();
    const second = await probe.createSnapshot(id, 'second', true);
    const reported = await changedBlocks(probe, second, since);
    const written = differing(await content('sql.vmdk'), await content('sql-000002.vmdk'));
    expect(written.filter((block) => !reported.has(block))).toEqual([]);
    // What only the first redo log held was never written to the disk, so nobody tells that it is gone.
    const missed = differing(firstContent, await content('sql-000002.vmdk')).filter(
      (block) => !reported.has(block),
    );
    expect(missed.length).toBeGreaterThan(0);
    expect(missed.filter((block) => !untouched.includes(block))).toEqual([]);
  });

  test('that are not quiesced, or cannot be by the writers, have one redo log', async () => {
    const { probe } = lab;
    const plain = await probe.createSnapshot(id, 'plain');
    expect(files().filter((file) => /-000002|vss_manifests/.test(file))).toEqual([]);
    expect(await chainsOf(probe, plain)).toEqual(disks.map((disk) => [`${disk}.vmdk`]));
    await lab.close();
    await start({ disks: [{ sizeBytes: mebibyte, node: 'nvme0:0' }] });
    await lab.probe.createSnapshot(id, 'nvme', true);
    expect(files().filter((file) => file.includes('-000002'))).toEqual([]);
    const manifest = readFileSync(join(lab.datastore, name, 'sql-vss_manifests1.zip'), 'latin1');
    expect(manifest).toContain('backup.xml');
    expect(manifest).not.toContain('writer0.xml');
    await lab.close();
    await start({ toolsRunning: false });
    await lab.probe.createSnapshot(id, 'no tools', true);
    expect(files().filter((file) => /-000002|vss_manifests/.test(file))).toEqual([]);
  });

  test('between others: removed in any order, nothing stays and each is what it was', async () => {
    await lab.close();
    await start({
      snapshots: [
        { name: 'user1', quiesce: true, writesAfter: { seed: 1, bytes: mebibyte } },
        { name: 'user2', writesAfter: { seed: 2, bytes: mebibyte } },
      ],
    });
    const { probe } = lab;
    const state = (await probe.control('GET', `/vms/${id}`)) as { snapshots: { moid: string }[] };
    const [user1 = '', user2 = ''] = state.snapshots.map(({ moid }) => moid);
    const own = await probe.createSnapshot(id, 'own', true);
    await work();
    const after = await probe.createSnapshot(id, 'after');
    await work();
    const frozenOf = async (moid: string) => (await chainsOf(probe, moid)).map(([file = '']) => file);
    const all = { user1, user2, own, after };
    for (const [each, moid] of Object.entries(all)) await expectTruth(each, await frozenOf(moid));
    await probe.removeSnapshot(user2);
    for (const each of ['user1', 'own', 'after'] as const) await expectTruth(each, await frozenOf(all[each]));
    await probe.removeSnapshot(own);
    for (const each of ['user1', 'after'] as const) await expectTruth(each, await frozenOf(all[each]));
    await probe.removeSnapshot(user1);
    await expectTruth('after', await frozenOf(after));
    await probe.removeSnapshot(after);
    expect(files().filter((file) => /-\d{6}|Snapshot|manifests/.test(file))).toEqual([]);
    await pause();
    await probe.createSnapshot(id, 'last');
    await expectTruth(
      'last',
      disks.map((disk) => `${disk}.vmdk`),
    );
  });

  test('the disk goes back to what the writers had made of it, and RemoveAll leaves nothing', async () => {
    const { probe } = lab;
    const before = files();
    const old = (await probe.changeIds(await probe.createSnapshot(id, 'before'))).get(2000) ?? '';
    const quiesced = await probe.createSnapshot(id, 'quiesced', true);
    await work();
    await probe.createSnapshot(id, 'later', true);
    await probe.task('RevertToSnapshot_Task', `VirtualMachineSnapshot:${quiesced}`);
    const again = await probe.createSnapshot(id, 'again');
    expect(await truthOf(probe, 'again')).toEqual(await truthOf(probe, 'quiesced'));
    for (const snapshot of ['quiesced', 'later', 'again']) {
      const [record] = (await probe.control('GET', `/truth?snapshot=${snapshot}`)) as {
        snapshotId: string;
      }[];
      await expectTruth(
        snapshot,
        (await chainsOf(probe, record?.snapshotId ?? '')).map(([file = '']) => file),
      );
    }
    const [top = ''] = (await chainsOf(probe, again))[0] ?? [];
    const changed = differing(await content('sql.vmdk'), await content(top));
    const reported = await changedBlocks(probe, again, old);
    expect(changed.filter((block) => !reported.has(block))).toEqual([]);
    await probe.task('RemoveAllSnapshots_Task', `VirtualMachine:${id}`);
    expect(files()).toEqual(before);
    await probe.createSnapshot(id, 'last');
    expect(await truthOf(probe, 'last')).toEqual(await truthOf(probe, 'quiesced'));
    await expectTruth(
      'last',
      disks.map((disk) => `${disk}.vmdk`),
    );
  });

  test('writers that fail, or go down with the guest, leave nothing behind', async () => {
    const { probe } = lab;
    const before = files();
    const fails = { method: 'CreateSnapshot_Task', stage: 'task', vm: name, nth: 2 };
    await probe.control('POST', '/faults', {
      ...fails,
      action: { kind: 'fault', type: 'ApplicationQuiesceFault' },
    });
    await expect(probe.createSnapshot(id, 'x', true)).rejects.toThrow('ApplicationQuiesceFault');
    expect(files()).toEqual(before);
    expect(await truthOf(probe, 'x')).toEqual([]);
    await pause();
    await probe.createSnapshot(id, 'sound', true);
    await expectTruth(
      'sound',
      disks.map((disk) => `${disk}-000002.vmdk`),
    );
    await probe.task('RemoveAllSnapshots_Task', `VirtualMachine:${id}`);
    expect(files()).toEqual(before);
    await lab.close();
    await start({}, 400);
    const failed = expect(lab.probe.createSnapshot(id, 'y', true)).rejects.toThrow('ApplicationQuiesceFault');
    await expect.poll(files, { interval: 10 }).toContain('sql_1-000002.vmdk');
    await lab.probe.control('POST', `/vms/${id}/crash`);
    await failed;
    expect(files()).toEqual(before);
    const state = await lab.probe.control('GET', `/vms/${id}`);
    expect(state).toMatchObject({ consolidationNeeded: false, snapshots: [] });
  });
});

test.each([5, 6] as const)('on VMFS-%i: the array holds what the second redo log shows', async (version) => {
  const luns = [`eui.${sanSerials.ds1}`];
  const vmfs = { version, luns, placement: 'scattered' as const };
  const lab = await startSanLab({
    vcenter: (config) => ({
      ...config,
      datastores: [{ name: 'vmfs1', datacenter: 'DC1', type: 'VMFS', vmfs }],
      vms: [windows('vmfs1')],
    }),
  });
  const { probe } = lab;
  const look = async <T>(
    at: (volume: Awaited<ReturnType<ReturnType<typeof momentOf>['open']>>) => Promise<T>,
  ) => {
    const moment = momentOf(lab.pair.primary, ['ds1']);
    try {
      return await at(await moment.open());
    } finally {
      moment.release();
    }
  };
  const names = () => look(async (volume) => (await volume.readDirectory(name)).map((each) => each.name));
  try {
    const before = await names();
    await work();
    const snapshot = await probe.createSnapshot(id, 's1', true);
    await work();
    const truth = await truthOf(probe, 's1');
    const hashes = await look((volume) =>
      Promise.all(
        disks.map(async (disk) =>
          hashOf(await contentOf(await chainOn(volume, `${name}/${disk}-000002.vmdk`))),
        ),
      ),
    );
    expect(hashes).toEqual(truth);
    await probe.removeSnapshot(snapshot);
    expect(await names()).toEqual(before);
  } finally {
    await lab.close();
  }
});
