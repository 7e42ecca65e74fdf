import type { LeewardError } from '@leeward/core';

/** One thing that is wrong with a repository. */
export interface CheckProblem {
  readonly error: LeewardError;
  /** The pack that the problem is in, if it is in one. */
  readonly packId?: string | undefined;
}

export interface CheckedPoint {
  readonly id: string;
  readonly time: string;
  readonly host: string;
  readonly tags: readonly string[];
  /** Paths inside the point that cannot be restored completely; empty when it is sound. */
  readonly damagedPaths: readonly string[];
}

export interface CheckReport {
  readonly ok: boolean;
  readonly problems: readonly CheckProblem[];
  /** Packs with damage, which `repairRepository` takes out; found by name and size, with `readData` by every byte. */
  readonly damagedPacks: readonly string[];
  readonly points: readonly CheckedPoint[];
  readonly packs: number;
  readonly blobs: number;
  /** Bytes of packs that were read and verified; 0 without `readData`. */
  readonly bytesRead: number;
  /** Packs that no index mentions: left by something interrupted, removed by the next prune. */
  readonly unusedPacks: number;
}
