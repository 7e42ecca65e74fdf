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

/** What shall be backed up, and by which rules. */
export interface Job {
  readonly id: string;
  readonly name: string;
  /** VMs by inventory path, name or managed object id. */
  readonly vms: readonly string[];
  readonly repositoryId: string;
  /** Name of the secondary array, or `array/volume`, where a volume has several relations. */
  readonly relation?: string;
  /** Failover to primary (R1). Off by default: it costs production I/O. */
  readonly failoverToPrimary: boolean;
  /** Failover to the standard way through vCenter and the ESXi host (R6), where the plan says so. Off by default: it costs production I/O. */
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
  /** Long-term storage snapshots to keep on the secondary, never fewer than 1 (R5). */
  readonly secondaryKeep: number;
  /** Long-term storage snapshots on the secondary that are not older stay besides. */
  readonly secondaryKeepDays?: number;
  /**
   * Transferred storage snapshots that stay on the primary as a long-term chain, by number, by days or by whichever
   * keeps more. Both absent: none but the base of the next transfer.
   */
  readonly primaryKeep?: number;
  readonly primaryKeepDays?: number;
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
}

export const jobDefaults = {
  failoverToPrimary: false,
  failoverToStandard: false,
  failOnDowngrade: false,
  quiesce: 'off',
  cbtSampleFraction: 0.005,
  scriptTimeoutMs: 10 * 60_000,
  secondaryKeep: 7,
  settlePauseMs: 5_000,
  transferTimeoutMs: 6 * 3_600_000,
} as const;
