import { BitAllocator } from './bit-allocator.ts';
import { VmfsHostError } from './block-store.ts';
import { ClusterTable, type ClusterTableOptions } from './cluster-table.ts';

/** The resources of one kind, with what is on disk about them. */
export class ResourcePool {
  readonly table: ClusterTable;
  readonly allocator: BitAllocator;
  readonly #name: string;
  readonly #changed = new Set<number>();

  constructor(name: string, options: ClusterTableOptions) {
    this.#name = name;
    this.table = new ClusterTable(options);
    this.allocator = new BitAllocator(options.total);
  }

  take(start?: number): number {
    const resource = this.allocator.take(start);
    if (resource === undefined) throw new VmfsHostError('no-space', `no free resource in ${this.#name}`);
    this.#changed.add(this.table.clusterOf(resource));
    return resource;
  }

  use(resource: number): void {
    this.allocator.use(resource);
    this.#changed.add(this.table.clusterOf(resource));
  }

  release(resource: number): void {
    this.allocator.release(resource);
    this.#changed.add(this.table.clusterOf(resource));
  }

  isUsed = (resource: number): boolean => this.allocator.isUsed(resource);

  /** Forgets what is to be written: it is on disk already. */
  settle(): void {
    this.#changed.clear();
  }

  /** Writes the headers of changed clusters. Returns which they were. */
  async flush(): Promise<readonly number[]> {
    const clusters = [...this.#changed];
    await Promise.all(
      clusters.map(async (cluster) => {
        await this.table.writeCluster(cluster, this.isUsed);
        this.#changed.delete(cluster);
      }),
    );
    return clusters;
  }
}
