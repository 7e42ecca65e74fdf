import { blockDatacentre } from './block-datacentre.ts';
import type { Datacentre } from './datacentre.ts';
import { type DemoOptions, demoVm } from './demo-datacentre.ts';

/**
 * What is awkward about block storage, for tests: VMs with disks on two volumes (VMFS and NFS of the clusters, two
 * VMFS datastores of the groups), a datastore of two extents, VMFS-5, and VMs that have VMware snapshots of their own
 * (two levels), on NFS, VMFS-6 and VMFS-5.
 */
export function spreadDatacentre(options: DemoOptions): Datacentre {
  const { size } = options;
  const spread = (seed: number, datastore: string, second: string) => {
    const vm = demoVm(size, seed, [256, 256]);
    return {
      ...vm,
      datastore,
      disks: vm.disks.map((disk, at) => (at === 1 ? { ...disk, datastore: second } : disk)),
    };
  };
  const bytes = Math.round(16 * size) * 1024 * 1024 + 1024 * 1024;
  const chained = (seed: number, datastore: string) => ({
    ...demoVm(size, seed, [256]),
    datastore,
    snapshots: [1, 2].map((level) => ({
      name: `before change ${level}`,
      writesAfter: { seed: seed * 10 + level, bytes },
    })),
  });
  return blockDatacentre(options, {
    nfsVolumes: ['vm_ds1'],
    lunVolumes: ['vm_lun2'],
    groupVolumes: ['vm-ds3', 'vm-ds4', 'vm-ds5a', 'vm-ds5b'],
    vmfs: [
      { name: 'vm_ds2', volumes: ['vm_lun2'] },
      { name: 'vm_ds3', volumes: ['vm-ds3'], placement: 'scattered' },
      { name: 'vm_ds4', volumes: ['vm-ds4'], version: 5 },
      { name: 'vm_ds5', volumes: ['vm-ds5a', 'vm-ds5b'], placement: 'scattered' },
    ],
    vms: [
      { ...spread(1, 'vm_ds1', 'vm_ds2'), name: 'nfs-and-vmfs' },
      { ...spread(2, 'vm_ds3', 'vm_ds4'), name: 'two-vmfs' },
      { ...demoVm(size, 3, [512]), name: 'two-extents', datastore: 'vm_ds5' },
      { ...chained(4, 'vm_ds1'), name: 'chain-nfs' },
      { ...chained(5, 'vm_ds2'), name: 'chain-vmfs6' },
      { ...chained(6, 'vm_ds4'), name: 'chain-vmfs5' },
    ],
  });
}
