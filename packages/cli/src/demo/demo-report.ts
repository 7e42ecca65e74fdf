import type { RunState } from '@leeward/server';

/** What `leeward demo --json FILE` writes. Sizes in bytes, times ISO 8601 in UTC, hashes in lower-case hex. */
export interface DemoReport {
  readonly ok: boolean;
  readonly runs: readonly DemoRun[];
  /** Bytes that the array's data ports sent to readers, as the simulators counted. */
  readonly dataPortBytesRead: Readonly<Record<string, number>>;
  readonly leftovers: DemoLeftovers;
  readonly repository: { readonly path: string; readonly passwordFile: string };
  /** What did not hold; empty when `ok`. */
  readonly problems: readonly string[];
}

export interface DemoRun {
  readonly id: string;
  readonly kind: 'full' | 'incremental';
  readonly state: RunState;
  readonly vms: readonly DemoVm[];
}

export interface DemoVm {
  readonly name: string;
  readonly source: string;
  readonly transport: string;
  readonly relation: { readonly kind: string; readonly policy: string };
  readonly steps: readonly { readonly name: string; readonly startedAt: string; readonly endedAt: string }[];
  readonly vmwareSnapshotMs: number;
  readonly bytesProvisioned: number;
  readonly bytesChanged: number;
  readonly bytesRead: number;
  readonly bytesStored: number;
  readonly disks: readonly DemoDisk[];
}

export interface DemoDisk {
  readonly name: string;
  readonly sha256AtSnapshot: string;
  readonly sha256Restored: string;
}

export interface DemoLeftovers {
  readonly vmwareSnapshots: number;
  /** Storage snapshots of ours that are still there: those that the chains keep. */
  readonly storageSnapshots: readonly string[];
  readonly clones: number;
  readonly exports: number;
  readonly mappings: number;
}
