import type { Clock } from '@leeward/core';
import type { BlockPool } from './block-pool.ts';
import type { Profile } from './profile.ts';
import type { ResourcePool } from './resource-pool.ts';
import type { VolumeSpace } from './volume-space.ts';

/**
 * How a file names its large blocks: by one address for each file block in it (as readers of others expect it), by a
 * single one for the first, or in a file whose block size is that of large blocks. Which of them ESXi writes is not
 * published.
 */
export type LargeForm = 'repeated' | 'single' | 'sized';

/** What all parts of a volume's writer share. */
export interface VolumeState {
  readonly profile: Profile;
  readonly space: VolumeSpace;
  readonly clock: Clock;
  readonly descriptors: ResourcePool;
  readonly subBlocks: ResourcePool;
  readonly pointerBlocks: ResourcePool;
  readonly secondary: ResourcePool;
  readonly blocks: BlockPool;
  /** Which resources VMFS-6 takes for pointer blocks: sub-blocks (as usual), or the two kinds of their own. */
  readonly pointerType: 2 | 3 | 5;
  readonly hostUuid: Buffer;
  readonly largeForm: LargeForm;
  /** False: small files go to sub-blocks. */
  readonly inlineFiles: boolean;
}

export function modifiedNow({ clock }: VolumeState): number {
  return Math.floor(clock.now() / 1000);
}

export async function flushPools(state: VolumeState): Promise<void> {
  const { blocks, subBlocks, pointerBlocks, secondary, descriptors } = state;
  await Promise.all([blocks, subBlocks, pointerBlocks, secondary, descriptors].map((pool) => pool.flush()));
}
