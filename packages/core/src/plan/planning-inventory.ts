import type { ErrorReport } from '../errors/leeward-error.ts';
import type { ArrayInventory } from '../words/array-inventory.ts';
import type { Datastore, VirtualMachine } from '../words/virtual-machine.ts';
import type { Limits } from './limits.ts';
import type { SnapshotTimes } from './snapshot-lifetime.ts';

/** Everything that planning may look at, as it was last seen. */
export interface PlanningInventory {
  readonly vcenters: readonly PlanningVcenter[];
  readonly arrays: readonly PlanningArray[];
  readonly proxies: readonly PlanningProxy[];
  readonly repositories: readonly PlanningRepository[];
  /** Newest point of each VM in each repository. */
  readonly points: readonly PlanningPoint[];
  /** Absent: the defaults. */
  readonly limits?: Limits;
  /** What earlier runs measured, by VM key. */
  readonly snapshotTimes?: Readonly<Record<string, SnapshotTimes>>;
}

export interface PlanningVcenter {
  readonly id: string;
  readonly name: string;
  readonly problem?: ErrorReport;
  readonly datastores: readonly Datastore[];
  readonly vms: readonly VirtualMachine[];
}

export interface PlanningArray {
  readonly id: string;
  readonly name: string;
  /** Set when the array could not be read now; `inventory` is then of the last time, if any. */
  readonly problem?: ErrorReport;
  readonly inventory?: ArrayInventory;
}

export interface PlanningProxy {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
  readonly addresses: readonly string[];
  /** VMs that it reads at the same time. */
  readonly slots: number;
  readonly reach: readonly ReachProof[];
}

/** What a probe proved about one data port, at a time. */
export interface ReachProof {
  readonly arraySerial: string;
  readonly address: string;
  readonly protocol: 'nfs' | 'iscsi' | 'fc';
  /** False: not to be planned with. A port that answers but refuses what a backup gives it access to is reached. */
  readonly reached: boolean;
  /**
   * How far the probe got. `connected`: the service answers; `login`: into a target; `mount`: of an export; `read`:
   * data of a LUN or file, or a folder whose files may be read. Absent where nothing was proved, and in proofs of
   * releases that only looked whether the port answers.
   */
  readonly proved?: 'connected' | 'login' | 'mount' | 'read' | undefined;
  /** Code of the error by which the array turned the proxy away, reached or not. Absent: it did not, or is silent. */
  readonly refused?: string | undefined;
  /** Address from which the proxy connected, as the array sees it when nothing translates in between. */
  readonly sourceAddress?: string | undefined;
  readonly checkedAt: string;
  readonly text: string;
}

export interface PlanningRepository {
  readonly id: string;
  readonly name: string;
}

export interface PlanningPoint {
  readonly id: string;
  readonly vmKey: string;
  readonly repositoryId: string;
  readonly createdAt: string;
  readonly disks: readonly {
    readonly key: number;
    readonly sizeBytes: number;
    readonly changeId?: string;
    /** Descriptor that was frozen, to notice another disk behind the same key. */
    readonly fileName: string;
    /** Run that found that change tracking since this point missed writes. */
    readonly distrustedBy?: string;
  }[];
}
