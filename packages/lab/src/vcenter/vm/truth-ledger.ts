import type { Clock } from '@leeward/core';
import { Hasher } from '../disk/hasher.ts';
import type { TruthView } from '../disk/truth-disk.ts';

export interface DiskTruth {
  readonly key: number;
  readonly node: string;
  readonly sizeBytes: number;
  /** SHA-256 (hex) of the whole disk as it was at the VMware snapshot. */
  sha256(): Promise<string>;
}

export interface SnapshotTruth {
  readonly vmInstanceUuid: string;
  readonly vmName: string;
  readonly snapshotName: string;
  readonly snapshotId: string;
  readonly createdAtMs: number;
  removedAtMs: number | undefined;
  /** How long the VM stood still at the creation. */
  readonly stunMs: number;
  readonly disks: readonly DiskTruth[];
}

/** What every disk held at every VMware snapshot, also after its removal: the oracle of restore tests. */
export class TruthLedger {
  readonly #clock: Clock;
  readonly #records: SnapshotTruth[] = [];
  readonly #hasher = new Hasher();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(record: SnapshotTruth): void {
    this.#records.push(record);
  }

  /** The content of one disk; holds `view` until its hash is known. Hashes are made one after the other. */
  diskTruth(key: number, node: string, sizeBytes: number, view: TruthView): DiskTruth {
    view.retain();
    let known: Promise<string> | undefined;
    const hash = async () => {
      try {
        return await view.sha256(this.#hasher);
      } finally {
        view.release();
      }
    };
    const sha256 = () => {
      known ??= hash();
      return known;
    };
    return { key, node, sizeBytes, sha256 };
  }

  /** Notes the removal and lets the hashes be made, so that old content need not be kept. */
  removed(snapshotId: string): void {
    const record = this.#records.find((each) => each.snapshotId === snapshotId);
    if (!record || record.removedAtMs !== undefined) return;
    record.removedAtMs = this.#clock.now();
    for (const disk of record.disks) void disk.sha256().catch(() => undefined);
  }

  /** Hashes that are not made yet fail. */
  close(): Promise<void> {
    return this.#hasher.close();
  }

  /** Newest last. */
  find(filter: {
    readonly vm?: string | undefined;
    readonly snapshot?: string | undefined;
  }): SnapshotTruth[] {
    return this.#records.filter(
      (each) =>
        (filter.vm === undefined || filter.vm === each.vmInstanceUuid || filter.vm === each.vmName) &&
        (filter.snapshot === undefined ||
          filter.snapshot === each.snapshotName ||
          filter.snapshot === each.snapshotId),
    );
  }
}
