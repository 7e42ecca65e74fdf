import { addStageTimes, noStageTimes, type StageTimes } from '@leeward/core';
import type { BatchFigures } from '../worker/messages.ts';
import type { DiskBackupProgress } from './disk-backup-options.ts';

/** Sums of one disk backup. */
export class DiskFigures {
  bytesRead = 0;
  bytesStored = 0;
  bytesResumed = 0;
  bytesDone = 0;
  blocksDone = 0;
  blocksZero = 0;
  blocksNew = 0;
  blocksSampled = 0;
  /** Of this try alone. */
  stageTimes = noStageTimes;

  add(blocks: number, bytesDone: number, zeros: number, figures: BatchFigures): void {
    this.blocksDone += blocks;
    this.bytesDone += bytesDone;
    this.blocksZero += zeros;
    this.blocksNew += figures.blocksNew;
    this.bytesRead += figures.bytesRead;
    this.bytesStored += figures.bytesStored;
  }

  passed(times: StageTimes): void {
    this.stageTimes = addStageTimes([this.stageTimes, times]);
  }

  progress(bytesToRead: number): DiskBackupProgress {
    const { bytesRead, bytesStored, blocksDone, blocksNew, stageTimes } = this;
    const blocksKnown = blocksDone - blocksNew;
    return { bytesRead, bytesToRead, bytesStored, blocksDone, blocksKnown, stageTimes };
  }
}
