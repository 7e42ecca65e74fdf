import { expect, test } from 'vitest';
import { newestRecord } from '../../guests/record-pattern.ts';
import { chainOn, momentOf } from '../testing/array-moment.ts';
import { sanSerials, startSanLab } from '../testing/san-lab.ts';

const mebibyte = 1 << 20;

test('disks on two volumes are frozen at one instant: numbered records end at the same one on both', async () => {
  const datastores = (['ds1', 'ds2'] as const).map((volume, index) => ({
    ...{ name: `vmfs-${volume}`, datacenter: 'DC1', type: 'VMFS' as const },
    vmfs: { version: index === 0 ? (6 as const) : (5 as const), luns: [`eui.${sanSerials[volume]}`] },
  }));
  const lab = await startSanLab({
    vcenter: (config) => ({
      ...config,
      datastores,
      vms: [
        {
          ...{ name: 'both', datacenter: 'DC1', host: 'esx1.lab', datastore: 'vmfs-ds1' },
          disks: [{ sizeBytes: 16 * mebibyte }, { sizeBytes: 12 * mebibyte, datastore: 'vmfs-ds2' }],
          guest: { seed: 5, bytesPerSecond: 4_000_000, pattern: 'records' },
        },
      ],
    }),
  });
  const { probe, pair } = lab;
  try {
    const newest: number[] = [];
    const work = () => new Promise((resolve) => setTimeout(resolve, 300));
    for (let turn = 0; turn < 3; turn++) {
      await work();
      const snapshot = await probe.createSnapshot('vm-100', `turn ${turn}`);
      await work();
      const moments = ['ds1', 'ds2'].map((volume) => momentOf(pair.primary, [volume]));
      const chains = await Promise.all(
        ['both.vmdk', 'both_1.vmdk'].map(async (name, at) => {
          const volume = await moments[at]?.open();
          if (!volume) throw new Error('no volume');
          return chainOn(volume, `both/${name}`);
        }),
      );
      const disks = chains.map((chain) => ({
        sizeBytes: chain.capacityBytes,
        read: (offset: number, target: Uint8Array) => chain.read(offset, target),
      }));
      newest.push((await newestRecord(disks)) ?? -1);
      for (const moment of moments) moment.release();
      await probe.removeSnapshot(snapshot);
    }
    expect(newest[0]).toBeGreaterThan(10);
    expect(newest).toEqual(newest.toSorted((a, b) => a - b));
    expect(new Set(newest).size).toBe(3);
    const vmx = await probe.https.request({
      ...{ method: 'GET', path: '/folder/both/both.vmx?dcPath=DC1&dsName=vmfs-ds1' },
      headers: { cookie: probe.cookie },
    });
    expect(await vmx.body.text()).toMatch(
      /scsi0:1\.fileName = "\/vmfs\/volumes\/[0-9a-f-]+\/both\/both_1\.vmdk"/,
    );
  } finally {
    await lab.close();
  }
});
