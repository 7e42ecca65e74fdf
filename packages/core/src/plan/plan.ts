import type { ErrorReport } from '../errors/leeward-error.ts';
import type { SyncFacts, TransferPolicy } from '../words/array-inventory.ts';
import { objectKey, type RelationKind, type Source, type VolumeId } from '../words/storage.ts';
import type { VmId } from '../words/virtual-machine.ts';
import type { ConsideredFile, ConsideredPath } from './considered.ts';
import type { Job } from './job.ts';
import type { LimitedPlace } from './limits.ts';

/** What a run will do; made by `makePlan`, executed as it stands. JSON. */
export interface Plan {
  readonly job: Job;
  readonly madeAt: string;
  readonly vms: readonly VmPlan[];
  readonly groups: readonly GroupPlan[];
  /** Members of the job that could not be resolved to one VM. */
  readonly unresolved: readonly { readonly member: string; readonly problem: ErrorReport }[];
  readonly effects: readonly Effect[];
}

/** Something that the run will do to a foreign system. */
export interface Effect {
  readonly system: string;
  readonly action: 'create' | 'change' | 'delete' | 'keep';
  readonly what: string;
  /** The primary volume that it is for. Absent of what is no array's, and in plans of earlier releases. */
  readonly volume?: VolumeId;
}

export interface VmPlan {
  readonly vm: VmId;
  readonly name: string;
  readonly path: string;
  readonly vcenterName: string;
  /**
   * Absent: the VM cannot be backed up; `problem` says why. Of a snapshot-only job, which reads nothing: `secondary`
   * where its storage snapshots stay there too, `primary` where they stay there alone.
   */
  readonly source?: Source;
  readonly problem?: ErrorReport;
  readonly groupId?: string;
  readonly proxyId?: string;
  readonly vmxFile?: LocatedFile;
  /** What is read from storage snapshots. Empty where the VM cannot be, or is read another way. */
  readonly disks: readonly DiskPlan[];
  /** What is read through vCenter and the ESXi host, where `source` is `standard`. */
  readonly standardDisks?: readonly StandardDiskPlan[];
  readonly skippedDisks: readonly { readonly label: string; readonly reason: ErrorReport }[];
  /** For each path that is not taken: why not. */
  readonly notTaken: readonly { readonly path: Source; readonly reason: ErrorReport }[];
  /** Every path: secondary, primary, standard, in this order, with its verdict. */
  readonly considered: readonly ConsideredPath[];
  /** The same for each disk, those left out included, and for the configuration file. */
  readonly consideredFiles: readonly ConsideredFile[];
  readonly warnings: readonly ErrorReport[];
  /** What its VMware snapshot takes one place of each. Absent in plans of earlier releases. */
  readonly places?: readonly LimitedPlace[];
  readonly enableCbt: boolean;
  /**
   * No VMware snapshot is taken: its one volume carries no other VM of a snapshot-only job, and the guest is not to be
   * quiesced, so that its storage snapshot is what a VMware snapshot would freeze (R11).
   */
  readonly freezeOnly?: boolean;
}

/** A disk of which no storage snapshot is read. */
export type StandardDiskPlan = Omit<DiskPlan, 'located' | 'parents'>;

export interface DiskPlan {
  readonly key: number;
  readonly label: string;
  readonly node: string;
  readonly sizeBytes: number;
  readonly fileName: string;
  readonly located: LocatedFile;
  /** Descriptors of the disks it stands on, the nearest first. */
  readonly parents: readonly LocatedFile[];
  /** Incremental since the change id of that point, or full and why. */
  readonly since?: { readonly pointId: string; readonly changeId: string; readonly sizeBytes: number };
  readonly fullBecause?: ErrorReport;
}

/** A datastore file, and the volume of an array or the file system on its LUNs that holds the datastore. */
export interface LocatedFile {
  /** That of the head extent where the file system lies on LUNs. */
  readonly volume: VolumeId;
  readonly datastore: string;
  /** Root of the datastore inside the volume, without slashes around it; empty where it is the volume's own. */
  readonly folder: string;
  /** Relative to the root of the datastore, without a leading slash. */
  readonly path: string;
  /** Names of the datastore below `/vmfs/volumes`, by which disks name their parents. */
  readonly hostFolders: readonly string[];
  readonly vmfs?: LocatedVmfs;
}

export interface LocatedVmfs {
  readonly uuid: string;
  /** One for each extent, the head first. */
  readonly extents: readonly {
    readonly volume: VolumeId;
    /** `Lun.path` in it. */
    readonly lunPath: string;
    /** Of the original, by which ESXi knows it. */
    readonly scsiName: string;
  }[];
}

/** All volumes that have to be presented to read a file. */
export function volumesOfFile({ volume, vmfs }: LocatedFile): readonly VolumeId[] {
  return vmfs ? vmfs.extents.map((extent) => extent.volume) : [volume];
}

/** All files whose volumes a VM is read from. */
export function filesOf(vm: Pick<VmPlan, 'disks' | 'vmxFile'>): readonly LocatedFile[] {
  return [
    ...vm.disks.flatMap(({ located, parents }) => [located, ...parents]),
    ...(vm.vmxFile ? [vm.vmxFile] : []),
  ];
}

/** The volumes that hold anything of a VM, each once. */
export function volumesOf(vm: Pick<VmPlan, 'disks' | 'vmxFile'>): readonly VolumeId[] {
  const volumes = filesOf(vm).flatMap(volumesOfFile);
  return [...new Map(volumes.map((volume) => [objectKey(volume), volume])).values()];
}

/** How storage snapshots are read. */
export type AccessProtocol = 'nfs' | 'iscsi';

/** VMs that share storage snapshots, in one go. */
export interface GroupPlan {
  readonly id: string;
  /** Groups of one lane share volumes and run one after the other; lanes run side by side. */
  readonly lane: string;
  /** Keys of the VMs, in order. */
  readonly vmKeys: readonly string[];
  readonly volumes: readonly VolumePlan[];
  /** How long its VMware snapshots are expected to exist. Absent in plans of earlier releases. */
  readonly lifetimeMs?: number;
  /** Why the next VM of the lane is in another group; absent in the last of a lane. */
  readonly cutBecause?: ErrorReport;
}

export interface VolumePlan {
  readonly volume: VolumeId;
  readonly arrayId: string;
  readonly arrayName: string;
  readonly volumeName: string;
  readonly tenant: string;
  /**
   * How its storage snapshot is read: both where datastores of both kinds lie on it; none where nothing on it is read
   * and the array freezes it together with others of the group.
   */
  readonly protocols: readonly AccessProtocol[];
  /** `Lun.path` of the LUNs that are needed. */
  readonly lunPaths: readonly string[];
  /** Absent: no relation to try, the volume is read on the primary. */
  readonly relation?: RelationPlan;
}

/** One transfer on the way to the volume that is read. */
export interface HopPlan {
  /** Identity on the array that it writes to, where transfers are started. */
  readonly id: VolumeId;
  readonly policy: TransferPolicy;
  readonly policyName: string;
  readonly arrayId: string;
  readonly arrayName: string;
  /** The array's name of itself, which its partners know it by. */
  readonly arrayOwnName: string;
  readonly volume: VolumeId;
  readonly volumeName: string;
  readonly tenant: string;
}

/** The relation that a volume is read over: of a cascade the last hop. */
export interface RelationPlan extends HopPlan {
  readonly kind: RelationKind;
  /** Of a cascade: the transfers before it, from the primary volume on. */
  readonly via?: readonly HopPlan[];
  /** Present exactly for the kind `sync`, which is planned only where the secondary is detected. */
  readonly sync?: SyncSides;
}

/** Every transfer from the primary volume to the one that is read, in order. */
export function planHops({ via = [], ...last }: Pick<RelationPlan, 'via'> & HopPlan): readonly HopPlan[] {
  return [...via, last];
}

/** Which side of a `sync` relation is the secondary, and by what that was decided. */
export type SyncSides = Pick<SyncFacts, 'primarySide' | 'secondarySide' | 'decidedBy'>;

export function syncSides({ primarySide, secondarySide, decidedBy }: SyncFacts): SyncSides {
  return { primarySide, secondarySide, decidedBy };
}
