import { openDiskChain } from '@leeward/formats';
import { openVmfs } from '@leeward/formats/vmfs/open-vmfs';
import { momentOf } from '@leeward/lab/vcenter/testing/array-moment';
import { sanSerials, startSanLab } from '@leeward/lab/vcenter/testing/san-lab';
import { systemClock } from '@leeward/platform';
import { expect, it, onTestFinished } from 'vitest';
import { normalAreas } from '../areas/areas.ts';
import { chainParts } from './chain-parts.ts';
import { VmfsFileReader } from './folder/vmfs-file-reader.ts';
import { HoleCheck } from './hole-check.ts';

const mib = 2 ** 20;
const name = 'vm 1';
const work = () => new Promise<void>((resolve) => systemClock.after(300, resolve));

it('gives no alarm on what a host froze while guests wrote', async () => {
  const lab = await startSanLab({
    vcenter: (config) => ({
      ...config,
      datastores: [
        {
          name: 'vmfs1',
          datacenter: 'DC1',
          type: 'VMFS',
          vmfs: { version: 6, luns: [`eui.${sanSerials.ds1}`] },
        },
      ],
      vms: [
        {
          ...{ name, datacenter: 'DC1', host: 'esx1.lab', datastore: 'vmfs1', changeTracking: true },
          disks: [
            { sizeBytes: 24 * mib, fill: { seed: 3, ratio: 0.5 } },
            { sizeBytes: 16 * mib + 1536, provisioning: 'lazy', fill: { seed: 4, ratio: 0.3 } },
          ],
          guest: { seed: 5, bytesPerSecond: 8_000_000 },
        },
      ],
    }),
  });
  onTestFinished(() => lab.close());
  let holes = 0;
  let unwritten = 0;
  for (const round of ['', '-000001']) {
    await work();
    const snapshot = await lab.probe.createSnapshot('vm-100', `s${round}`);
    const moment = momentOf(lab.pair.primary, ['ds1']);
    const volume = await openVmfs(moment.luns);
    const folder = {
      name: 'ds',
      open: async (path: string) => new VmfsFileReader(await volume.extents(path), moment.luns),
    };
    for (const [index, disk] of ['', '_1'].entries()) {
      const chain = await openDiskChain(folder, `${name}/${name}${disk}${round}.vmdk`);
      const query = `<snapshot type="VirtualMachineSnapshot">${snapshot}</snapshot><deviceKey>${2000 + index}</deviceKey><startOffset>0</startOffset><changeId>*</changeId>`;
      const answer = await lab.probe.value('QueryChangedDiskAreas', 'VirtualMachine:vm-100', query);
      const areas = [...answer.matchAll(/<start>(\d+)<\/start><length>(\d+)<\/length>/g)].map((found) => ({
        offsetBytes: Number(found[1]),
        lengthBytes: Number(found[2]),
      }));
      const allocated = normalAreas(areas, chain.capacityBytes);
      const check = new HoleCheck({ allocated }, chain.capacityBytes);
      for await (const part of chainParts(chain, { offsetBytes: 0, lengthBytes: chain.capacityBytes })) {
        if (part.kind === 'hole') holes++;
        if (part.kind === 'unwritten') unwritten++;
        check.add(part);
      }
      const read = () => Promise.reject(new Error('nothing is in question'));
      expect(await check.finish(name, read)).toEqual([]);
      expect(areas.length).toBeGreaterThan(0);
    }
    moment.release();
  }
  expect(holes).toBeGreaterThan(0);
  expect(unwritten).toBeGreaterThan(0);
});
