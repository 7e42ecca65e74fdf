import type { ErrorReport } from '../errors/leeward-error.ts';
import type { TransferPolicy } from '../words/array-inventory.ts';
import type { RelationKind, Source, VolumeId } from '../words/storage.ts';
import type { VmId } from '../words/virtual-machine.ts';
import type { Job } from './job.ts';

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
}

export interface VmPlan {
  readonly vm: VmId;
  readonly name: string;
  readonly path: string;
  readonly vcenterName: string;
  /** Absent: the VM cannot be backed up; `problem` says why. */
  readonly source?: Source;
  readonly problem?: ErrorReport;
  readonly groupId?: string;
  readonly proxyId?: string;
  readonly vmxFile?: LocatedFile;
  readonly disks: readonly DiskPlan[];
  readonly skippedDisks: readonly { readonly label: string; readonly reason: ErrorReport }[];
  /** For each path that is not taken: why not. */
  readonly notTaken: readonly { readonly path: Source; readonly reason: ErrorReport }[];
  readonly warnings: readonly ErrorReport[];
  readonly enableCbt: boolean;
}

export interface DiskPlan {
  readonly key: number;
  readonly label: string;
  readonly node: string;
  readonly sizeBytes: number;
  readonly fileName: string;
  readonly located: LocatedFile;
  /** Incremental since the change id of that point, or full and why. */
  readonly since?: { readonly pointId: string; readonly changeId: string; readonly sizeBytes: number };
  readonly fullBecause?: ErrorReport;
}

/** A datastore file as a path inside a volume of an array. */
export interface LocatedFile {
  readonly volume: VolumeId;
  /** Without a leading slash, relative to the root of the volume. */
  readonly path: string;
}

/** VMs that share storage snapshots, in one go. */
export interface GroupPlan {
  readonly id: string;
  /** Groups of one lane share volumes and run one after the other; lanes run side by side. */
  readonly lane: string;
  /** Keys of the VMs, in order. */
  readonly vmKeys: readonly string[];
  readonly volumes: readonly VolumePlan[];
}

export interface VolumePlan {
  readonly volume: VolumeId;
  readonly arrayId: string;
  readonly arrayName: string;
  readonly volumeName: string;
  readonly tenant: string;
  /** Absent: no relation to try, the volume is read on the primary. */
  readonly relation?: RelationPlan;
}

export interface RelationPlan {
  /** Identity on the secondary array, where transfers are started. */
  readonly id: VolumeId;
  readonly kind: RelationKind;
  readonly policy: TransferPolicy;
  readonly policyName: string;
  readonly arrayId: string;
  readonly arrayName: string;
  readonly volume: VolumeId;
  readonly volumeName: string;
  readonly tenant: string;
}
