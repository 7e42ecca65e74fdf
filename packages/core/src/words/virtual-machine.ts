/** A VM is identified by its vCenter's instance uuid and its managed object id, never by its name. */
export interface VmId {
  readonly vcenterId: string;
  readonly moId: string;
}

export function vmKey(id: VmId): string {
  return `${id.vcenterId}/${id.moId}`;
}

export interface Datastore {
  readonly moId: string;
  readonly name: string;
  readonly kind: 'nfs3' | 'nfs41' | 'vmfs' | 'vvol' | 'vsan' | 'other';
  readonly accessible: boolean;
  /** Inventory path of the datacenter, for datastore file access. */
  readonly datacenterPath: string;
  readonly nfs?: {
    /** Servers as vSphere knows them, and what they resolve to. */
    readonly hosts: readonly string[];
    readonly addresses: readonly string[];
    readonly path: string;
  };
}

export interface VmDisk {
  /** Device key, unique within the VM. */
  readonly key: number;
  readonly label: string;
  /** Bus position, e.g. `scsi0:0`. */
  readonly node: string;
  readonly sizeBytes: number;
  readonly backing: 'flat' | 'sparse' | 'rdm-virtual' | 'rdm-physical' | 'other';
  readonly independent: boolean;
  readonly shared: boolean;
  /** Datastore path of the descriptor in use now, `[datastore] folder/disk.vmdk`. */
  readonly fileName: string;
  readonly datastoreMoId: string;
  /** True when the disk stands on parents: the VM has VMware snapshots or is a linked clone. */
  readonly hasParents: boolean;
}

export interface VirtualMachine {
  readonly id: VmId;
  readonly instanceUuid: string;
  readonly name: string;
  /** Inventory path, `/datacenter/vm/folder/name`. */
  readonly path: string;
  readonly poweredOn: boolean;
  readonly connected: boolean;
  readonly isTemplate: boolean;
  readonly encrypted: boolean;
  readonly cbtEnabled: boolean;
  readonly cbtSupported: boolean;
  readonly hasVmwareSnapshots: boolean;
  readonly vmxPath: string;
  readonly disks: readonly VmDisk[];
}
