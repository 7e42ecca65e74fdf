import { systemClock } from '@leeward/platform/clock/system-clock';
import { systemRandomness } from '@leeward/platform/randomness/system-randomness';
import type { Disk } from '../disk/disk.ts';
import type { DiskSource } from '../disk/disk-source.ts';
import { counted } from '../disk/filters/counted.ts';
import { limited } from '../disk/filters/limited.ts';
import { openDisk } from '../disk/open-disk.ts';

/** A disk as one worker has it open. */
export class WorkerDisk {
  readonly #abort = new AbortController();
  readonly #disk: Promise<Disk>;
  #bytesRead = 0;

  constructor(source: DiskSource, bytesPerSecond: number | undefined, reader: number) {
    const tools = { clock: systemClock, randomness: systemRandomness, reader };
    this.#disk = openDisk(source, tools, this.signal).then((disk) => {
      const whole = counted(disk, (bytes) => {
        this.#bytesRead += bytes;
      });
      return bytesPerSecond === undefined ? whole : limited(whole, bytesPerSecond, systemClock);
    });
    this.#disk.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  opened(): Promise<Disk> {
    return this.#disk;
  }

  /** Ends reads in flight and closes the disk, if it was opened at all. */
  async close(): Promise<void> {
    this.#abort.abort();
    const disk = await this.#disk.catch(() => undefined);
    await disk?.close();
  }
}
