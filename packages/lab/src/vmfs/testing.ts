import { ManualClock, SeededRandomness } from '@leeward/platform';
import type { FormatOptions } from './format-volume.ts';
import { VmfsHostVolume } from './host-volume.ts';
import { MemoryStore } from './memory-store.ts';

const gibibyte = 2 ** 30;

export interface MadeVolume {
  readonly host: VmfsHostVolume;
  readonly luns: readonly MemoryStore[];
}

/** A small volume in memory: for tests, here and of readers. */
export async function makeVolume(
  options: Partial<FormatOptions> & { readonly version: 5 | 6 },
  lunCount = 1,
  lunBytes = 4 * gibibyte,
): Promise<MadeVolume> {
  const luns = Array.from({ length: lunCount }, () => new MemoryStore(lunBytes));
  const clock = new ManualClock();
  const host = await VmfsHostVolume.format(luns, {
    label: 'store',
    clock,
    random: new SeededRandomness(options.version),
    ...options,
  });
  return { host, luns };
}
