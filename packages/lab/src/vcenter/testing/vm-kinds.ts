import type { VcenterConfigInput } from '../config.ts';

const mebibyte = 1 << 20;
const gone = { powerState: 'poweredOff' } as const;

type VmInput = VcenterConfigInput['vms'][number];

/** Every kind of VM that backups have to tell apart, by its name; `change` of `startSmallLab`. */
export function withVmKinds(config: VcenterConfigInput): VcenterConfigInput {
  const [first] = config.datastores;
  if (!first) throw new Error('the small lab has a datastore');
  const at = { datacenter: 'DC1', host: 'esx1.lab', datastore: 'ds1' };
  const disk = { sizeBytes: mebibyte };
  const plain = { ...at, disks: [disk] };
  const off = { powerState: 'poweredOff' } as const;
  const on = (datastore: string) => ({ ...plain, ...off, datastore });
  const kinds: Record<string, Omit<VmInput, 'name'>> = {
    plain,
    off: { ...plain, ...off },
    suspended: { ...plain, powerState: 'suspended' },
    'tools stopped': { ...plain, toolsRunning: false },
    'no tools': { ...plain, toolsInstalled: false },
    template: { ...plain, ...off, template: true },
    encrypted: { ...plain, encrypted: true },
    vtpm: { ...plain, vtpm: true },
    'fault tolerant': { ...plain, faultTolerance: true },
    'snapshots disabled': { ...plain, snapshotsDisabled: true },
    relocating: { ...plain, migration: { kind: 'relocate', durationMs: 3_600_000 } },
    vmotion: { ...plain, migration: { kind: 'migrate', durationMs: 3_600_000 } },
    drs: { ...plain, migration: { kind: 'drs', durationMs: 3_600_000 } },
    disconnected: { ...plain, connection: 'disconnected' },
    orphaned: { ...at, ...gone, inaccessible: true, connection: 'orphaned' },
    inaccessible: { ...at, ...gone, inaccessible: true },
    invalid: { ...at, ...gone, inaccessible: true, connection: 'invalid' },
    prdm: { ...at, disks: [disk, { ...disk, rdm: 'physical' }] },
    vrdm: { ...at, disks: [disk, { ...disk, rdm: 'virtual' }] },
    independent: { ...at, disks: [disk, { ...disk, mode: 'independent_persistent' }] },
    nonpersistent: { ...at, disks: [disk, { ...disk, mode: 'independent_nonpersistent' }] },
    'multi-writer': { ...at, disks: [disk, { ...disk, sharing: 'sharingMultiWriter' }] },
    'shared bus': { ...at, disks: [disk, { ...disk, node: 'scsi1:0' }], sharedBuses: { scsi1: 'physical' } },
    'all left out': { ...at, disks: [{ ...disk, mode: 'independent_persistent' }] },
    vvol: on('vvol1'),
    vsan: on('vsan1'),
    'linked clone': {
      ...plain,
      disks: [{ ...disk, sizeBytes: 4 * mebibyte, linkedTo: 'nfs41', fill: { seed: 5, ratio: 0.5 } }],
      changeTracking: true,
    },
    'clone of a lost base': { ...plain, disks: [{ ...disk, linkedTo: 'vmfs1' }] },
    'one disk elsewhere': { ...plain, ...off, disks: [disk, { ...disk, datastore: 'vmfs1' }] },
    'two extents': on('vmfs2'),
    'lost datastore': on('vmfs3'),
    'nfs 4.1': on('nfs41'),
  };
  const datastore = { datacenter: 'DC1' } as const;
  return {
    ...config,
    datastores: [
      { ...first, remoteHost: '10.0.0.1', remotePath: '/ds1' },
      { ...datastore, name: 'vvol1', type: 'VVOL' },
      { ...datastore, name: 'vsan1', type: 'vsan' },
      { ...datastore, name: 'vmfs1', type: 'VMFS', diskName: 'naa.600140500000000000000000000000d1' },
      {
        ...datastore,
        name: 'vmfs2',
        type: 'VMFS',
        diskNames: ['naa.600140500000000000000000000000e1', 'naa.600140500000000000000000000000e2'],
      },
      { ...datastore, name: 'vmfs3', type: 'VMFS', accessible: false },
      {
        ...datastore,
        name: 'nfs41',
        type: 'NFS41',
        remoteHosts: ['10.0.0.1'],
        remotePath: '/ds1/sub',
        ...(first.files ? { files: first.files } : {}),
      },
    ],
    vms: Object.entries(kinds).map(([name, vm]) => ({ ...vm, name })),
  };
}
