import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmallLab, startSmallLab } from '../testing/small-lab.ts';

const mebibyte = 1 << 20;
let lab: SmallLab;
let bases: string;

beforeAll(async () => {
  lab = await startSmallLab((config) => {
    bases = join(config.folder, 'bases');
    return {
      ...config,
      datastores: [
        ...config.datastores,
        {
          name: 'ds2',
          datacenter: 'DC1',
          remoteHost: 'svm1.lab',
          remotePath: '/vol2',
          files: { kind: 'folder', path: bases },
        },
      ],
      vms: [
        {
          ...{
            name: 'clone',
            datacenter: 'DC1',
            host: 'esx1.lab',
            datastore: 'ds1',
            powerState: 'poweredOff',
          },
          disks: [{ sizeBytes: 4 * mebibyte, linkedTo: 'ds2', fill: { seed: 3, ratio: 0.5 } }],
        },
      ],
    };
  });
});
afterAll(() => lab?.close());

const chain = async () => {
  const { disks } = (await lab.probe.control('GET', '/vms/clone')) as { disks: { chain: string[] }[] };
  return disks[0]?.chain;
};
const descriptor = () => readFile(join(lab.datastore, 'clone', 'clone.vmdk'), 'utf8');
const baseHash = async () =>
  createHash('sha256')
    .update(await readFile(join(bases, 'clone base', 'clone-flat.vmdk')))
    .digest('hex');

test('a linked clone is a delta whose base lies on another datastore', async () => {
  expect(await chain()).toEqual(['clone.vmdk', 'clone.vmdk']);
  const text = await descriptor();
  expect(text).toMatch(/^parentFileNameHint="\/vmfs\/volumes\/[0-9a-f-]+\/clone base\/clone\.vmdk"$/m);
  const base = await readFile(join(bases, 'clone base', 'clone.vmdk'), 'utf8');
  const cid = /^CID=(\w+)$/m.exec(base)?.[1];
  expect(cid).toBeDefined();
  expect(text).toContain(`parentCID=${cid}\n`);
});

test('its VMware snapshots come and go, and the base stays as it is', async () => {
  const before = await baseHash();
  const make = '<name>one</name><memory>false</memory><quiesce>false</quiesce>';
  await lab.probe.task('CreateSnapshot_Task', 'VirtualMachine:vm-100', make);
  expect(await chain()).toEqual(['clone.vmdk', 'clone.vmdk', 'clone-000001.vmdk']);
  await lab.probe.task('RemoveAllSnapshots_Task', 'VirtualMachine:vm-100');
  expect(await chain()).toEqual(['clone.vmdk', 'clone.vmdk']);
  expect(await baseHash()).toBe(before);
  expect(await descriptor()).toContain('parentFileNameHint="/vmfs/volumes/');
});
