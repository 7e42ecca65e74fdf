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
  /** A downgrade of a VM makes the VM fail. */
  readonly failOnDowngrade: boolean;
  /** Ask VMware Tools to quiesce the guest. */
  readonly quiesce: boolean;
  /** At most this many VMs per storage snapshot (R12). */
  readonly vmsPerStorageSnapshot?: number;
  /** Long-term storage snapshots to keep on the secondary, never fewer than 1 (R5). */
  readonly secondaryKeep: number;
  /** Points of each VM that stay in the repository; absent: all. */
  readonly keepPoints?: number;
  /** A relation further behind than this does not count as usable. */
  readonly maxRelationLagMs?: number;
  /** Longest time that a transfer may take. */
  readonly transferTimeoutMs: number;
}

export const jobDefaults = {
  failoverToPrimary: false,
  failOnDowngrade: false,
  quiesce: false,
  secondaryKeep: 7,
  transferTimeoutMs: 6 * 3_600_000,
} as const;
