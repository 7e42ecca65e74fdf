import type { ErrorReport, Limits, Source, StorageSnapshotRole } from '@leeward/core';
import type { FourBytes } from './runs.ts';

export interface Repository {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly resticId: string;
}

/** What lies in a repository. */
export interface RepositoryUsage {
  readonly repositoryId: string;
  readonly points: number;
  /** What its points stored when they were made. */
  readonly storedBytes: number;
}

export interface RepositoryCheck {
  readonly ok: boolean;
  readonly problems: readonly ErrorReport[];
  readonly damagedPacks: readonly string[];
  readonly packs: number;
  readonly blobs: number;
  readonly bytesRead: number;
  readonly unusedPacks: number;
}

export interface RepositoryRepair {
  readonly packs: readonly {
    readonly packId: string;
    readonly rescuedBlobs: number;
    readonly lostBlobs: number;
    readonly setAsideAt?: string;
  }[];
}

export interface RepositoryRescan {
  readonly known: number;
  readonly added: number;
  readonly gone: number;
  readonly others: number;
  readonly problems: readonly ErrorReport[];
}

export interface Point {
  readonly id: string;
  readonly vmKey: string;
  readonly vmName: string;
  readonly vcenterName: string;
  readonly jobId: string;
  readonly runId: string;
  readonly repositoryId: string;
  readonly createdAt: string;
  readonly source: Source;
  readonly facts: {
    readonly vmPath: string;
    readonly kind: 'full' | 'incremental';
    readonly frozenAt: string;
    readonly bytes: FourBytes;
    readonly disks: readonly {
      readonly key: number;
      readonly label: string;
      readonly name: string;
      readonly sizeBytes: number;
    }[];
  };
}

/** A storage snapshot, why it is kept and when it goes. */
export interface ChainLink {
  readonly name: string;
  readonly place: 'primary' | 'middle' | 'secondary';
  /** Transfers from the primary to here. */
  readonly hop?: number;
  readonly arrayId: string;
  readonly arrayName: string;
  readonly volumeName: string;
  readonly state: 'there' | 'gone' | 'unknown';
  readonly owner: 'this-job' | 'other-job' | 'by-hand' | 'other-installation' | 'foreign';
  readonly role?: StorageSnapshotRole;
  readonly jobId?: string;
  readonly runId?: string;
  readonly createdAt: string;
  readonly lockedUntil?: string;
  readonly heldBy: readonly string[];
  readonly reasons: readonly string[];
  readonly why: string;
  readonly goes: string;
  readonly goesAt?: string;
}

export interface RemovedJob {
  readonly name: string;
  readonly storageSnapshots: readonly string[];
}

export interface Settings {
  readonly limits: Limits;
  readonly dataPath: { readonly giveUpSeconds: number; readonly standardThrough: 'vcenter' | 'host' };
  readonly reports: { readonly dailyAt: string; readonly timeZone: string };
  /** `null`: for ever. */
  readonly audit: { readonly keepDays: number | null };
  readonly monitoring: { readonly vmLateAfterHours: number; readonly otlpEndpoint: string | null };
  readonly console: { readonly publicUrl: string | null };
  readonly serverBackup: {
    readonly repository: string | null;
    readonly everyHours: number;
    readonly keep: number;
  };
}
