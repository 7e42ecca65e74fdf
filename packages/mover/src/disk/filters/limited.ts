import type { Clock } from '@leeward/core';
import type { Disk } from '../disk.ts';

/** The disk, read on average no faster than `bytesPerSecond`; a pause is never made up for by a burst. */
export function limited(disk: Disk, bytesPerSecond: number, clock: Clock): Disk {
  let freeAtMs = 0;
  return {
    sizeBytes: disk.sizeBytes,
    async read(offsetBytes, target, signal) {
      const nowMs = clock.monotonicMs();
      const startMs = Math.max(nowMs, freeAtMs);
      freeAtMs = startMs + (target.length / bytesPerSecond) * 1000;
      if (startMs > nowMs) await clock.sleep(startMs - nowMs, signal);
      await disk.read(offsetBytes, target, signal);
    },
    allocated: () => disk.allocated(),
    close: () => disk.close(),
  };
}
