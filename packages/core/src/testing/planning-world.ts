import type { Job } from '../plan/job.ts';
import { jobDefaults } from '../plan/job.ts';
import type { PlanningArray, PlanningInventory, ReachProof } from '../plan/planning-inventory.ts';
import type { ArrayInventory, Relation, Volume } from '../words/array-inventory.ts';
import type { Datastore, VirtualMachine, VmDisk } from '../words/virtual-machine.ts';

/** Builders for inventories in tests of planning: one vCenter, a primary and a secondary array, one proxy. */
export const primarySerial = 'serial-primary';
export const secondarySerial = 'serial-secondary';

export function testJob(changes: Partial<Job> = {}): Job {
  return { ...jobDefaults, id: 'job-1', name: 'nightly', vms: ['vm1'], repositoryId: 'repo-1', ...changes };
}

export function testDisk(changes: Partial<VmDisk> = {}): VmDisk {
  return {
    key: 2000,
    label: 'Hard disk 1',
    node: 'scsi0:0',
    sizeBytes: 1_073_741_824,
    backing: 'flat',
    independent: false,
    shared: false,
    fileName: '[ds1] vm1/vm1.vmdk',
    datastoreMoId: 'datastore-1',
    parents: [],
    ...changes,
  };
}

export function testVm(changes: Partial<VirtualMachine> = {}): VirtualMachine {
  const name = changes.name ?? 'vm1';
  return {
    id: { vcenterId: 'vc-1', moId: `moid-${name}` },
    instanceUuid: `uuid-${name}`,
    name,
    path: `/dc/vm/${name}`,
    poweredOn: true,
    connected: true,
    isTemplate: false,
    encrypted: false,
    cbtEnabled: true,
    cbtSupported: true,
    hasVmwareSnapshots: false,
    vmxPath: `[ds1] ${name}/${name}.vmx`,
    disks: [testDisk({ fileName: `[ds1] ${name}/${name}.vmdk` })],
    ...changes,
  };
}

export function testDatastore(changes: Partial<Datastore> = {}): Datastore {
  return {
    moId: 'datastore-1',
    name: 'ds1',
    kind: 'nfs3',
    accessible: true,
    datacenterPath: 'dc',
    nfs: { hosts: ['10.0.0.1'], addresses: ['10.0.0.1'], path: '/ds1' },
    ...changes,
  };
}

function testVolume(arraySerial: string, changes: Partial<Volume>): Volume {
  return {
    id: { arraySerial, objectId: `${arraySerial}-${changes.name}` },
    name: 'vol_ds1',
    tenant: 'svm1',
    tenantId: `${arraySerial}-svm1`,
    sizeBytes: 1e12,
    access: 'read-write',
    online: true,
    isClone: false,
    ...changes,
  };
}

function testArrayInventory(serial: string, address: string, volumes: readonly Volume[]): ArrayInventory {
  return {
    identity: {
      serial,
      name: serial,
      family: 'test',
      brand: 'Test',
      model: 'T1',
      version: '1.0',
      nodes: [],
      licences: [],
    },
    volumes,
    dataPorts: [
      {
        id: `${serial}-port`,
        name: 'data1',
        tenantId: `${serial}-svm1`,
        address,
        protocols: ['nfs'],
        up: true,
      },
    ],
    relations: [],
    notes: [],
  };
}

export function testRelation(primary: Volume, secondary: Volume, changes: Partial<Relation> = {}): Relation {
  return {
    id: { arraySerial: secondarySerial, objectId: `relation-${primary.name}` },
    kind: 'transfer',
    policy: 'vault',
    policyName: 'Vault',
    usable: true,
    reportedBy: 'secondary',
    source: {
      volume: primary.id,
      arrayName: 'primary',
      arraySerial: primarySerial,
      tenant: primary.tenant,
      tenantId: primary.tenantId,
      volumeName: primary.name,
    },
    destination: {
      volume: secondary.id,
      arrayName: 'secondary',
      arraySerial: secondarySerial,
      tenant: secondary.tenant,
      tenantId: secondary.tenantId,
      volumeName: secondary.name,
    },
    health: { healthy: true, state: 'active', reasons: [], lagMs: 60_000 },
    retention: [],
    ...changes,
  };
}

function proofOf(arraySerial: string, address: string): ReachProof {
  return {
    ...{ arraySerial, address, protocol: 'nfs', reached: true, proved: 'read' },
    ...{ checkedAt: '2026-11-25T00:00:00Z', text: 'read' },
  };
}

export interface TestWorld {
  readonly vms?: readonly VirtualMachine[];
  readonly datastores?: readonly Datastore[];
  readonly relation?: Partial<Relation> | 'none';
  readonly secondary?: Partial<PlanningArray>;
  readonly primary?: Partial<PlanningArray>;
  readonly inventory?: Partial<PlanningInventory>;
}

export function testInventory(world: TestWorld = {}): PlanningInventory {
  const source = testVolume(primarySerial, { name: 'vol_ds1', nfsPath: '/ds1' });
  const target = testVolume(secondarySerial, { name: 'vol_ds1', access: 'read-only-replica' });
  const relations = world.relation === 'none' ? [] : [testRelation(source, target, world.relation)];
  const secondary = testArrayInventory(secondarySerial, '10.0.0.2', [target]);
  return {
    vcenters: [
      {
        id: 'vc-1',
        name: 'vc',
        datastores: world.datastores ?? [testDatastore()],
        vms: world.vms ?? [testVm()],
      },
    ],
    arrays: [
      {
        id: primarySerial,
        name: 'array-a',
        inventory: testArrayInventory(primarySerial, '10.0.0.1', [source]),
        ...world.primary,
      },
      { id: secondarySerial, name: 'array-b', inventory: { ...secondary, relations }, ...world.secondary },
    ],
    proxies: [
      {
        ...{ id: 'proxy-1', name: 'local', online: true, addresses: ['10.0.0.9'], slots: 2 },
        reach: [proofOf(primarySerial, '10.0.0.1'), proofOf(secondarySerial, '10.0.0.2')],
      },
    ],
    repositories: [{ id: 'repo-1', name: 'repo' }],
    points: [],
    ...world.inventory,
  };
}
