import type { Randomness } from '@leeward/core';
import { Bitmap } from '../vcenter/disk/bitmap.ts';
import { VmfsHostError } from './block-store.ts';
import type { ClusterTable } from './cluster-table.ts';
import { blocksPerLarge } from './profile.ts';
import type { ResourcePool } from './resource-pool.ts';

/** `sequential` fills the volume from its start, `scattered` takes blocks from anywhere, as on an old volume. */
export type Placement = 'sequential' | 'scattered';

export interface BlockPoolOptions {
  readonly small: ResourcePool;
  /** The level of large blocks above it; VMFS-6 only. */
  readonly large?: ClusterTable | undefined;
  readonly placement: Placement;
  readonly random: Randomness;
}

/** File blocks: small ones from the start of the volume, large ones from its end. */
export class BlockPool {
  readonly small: ResourcePool;
  readonly #large: ClusterTable | undefined;
  readonly #placement: Placement;
  readonly #random: Randomness;
  readonly #written: Bitmap;
  #nextLarge: number;

  constructor({ small, large, placement, random }: BlockPoolOptions) {
    this.small = small;
    this.#large = large;
    this.#placement = placement;
    this.#random = random;
    this.#written = new Bitmap(small.allocator.total);
    this.#nextLarge = this.#largeCount - 1;
  }

  get #largeCount(): number {
    return Math.floor(this.small.allocator.total / blocksPerLarge);
  }

  takeSmall(): number {
    const { total } = this.small.allocator;
    if (this.#placement === 'sequential') return this.small.take();
    return this.small.take(Math.floor(this.#random.fraction() * total));
  }

  /** First of 512 blocks that make up a large one; undefined when no whole one is free or the version has none. */
  takeLarge(): number | undefined {
    if (!this.#large) return undefined;
    for (let tried = 0; tried < this.#largeCount; tried++) {
      const large = this.#nextLarge;
      this.#nextLarge = large === 0 ? this.#largeCount - 1 : large - 1;
      const first = large * blocksPerLarge;
      if (!this.isLargeFree(large)) continue;
      for (let block = first; block < first + blocksPerLarge; block++) this.small.use(block);
      return first;
    }
    return undefined;
  }

  takeSmallOrFail(count: number): void {
    if (this.small.allocator.free < count)
      throw new VmfsHostError(
        'no-space',
        `${count} blocks are needed, and ${this.small.allocator.free} are free`,
      );
  }

  releaseLarge(first: number): void {
    for (let block = first; block < first + blocksPerLarge; block++) this.small.release(block);
    this.#nextLarge = Math.floor(first / blocksPerLarge);
  }

  isLargeFree = (large: number): boolean =>
    this.small.allocator.freeIn(large * blocksPerLarge, blocksPerLarge) === blocksPerLarge;

  /** Whether a block may hold other than zeros. */
  wasWritten(block: number): boolean {
    return this.#written.has(block);
  }

  markWritten(block: number): void {
    this.#written.add(block);
  }

  /** After mounting nobody knows what free blocks hold. */
  markAllWritten(): void {
    for (let block = 0; block < this.small.allocator.total; block++) this.#written.add(block);
  }

  async flush(): Promise<void> {
    const clusters = await this.small.flush();
    const large = this.#large;
    if (!large) return;
    const groups = new Set(
      clusters.filter((each) => each < this.#largeCount).map((each) => large.clusterOf(each)),
    );
    for (const cluster of groups) await large.writeCluster(cluster, (each) => !this.isLargeFree(each));
  }
}
