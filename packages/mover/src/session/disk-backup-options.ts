import type { ErrorReport, Extent, LeewardError, StageTimes } from '@leeward/core';
import type { DiskSource } from '../disk/disk-source.ts';
import type { SampleOptions } from './block-sample.ts';
import type { ParentRef } from './parent-disk.ts';

export interface DiskBackupOptions {
  /** Names the files of the disk in the point; unique in the VM. */
  readonly diskName: string;
  readonly source: DiskSource;
  /**
   * What may differ from the parent, in any order. Without a parent what lies outside is zeros (the allocated areas
   * of a full). `all` reads everything.
   */
  readonly changed: 'all' | readonly Extent[];
  /** To be read like those, though change tracking did not see them change; in any order. */
  readonly alsoRead?: readonly Extent[] | undefined;
  /**
   * What the host reports as allocated (the answer to the change id `*`), in any order. When it is given, with changes or
   * without, what VMFS has nothing for is compared with it before anything is stored: `L-FMT-431` when it is in doubt.
   * What that can tell: see `HoleCheck`.
   */
  readonly allocatedAreas?: readonly Extent[] | undefined;
  /** The same disk in an earlier point. When it proves unusable everything is read, with a warning. */
  readonly parent?: ParentRef | undefined;
  /**
   * With a parent: what is compared with it of what is said to be unchanged. One block that differs (`L-SRC-115`), and
   * nothing of `changed` is believed: the disk is read in full instead.
   */
  readonly sample?: SampleOptions | undefined;
  /**
   * Called before a disk is read in full although it has a parent, with the cause (`L-REP-126`, `L-SRC-115`). What it
   * throws ends the backup of the disk. Called again by the next try of an interrupted backup.
   */
  readonly onFull?: ((reason: LeewardError) => Promise<void>) | undefined;
  /**
   * Where progress is kept durably. After a crash the same call with the same folder goes on behind what was stored.
   * The caller removes the folder when the result is safe.
   */
  readonly checkpointFolder: string;
  /** Names the instant that the source shows: what was stored of another one is not gone on with. */
  readonly frozenAt?: string | undefined;
  readonly limitBytesPerSecond?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called at most every `progressEveryMs` (250 by default), and once at the end. */
  readonly onProgress?: ((progress: DiskBackupProgress) => void) | undefined;
  readonly progressEveryMs?: number | undefined;
}

export interface DiskBackupProgress {
  readonly bytesRead: number;
  readonly bytesToRead: number;
  readonly bytesStored: number;
  readonly blocksDone: number;
  /** Blocks read whose content was stored already. */
  readonly blocksKnown: number;
  /** Of this try. */
  readonly stageTimes: StageTimes;
}

/**
 * JSON. Figures include what an interrupted try before had done, except `bytesResumed`, which tells how much that was,
 * and `stageTimes`.
 */
export interface DiskBackupResult {
  readonly diskName: string;
  readonly sizeBytes: number;
  readonly extentTrees: readonly { readonly name: string; readonly treeId: string }[];
  /** Really read from the source; without the blocks that VMFS or a delta has nothing for. */
  readonly bytesRead: number;
  /** Inside the areas that were given as changed. */
  readonly bytesChanged: number;
  /** New blobs of this disk, as stored, its trees included. */
  readonly bytesStored: number;
  /** Not read again because an interrupted try had stored them. */
  readonly bytesResumed: number;
  readonly blocksTotal: number;
  /** Zero blocks among those read. */
  readonly blocksZero: number;
  readonly blocksNew: number;
  /** Compared with the parent though they were said to be unchanged; all of them were as there. */
  readonly blocksSampled: number;
  /** Of this try. */
  readonly stageTimes: StageTimes;
  /** Why everything was read although there was a parent; also among the warnings. */
  readonly fullBecause?: ErrorReport | undefined;
  /** Downgrades, such as an unusable parent (`L-REP-126`). */
  readonly warnings: readonly ErrorReport[];
}
