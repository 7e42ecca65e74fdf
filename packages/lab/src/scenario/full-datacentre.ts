import { blockDatacentre } from './block-datacentre.ts';
import type { Datacentre } from './datacentre.ts';
import { type DemoOptions, demoVm } from './demo-datacentre.ts';

/**
 * The whole datacentre: a pair of clusters and a pair of groups; three VMs, one each over NFS on the clusters, over
 * iSCSI with VMFS on the clusters, and over iSCSI with VMFS on the groups.
 */
export function fullDatacentre(options: DemoOptions): Datacentre {
  const { size } = options;
  return blockDatacentre(options, {
    nfsVolumes: ['vm_ds1'],
    lunVolumes: ['vm_lun2'],
    groupVolumes: ['vm-ds3'],
    vmfs: [
      { name: 'vm_ds2', volumes: ['vm_lun2'] },
      { name: 'vm_ds3', volumes: ['vm-ds3'] },
    ],
    vms: [
      { ...demoVm(size, 1, [640, 384]), name: 'db-01', datastore: 'vm_ds1' },
      { ...demoVm(size, 2, [1024]), name: 'Büro [alt] Server 01', datastore: 'vm_ds2' },
      { ...demoVm(size, 3, [1024]), name: 'web-01', datastore: 'vm_ds3' },
    ],
  });
}
