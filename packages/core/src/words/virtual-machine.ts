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
  /** The file system on LUNs; absent also on VMFS while no host sees the datastore. */
  readonly vmfs?: {
    readonly uuid: string;
    /** Device names as ESXi knows them (`naa.…`, `eui.…`), lower case, the head extent first. */
    readonly extents: readonly string[];
  };
  /** Name of its folder below `/vmfs/volumes`, by which disks name parents on other datastores. */
  readonly hostFolder?: string;
}

export interface VmDisk {
  /** Device key, unique within the VM. */
  readonly key: number;
  readonly label: string;
  /** Bus position, e.g. `scsi0:0`. */
  readonly node: string;
  readonly sizeBytes: number;
  /** `hosted`: as Workstation and Fusion keep disks; `pmem`: in persistent memory of a host. */
  readonly backing: 'flat' | 'sparse' | 'rdm-virtual' | 'rdm-physical' | 'hosted' | 'pmem' | 'other';
  readonly independent: boolean;
  /** Other VMs may write to it: by its own flag, or since its controller shares the bus. */
  readonly shared: false | 'multi-writer' | 'bus';
  /** Datastore path of the descriptor in use now, `[datastore] folder/disk.vmdk`. */
  readonly fileName: string;
  readonly datastoreMoId: string;
  /**
   * Descriptors of the disks it stands on, the nearest first: of VMware snapshots, or what a linked clone was made
   * from. Empty for a disk that stands alone.
   */
  readonly parents: readonly string[];
}

export interface VirtualMachine {
  readonly id: VmId;
  readonly instanceUuid: string;
  readonly name: string;
  /** Inventory path, `/datacenter/vm/folder/name`. */
  readonly path: string;
  readonly poweredOn: boolean;
  /** True when vCenter has the VM and gave all of its configuration; only then the fields below are to be relied on. */
  readonly connected: boolean;
  /** What is wrong where it is not connected; absent in inventories of earlier releases. */
  readonly notConnected?: 'disconnected' | 'orphaned' | 'inaccessible' | 'invalid' | 'unreadable';
  readonly isTemplate: boolean;
  /** The home or a disk. */
  readonly encrypted: boolean;
  readonly vtpm?: boolean;
  /** State of Fault Tolerance as vSphere names it; absent where it is not configured. */
  readonly faultTolerance?: string;
  /** VMware snapshots are disabled or locked by its configuration. */
  readonly snapshotsDisabled?: boolean;
  /** Absent: vCenter does not say. */
  readonly tools?: 'running' | 'not-running' | 'not-installed';
  /** Set while a task moves the VM to another host or datastore. */
  readonly migration?: { readonly task: string; readonly progress?: number };
  /** Where it is registered now; absent in inventories of earlier releases. */
  readonly host?: { readonly moId: string; readonly name: string };
  readonly cbtEnabled: boolean;
  readonly cbtSupported: boolean;
  readonly hasVmwareSnapshots: boolean;
  readonly vmxPath: string;
  readonly disks: readonly VmDisk[];
}
