import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VcenterConfigInput } from '../config.ts';
import { startVcenterSimulator, type VcenterSimulator } from '../simulator.ts';
import { VimProbe } from './vim-probe.ts';

export interface SmallLab {
  readonly simulator: VcenterSimulator;
  /** Logged in as administrator. */
  readonly probe: VimProbe;
  readonly folder: string;
  /** Folder that stands for the datastore `ds1`. */
  readonly datastore: string;
  close(): Promise<void>;
}

const token = 'only-for-tests-0123456789';
const mebibyte = 1 << 20;

/** One datacenter on a local folder, with VMs of many kinds; `change` may alter the configuration. */
export async function startSmallLab(
  change: (config: VcenterConfigInput) => VcenterConfigInput = (config) => config,
): Promise<SmallLab> {
  const folder = await mkdtemp(join(tmpdir(), 'leeward-vcenter-'));
  const datastore = join(folder, 'ds1');
  const at = { datacenter: 'DC1', host: 'esx1.lab', datastore: 'ds1' };
  const config: VcenterConfigInput = change({
    instanceUuid: '7a3d1c1e-0000-4000-8000-00000000aa01',
    control: { token },
    folder: join(folder, 'lab'),
    taskMs: { queued: 5, snapshot: 20, other: 5 },
    cbt: { maxAreas: 2000, falsePositiveFraction: 0 },
    accounts: [
      { userName: 'admin@lab', password: 'secret' },
      {
        userName: 'reader@lab',
        password: 'secret',
        permissions: [
          { path: '/', privileges: ['VirtualMachine.State.CreateSnapshot'] },
          { path: '/DC1/vm/hidden', privileges: [] },
        ],
      },
    ],
    hosts: [{ name: 'esx1.lab', datacenter: 'DC1', cluster: 'C1' }],
    datastores: [
      {
        name: 'ds1',
        datacenter: 'DC1',
        remoteHost: 'svm1.lab',
        remotePath: '/vol1',
        files: { kind: 'folder', path: datastore },
      },
      { name: 'vvol1', datacenter: 'DC1', type: 'VVOL' },
    ],
    vms: [
      {
        ...at,
        name: 'Büro [alt] Server 01',
        folder: 'a/b',
        disks: [{ sizeBytes: 24 * mebibyte, fill: { seed: 3, ratio: 0.6 } }, { sizeBytes: 8 * mebibyte }],
      },
      { ...at, name: 'twin', disks: [{ sizeBytes: mebibyte }] },
      { ...at, name: 'twin', folder: 'a', powerState: 'poweredOff', disks: [{ sizeBytes: mebibyte }] },
      { ...at, name: 'gone', inaccessible: true },
      { ...at, name: 'tmpl', template: true, powerState: 'poweredOff', disks: [{ sizeBytes: mebibyte }] },
      { ...at, name: 'a/b%c', folder: 'hidden', encrypted: true, disks: [{ sizeBytes: mebibyte }] },
      { ...at, name: 'raw', disks: [{ sizeBytes: mebibyte, rdm: 'physical' }] },
      {
        ...at,
        name: 'mixed',
        disks: [
          { sizeBytes: mebibyte, rdm: 'virtual' },
          { sizeBytes: mebibyte, mode: 'independent_persistent' },
          { sizeBytes: mebibyte, node: 'nvme0:1', provisioning: 'flat' },
        ],
      },
      { ...at, name: 'on vvol', datastore: 'vvol1', disks: [{ sizeBytes: mebibyte }] },
      {
        ...at,
        name: 'spread',
        powerState: 'poweredOff',
        disks: [{ sizeBytes: mebibyte }, { sizeBytes: mebibyte, datastore: 'vvol1' }],
      },
    ],
  });
  const simulator = await startVcenterSimulator(config);
  const probe = new VimProbe(simulator, token);
  await probe.login('admin@lab', 'secret');
  return {
    simulator,
    probe,
    folder,
    datastore,
    async close() {
      await probe.close();
      await simulator.close();
      await rm(folder, { recursive: true });
    },
  };
}
