import { createHash } from 'node:crypto';
import type { DiskChain } from '@leeward/formats';
import { describe, expect, test } from 'vitest';
import { RestCaller } from '../../nimble/testing/rest-caller.ts';
import { admin } from '../../nimble/testing/start-pair.ts';
import type { VcenterConfigInput } from '../config.ts';
import { chainOn, momentOf } from '../testing/array-moment.ts';
import { type SanLab, sanSerials, startSanLab } from '../testing/san-lab.ts';

const mebibyte = 1 << 20;
const luns = [`eui.${sanSerials.ds1}`, `eui.${sanSerials.ds2}`];
const name = 'Büro [alt] Server 01';

type VmInput = VcenterConfigInput['vms'][number];

function vm(more: Partial<VmInput> = {}): VmInput {
  return {
    datacenter: 'DC1',
    host: 'esx1.lab',
    datastore: 'vmfs1',
    name,
    changeTracking: true,
    disks: [
      { sizeBytes: 24 * mebibyte, fill: { seed: 3, ratio: 0.5 } },
      { sizeBytes: 16 * mebibyte + 1536, provisioning: 'lazy', fill: { seed: 4, ratio: 0.3 } },
    ],
    guest: { seed: 5, bytesPerSecond: 8_000_000 },
    ...more,
  };
}

const start = (vmfs: { version: 5 | 6; luns: string[]; placement?: 'scattered' }, vms: VmInput[]) =>
  startSanLab({
    vcenter: (config) => ({
      ...config,
      datastores: [{ name: 'vmfs1', datacenter: 'DC1', type: 'VMFS', vmfs }],
      vms,
    }),
  });

function hostOf({ probe }: SanLab): Promise<string> {
  const path = '<inventoryPath>/DC1/host/C1/esx1.lab</inventoryPath>';
  return probe.value('FindByInventoryPath', 'SearchIndex:SearchIndex', path);
}

const work = (ms = 300) => new Promise((resolve) => setTimeout(resolve, ms));

async function hashOf(chain: DiskChain): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < chain.capacityBytes; at += 4 * mebibyte) {
    const piece = Buffer.alloc(Math.min(4 * mebibyte, chain.capacityBytes - at));
    await chain.read(at, piece);
    hash.update(piece);
  }
  return hash.digest('hex');
}

async function truthOf({ probe }: SanLab, snapshot: string): Promise<{ key: number; sha256: string }[]> {
  const [record] = (await probe.control('GET', `/truth?snapshot=${encodeURIComponent(snapshot)}`)) as {
    disks: { key: number; sha256: string }[];
  }[];
  return record?.disks ?? [];
}

/** What the array holds now of the disks that a VMware snapshot froze must be what the lab knows of them. */
async function expectFrozen(lab: SanLab, snapshot: string, volumes: string[], descriptors: string[]) {
  const moment = momentOf(lab.pair.primary, volumes);
  try {
    const volume = await moment.open();
    const truth = await truthOf(lab, snapshot);
    for (const [index, descriptor] of descriptors.entries())
      expect(await hashOf(await chainOn(volume, `${name}/${descriptor}`))).toBe(truth[index]?.sha256);
    // What is frozen is locked for reading, and only the files that guests go on writing to for the host alone.
    for (const file of await volume.readDirectory(name)) {
      const { lock } = await volume.stat(`${name}/${file.name}`);
      if (/-flat\.vmdk$/.test(file.name)) expect([file.name, lock.mode]).toEqual([file.name, 2]);
    }
    return await volume.readDirectory(name);
  } finally {
    moment.release();
  }
}

describe.each([
  { version: 6, format: 'sesparse', createType: 'seSparse', luns: luns.slice(0, 1) },
  { version: 5, format: 'delta', createType: 'vmfsSparse', luns },
] as const)('VMs on VMFS-$version', ({ version, format, createType, luns: names }) => {
  const volumes = ['ds1', 'ds2'].slice(0, names.length);

  test('are written while guests run; what a VMware snapshot froze is what the array holds', async () => {
    const lab = await start({ version, luns: [...names], placement: 'scattered' }, [vm()]);
    try {
      const { probe } = lab;
      await work();
      const one = await probe.createSnapshot('vm-100', 'one');
      const files = await expectFrozen(lab, 'one', volumes, [`${name}.vmdk`, `${name}_1.vmdk`]);
      expect(files.map((each) => each.name)).toContain(`${name}-000001-${format}.vmdk`);
      await work();
      const moment = momentOf(lab.pair.primary, volumes);
      const volume = await moment.open();
      const text = (await volume.readFile(`${name}/${name}-000001.vmdk`, 65_536)).toString('utf8');
      expect(text).toContain(`createType="${createType}"`);
      expect(text).toContain(`changeTrackPath="${name}-000001-ctk.vmdk"`);
      moment.release();
      await probe.removeSnapshot(one);
      await work();
      const two = await probe.createSnapshot('vm-100', 'two');
      await expectFrozen(lab, 'two', volumes, [`${name}.vmdk`, `${name}_1.vmdk`]);
      // A second one on top: the chain has a frozen delta now.
      await work();
      await probe.createSnapshot('vm-100', 'three');
      await expectFrozen(lab, 'three', volumes, [`${name}-000001.vmdk`, `${name}_1-000001.vmdk`]);
      await expectFrozen(lab, 'two', volumes, [`${name}.vmdk`, `${name}_1.vmdk`]);
      await probe.removeSnapshot(two);
      await expectFrozen(lab, 'three', volumes, [`${name}.vmdk`, `${name}_1.vmdk`]);
      expect((await truthOf(lab, 'one'))[0]?.sha256).not.toBe((await truthOf(lab, 'two'))[0]?.sha256);
    } finally {
      await lab.close();
    }
  });

  test('VMware snapshots from the start make a chain, and one on top of it is merged into it', async () => {
    const snapshots = [1, 2, 3].map((each) => ({
      name: `user ${each}`,
      writesAfter: { seed: each, bytes: 2 * mebibyte },
    }));
    const lab = await start({ version, luns: [...names] }, [vm({ snapshots })]);
    try {
      const { probe } = lab;
      const layers = ['', '-000001', '-000002'].map((each) => [
        `${name}${each}.vmdk`,
        `${name}_1${each}.vmdk`,
      ]);
      for (const [index, each] of layers.entries())
        await expectFrozen(lab, `user ${index + 1}`, volumes, each);
      await work();
      const ours = await probe.createSnapshot('vm-100', 'ours');
      await expectFrozen(lab, 'ours', volumes, [`${name}-000003.vmdk`, `${name}_1-000003.vmdk`]);
      const config = await probe.value('Fetch', `VirtualMachineSnapshot:${ours}`, '<prop>config</prop>');
      expect(config.match(/<deltaDiskFormat>\w+/g)?.length).toBe(6);
      expect(config).toContain(`<fileName>[vmfs1] ${name}/${name}-000003.vmdk</fileName>`);
      await work();
      await probe.removeSnapshot(ours);
      await work();
      for (const [index, each] of layers.entries())
        await expectFrozen(lab, `user ${index + 1}`, volumes, each);
      await probe.createSnapshot('vm-100', 'again');
      await expectFrozen(lab, 'again', volumes, [`${name}-000003.vmdk`, `${name}_1-000003.vmdk`]);
    } finally {
      await lab.close();
    }
  });
});

test('at any moment the array holds a volume that can be read, with all files of the VM', async () => {
  const lab = await start({ version: 6, luns }, [vm({ disks: [{ sizeBytes: 8 * mebibyte }] })]);
  try {
    let isDone = false;
    const change = async () => {
      for (let turn = 0; turn < 4; turn++)
        await lab.probe.removeSnapshot(await lab.probe.createSnapshot('vm-100', `turn ${turn}`));
      isDone = true;
    };
    let moments = 0;
    const look = async () => {
      while (!isDone) {
        await work(2);
        const moment = momentOf(lab.pair.primary, ['ds1', 'ds2']);
        const volume = await moment.open();
        const names = (await volume.readDirectory(name)).map((each) => each.name);
        for (const ending of ['.vmx', '.vmsd', '.vmdk', '-flat.vmdk', '.nvram'])
          expect(names).toContain(`${name}${ending}`);
        const vmx = (await volume.readFile(`${name}/${name}.vmx`, 65_536)).toString('utf8');
        const [, current = ''] = /scsi0:0\.fileName = "([^"]+)"/.exec(vmx) ?? [];
        expect(names).toContain(current.replaceAll('|5B', '[').replaceAll('|5D', ']'));
        for (const each of names) await volume.openFile(`${name}/${each}`);
        moment.release();
        moments += 1;
      }
    };
    await Promise.all([change(), look()]);
    expect(moments).toBeGreaterThan(10);
  } finally {
    await lab.close();
  }
});

test('hosts wait while the array is away, and lose a LUN that is not mapped any more', async () => {
  const lab = await start({ version: 6, luns: luns.slice(0, 1) }, [vm()]);
  const { pair, probe } = lab;
  const writesOf = async () => {
    const state = (await probe.control('GET', '/vms/vm-100')) as {
      guest: { writes: number; lastError?: string };
    };
    return state.guest;
  };
  try {
    await work();
    await pair.primary.apply({ reachable: false });
    await work(500);
    const away = await writesOf();
    await pair.primary.apply({ reachable: true });
    await work(1500);
    const back = await writesOf();
    expect(back.writes).toBeGreaterThan(away.writes);
    expect(back.lastError).toBeUndefined();
    await probe.createSnapshot('vm-100', 'after');
    await expectFrozen(lab, 'after', ['ds1'], [`${name}.vmdk`, `${name}_1.vmdk`]);
    const caller = new RestCaller(pair.primary.addresses);
    await caller.login(admin);
    const { id } = await caller.one('volumes?name=ds1');
    const record = await caller.one(`access_control_records/detail?vol_id=${String(id)}`);
    await caller.call('DELETE', `access_control_records/${String(record['id'])}`);
    await caller.close();
    await expect(probe.createSnapshot('vm-100', 'lost')).rejects.toThrow(/CannotAccessFile/);
    expect((await writesOf()).lastError).toContain('is lost');
    const disks = await probe.value(
      'Fetch',
      `HostStorageSystem:storageSystem-${await hostOf(lab)}`,
      '<prop>storageDeviceInfo</prop>',
    );
    expect(disks).toMatch(
      /eui.0123456789abcdef6c9ce90000000001<.*?lostCommunication.*?<operationalState>ok/s,
    );
  } finally {
    await lab.close();
  }
});

test('CBT of "*" lists what was written on VMFS, in windows', async () => {
  const lab = await startSanLab({
    vcenter: (config) => ({
      ...config,
      cbt: { maxAreas: 3, falsePositiveFraction: 0 },
      datastores: [{ name: 'vmfs1', datacenter: 'DC1', type: 'VMFS', vmfs: { luns: luns.slice(0, 1) } }],
      vms: [vm({ guest: { seed: 1, bytesPerSecond: 0 } })],
    }),
  });
  try {
    const snapshot = await lab.probe.createSnapshot('vm-100', 'one');
    const areas: [number, number][] = [];
    for (let at = 0; at < 24 * mebibyte; ) {
      const answer = await lab.probe.value(
        'QueryChangedDiskAreas',
        'VirtualMachine:vm-100',
        `<snapshot type="VirtualMachineSnapshot">${snapshot}</snapshot><deviceKey>2000</deviceKey><startOffset>${at}</startOffset><changeId>*</changeId>`,
      );
      expect(Number(/<startOffset>(\d+)/.exec(answer)?.[1])).toBe(at);
      at += Number(/<length>(\d+)/.exec(answer)?.[1]);
      for (const [, from, length] of answer.matchAll(/<start>(\d+)<\/start><length>(\d+)/g))
        areas.push([Number(from), Number(length)]);
    }
    const listed = areas.reduce((sum, [, length]) => sum + length, 0);
    expect(listed).toBeGreaterThan(6 * mebibyte);
    expect(listed).toBeLessThan(18 * mebibyte);
    const moment = momentOf(lab.pair.primary, ['ds1']);
    const chain = await chainOn(await moment.open(), `${name}/${name}.vmdk`);
    const whole = Buffer.alloc(24 * mebibyte);
    await chain.read(0, whole);
    for (const [from, length] of areas) whole.fill(0, from, from + length);
    expect(whole.every((byte) => byte === 0)).toBe(true);
    moment.release();
  } finally {
    await lab.close();
  }
});
