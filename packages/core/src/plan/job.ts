import type { Schedule } from '../schedule/schedule.ts';

/**
 * What is asked of VMware Tools before a VM is frozen. `off`: nothing, a point is crash-consistent. `fall-back`: to
 * quiesce the guest; where that does not work the point is crash-consistent, with a warning. `require`: a VM that was
 * not quiesced gets no point.
 */
export type QuiescePolicy = 'off' | 'fall-back' | 'require';

export const quiescePolicies = ['off', 'fall-back', 'require'] as const satisfies readonly QuiescePolicy[];

/** As a switch, which it was in earlier versions, `true` means `fall-back`. */
export function quiescePolicyOf(given: QuiescePolicy | boolean): QuiescePolicy {
  if (typeof given !== 'boolean') return given;
  return given ? 'fall-back' : 'off';
}

/** `healthiest`: then the least lag. `least-lag`: then the healthiest. */
export type RelationRule = 'healthiest' | 'least-lag';

export const relationRules = ['healthiest', 'least-lag'] as const satisfies readonly RelationRule[];

/** What shall be backed up, and by which rules. */
export interface Job {
  readonly id: string;
  readonly name: string;
  /** VMs by inventory path, name or managed object id. */
  readonly vms: readonly string[];
  /** Present exactly where the job is not snapshot-only. */
  readonly repositoryId?: string;
  /**
   * Keeps VMs in storage snapshots on the arrays alone (R11): long-term chains on the primary, the secondary or both.
   * Nothing is read, no point is made.
   */
  readonly snapshotOnly: boolean;
  /**
   * Name of the secondary array, or `array/volume`, where a volume has several relations; of a cascade that of its last
   * hop.
   */
  readonly relation?: string;
  /** How one of several usable relations is chosen where the job does not name one. */
  readonly relationRule: RelationRule;
  /** Names of secondary arrays whose relations go before others, best first; usable ones always go first. */
  readonly preferredArrays?: readonly string[];
  /** Failover to primary (R1). Off by default: it costs production I/O. */
  readonly failoverToPrimary: boolean;
  /**
   * A VM of a `sync` relation whose secondary was detected at the start and is lost later is finished from the primary
   * half of the coordinated storage snapshot, at the first block that was not read yet. Off by default: then the VM
   * fails (R2), whatever `failoverToPrimary` says.
   */
  readonly finishOnPrimary: boolean;
  /**
   * Failover to the standard way through vCenter and the ESXi host (R6), where the plan says so, or the run cannot make the
   * storage snapshot or not trust what it holds of the VM. Off by default: it costs production I/O.
   */
  readonly failoverToStandard: boolean;
  /** A downgrade of a VM makes the VM fail. */
  readonly failOnDowngrade: boolean;
  readonly quiesce: QuiescePolicy;
  /**
   * Part of the blocks that change tracking says are unchanged that an incremental compares with the last point, 0 to
   * 1; never fewer than a few blocks of a disk. 0: none, change tracking is believed.
   */
  readonly cbtSampleFraction: number;
  /** Absolute path, on the server, of an executable that is run before anything is made; when it fails so does the run. */
  readonly preScript?: string;
  /** The same, run at the end of every run however it went; when it fails that is a warning. */
  readonly postScript?: string;
  /** Longest time that each of them may take. */
  readonly scriptTimeoutMs: number;
  /** At most this many VMs per storage snapshot (R12). */
  readonly vmsPerStorageSnapshot?: number;
  /**
   * Groups are formed so that VMware snapshots are expected to exist no longer than this, by what earlier runs
   * measured; absent: no budget.
   */
  readonly vmwareSnapshotBudgetMs?: number;
  /** Longest life of the VMware snapshot of a VM that is read the standard way; then the VM fails. */
  readonly standardMaxSnapshotMs: number;
  /**
   * Long-term storage snapshots to keep on the secondary, never fewer than 1 (R5). 0: those of the days alone, and
   * without days none; a snapshot-only job then has no chain there.
   */
  readonly secondaryKeep: number;
  /** Long-term storage snapshots on the secondary that are not older stay besides. */
  readonly secondaryKeepDays?: number;
  /**
   * Transferred storage snapshots that stay on the primary as a long-term chain, by number, by days or by whichever
   * keeps more. Both absent: none but the base of the next transfer.
   */
  readonly primaryKeep?: number;
  readonly primaryKeepDays?: number;
  /** For so long after it was frozen no long-term storage snapshot there can be deleted by anybody. Absent: no locks. */
  readonly secondaryLockDays?: number;
  /** The same for the long-term chain on the primary, where the job keeps one. */
  readonly primaryLockDays?: number;
  /** Points of each VM that stay in the repository; absent: all. */
  readonly keepPoints?: number;
  /** A relation further behind than this does not count as usable. */
  readonly maxRelationLagMs?: number;
  /**
   * Time from the last VMware snapshot of a group to its storage snapshot, where a VM of it is on VMFS: hosts write down
   * meanwhile where the frozen disks' data lies. 0: no pause.
   */
  readonly settlePauseMs: number;
  /** Longest time that a transfer may take. */
  readonly transferTimeoutMs: number;
  /** When it is started by itself; absent: only by hand. */
  readonly schedule?: Schedule;
}

export const jobDefaults = {
  snapshotOnly: false,
  relationRule: 'healthiest',
  failoverToPrimary: false,
  finishOnPrimary: false,
  failoverToStandard: false,
  failOnDowngrade: false,
  quiesce: 'off',
  cbtSampleFraction: 0.005,
  scriptTimeoutMs: 10 * 60_000,
  secondaryKeep: 7,
  settlePauseMs: 5_000,
  standardMaxSnapshotMs: 12 * 3_600_000,
  transferTimeoutMs: 6 * 3_600_000,
} as const;
