import { type Datastore, LeewardError, type VirtualMachine } from '@leeward/core';
import type { VcenterDoor } from '@leeward/engine/systems/doors';
import type { Chance } from './chance.ts';

export const vcenterId = 'vc-1';

interface Snapshot {
  readonly moId: string;
  readonly name: string;
  readonly description: string;
  /** Made a second redo log of each disk, for the writers of VSS. */
  readonly quiesced?: boolean;
}

interface FakeVm {
  readonly moId: string;
  readonly datastore: string;
  readonly snapshots: Snapshot[];
  cbtEnabled: boolean;
  changes: number;
}

/** A vCenter in memory with one disk per VM. As the real one, it knows nothing of a VMware snapshot that is gone. */
export class FakeVcenter {
  readonly vms: FakeVm[] = [];
  /** Managed object ids of those of which no VMware snapshot can be made. */
  readonly unfreezable = new Set<string>();
  readonly #chance: Chance;
  #made = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  addVm(moId: string, datastore: string): FakeVm {
    const vm = { moId, datastore, snapshots: [], cbtEnabled: false, changes: 0 };
    this.vms.push(vm);
    return vm;
  }

  snapshotsNamed(prefix: string): (Snapshot & { vmMoId: string })[] {
    return this.vms.flatMap(({ moId: vmMoId, snapshots }) =>
      snapshots.filter(({ name }) => name.startsWith(prefix)).map((each) => ({ ...each, vmMoId })),
    );
  }

  door(): VcenterDoor {
    const call = <T>(method: string, act: () => T) => this.#chance.around(method, act);
    return {
      name: 'vcenter',
      identity: () => call('identity', () => ({ id: vcenterId, name: 'fake', version: '8' })),
      inventory: () =>
        call('inventory', () => ({
          datastores: [...new Set(this.vms.map(({ datastore }) => datastore))].map(datastoreOf),
          vms: this.vms.map(vmOf),
        })),
      vm: (moId) => call('vm', () => vmOf(this.#vm(moId))),
      requirePrivileges: () => call('requirePrivileges', () => undefined),
      enableCbt: (moId) =>
        call('enableCbt', () => {
          this.#vm(moId).cbtEnabled = true;
        }),
      createVmwareSnapshot: (moId, { name, description, quiesce }) =>
        call('createVmwareSnapshot', () => {
          const details = {
            operation: 'CreateSnapshot',
            object: moId,
            fault: 'InvalidState',
            message: 'busy',
          };
          if (this.unfreezable.has(moId)) throw new LeewardError('L-VC-115', { host: 'fake', ...details });
          return { ...this.#create(this.#vm(moId), name, description, quiesce), quiesced: quiesce };
        }),
      frozenDisks: (moId) => call('frozenDisks', () => [this.#frozenDisk(moId)]),
      changedAreas: ({ vmwareSnapshotMoId }) =>
        call('changedAreas', () => {
          this.#frozenDisk(vmwareSnapshotMoId);
          if (this.#chance.happens(0.3))
            return { unusable: new LeewardError('L-VC-401', { disk: 'Hard disk 1' }) };
          return { areas: [{ offsetBytes: 0, lengthBytes: 512 }] };
        }),
      allocatedAreas: () => call('allocatedAreas', () => ({ areas: [] })),
      removeVmwareSnapshot: (moId, name) =>
        call('removeVmwareSnapshot', () => {
          const { snapshots } = this.#vm(moId);
          const at = snapshots.findIndex((each) => each.name === name);
          if (at >= 0) snapshots.splice(at, 1);
          return { consolidationNeeded: false };
        }),
      consolidate: () => call('consolidate', () => undefined),
      findVmwareSnapshots: (prefix) => call('findVmwareSnapshots', () => this.snapshotsNamed(prefix)),
      close: async () => undefined,
    };
  }

  #create(vm: FakeVm, name: string, description: string, quiesced: boolean): { moId: string } {
    const existing = vm.snapshots.find((each) => each.name === name);
    if (existing) return { moId: existing.moId };
    vm.changes += 1;
    const snapshot = { moId: `snapshot-${++this.#made}`, name, description, quiesced };
    vm.snapshots.push(snapshot);
    return { moId: snapshot.moId };
  }

  #frozenDisk(snapshotMoId: string) {
    const vm = this.vms.find(({ snapshots }) => snapshots.some(({ moId }) => moId === snapshotMoId));
    if (!vm) throw new LeewardError('L-VC-202', { object: snapshotMoId, host: 'fake', operation: 'reading' });
    const { fileName, ...disk } = diskOf(vm);
    const isQuiesced = vm.snapshots.some(({ moId, quiesced }) => moId === snapshotMoId && quiesced);
    const files = isQuiesced
      ? { fileName: fileName.replace('.vmdk', '-000002.vmdk'), parents: [fileName] }
      : { fileName, parents: [] };
    return { ...disk, ...files, changeId: `52 aa/${vm.changes}` };
  }

  #vm(moId: string): FakeVm {
    const vm = this.vms.find((each) => each.moId === moId);
    if (!vm) throw new LeewardError('L-VC-201', { vm: moId, host: 'fake' });
    return vm;
  }
}

function diskOf({ moId, datastore }: FakeVm) {
  return {
    ...{ key: 2000, label: 'Hard disk 1', node: 'scsi0:0', sizeBytes: 1_048_576 },
    fileName: `[${datastore}] ${moId}/${moId}.vmdk`,
  };
}

function vmOf(vm: FakeVm): VirtualMachine {
  const { moId, datastore, cbtEnabled, snapshots } = vm;
  const disk = { backing: 'flat', independent: false, shared: false, parents: [] } as const;
  return {
    id: { vcenterId, moId },
    instanceUuid: `uuid-${moId}`,
    name: moId,
    path: `/dc/vm/${moId}`,
    ...{ poweredOn: true, connected: true, isTemplate: false, encrypted: false, cbtSupported: true },
    cbtEnabled,
    hasVmwareSnapshots: snapshots.length > 0,
    vmxPath: `[${datastore}] ${moId}/${moId}.vmx`,
    disks: [{ ...diskOf(vm), ...disk, datastoreMoId: `ds-${datastore}` }],
  };
}

function datastoreOf(name: string): Datastore {
  return {
    ...{ moId: `ds-${name}`, name, kind: 'nfs3', accessible: true, datacenterPath: 'dc' },
    nfs: { hosts: ['10.0.0.1'], addresses: ['10.0.0.1'], path: `/${name}` },
  };
}
