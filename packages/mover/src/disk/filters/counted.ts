import type { Disk } from '../disk.ts';

/** The disk, with a call for every piece that was really read. */
export function counted(disk: Disk, onRead: (bytes: number) => void): Disk {
  return {
    sizeBytes: disk.sizeBytes,
    async read(offsetBytes, target, signal) {
      await disk.read(offsetBytes, target, signal);
      onRead(target.length);
    },
    allocated: () => disk.allocated(),
    close: () => disk.close(),
  };
}
