import { signature } from '@leeward/formats/vmfs/layout';
import { alignment, type Profile, type Shape } from './profile.ts';
import type { VolumeSpace } from './volume-space.ts';

export interface ClusterTableOptions {
  readonly space: VolumeSpace;
  readonly profile: Profile;
  readonly shape: Shape;
  readonly groups: number;
  readonly total: number;
  readonly lockMagic: number;
  /** Where the resource file begins in the logical volume; it lies there in one piece. */
  readonly fileOffset: number;
  /** Offsets in the file. */
  readonly headerAt: number;
  readonly groupsAt: number;
}

/** The header and the cluster headers of one level of a resource file. */
export class ClusterTable {
  readonly #options: ClusterTableOptions;
  readonly #groupBytes: number;
  readonly #clusters: number;

  constructor(options: ClusterTableOptions) {
    this.#options = options;
    this.#groupBytes = groupBytesOf(options.profile, options.shape);
    this.#clusters = options.groups * options.shape.clustersPerGroup;
  }

  get groupBytes(): number {
    return this.#groupBytes;
  }

  clusterOf(resource: number): number {
    return Math.floor(resource / this.#options.shape.perCluster);
  }

  /** Where a resource is in the logical volume. */
  resourceOffset(resource: number): number {
    const { shape, profile, fileOffset, groupsAt } = this.#options;
    const perGroup = shape.perCluster * shape.clustersPerGroup;
    const headers = shape.clustersPerGroup * profile.clusterHeaderBytes;
    const inGroup = headers + (resource % perGroup) * shape.resourceBytes;
    return fileOffset + groupsAt + Math.floor(resource / perGroup) * this.#groupBytes + inGroup;
  }

  /** @param fields further 32-bit fields of the header, by offset. */
  async writeHeader(fields?: ReadonlyMap<number, number>): Promise<void> {
    const { space, profile, shape, groups, total, fileOffset, headerAt, groupsAt } = this.#options;
    const header = Buffer.alloc(512);
    const values = new Map<number, number>([
      [0x00, shape.perCluster],
      [0x04, shape.clustersPerGroup],
      [0x08, groupsAt],
      [0x0c, shape.resourceBytes],
      [0x10, this.#groupBytes],
      [0x14, total % 2 ** 32],
      [0x18, groups],
      [0x1c, Math.floor(total / 2 ** 32)],
    ]);
    if (profile.version === 6) values.set(0x20, signature.resourceFile).set(0x24, 1);
    for (const [offset, value] of [...values, ...(fields ?? [])]) header.writeUInt32LE(value, offset);
    await space.write(fileOffset + headerAt, header);
  }

  /** All cluster headers, when the volume is made. */
  async writeAll(isUsed: (resource: number) => boolean): Promise<void> {
    for (let cluster = 0; cluster < this.#clusters; cluster++) await this.writeCluster(cluster, isUsed);
  }

  async writeCluster(cluster: number, isUsed: (resource: number) => boolean): Promise<void> {
    const { space, profile, shape, total, lockMagic, fileOffset, groupsAt } = this.#options;
    const group = Math.floor(cluster / shape.clustersPerGroup);
    const inGroup = (cluster % shape.clustersPerGroup) * profile.clusterHeaderBytes;
    const offset = fileOffset + groupsAt + group * this.#groupBytes + inGroup;
    const first = cluster * shape.perCluster;
    const count = Math.max(0, Math.min(shape.perCluster, total - first));
    const header = Buffer.alloc(profile.version === 6 ? alignment + 512 : profile.clusterHeaderBytes);
    header.writeUInt32LE(lockMagic, 0);
    header.writeBigUInt64LE(BigInt(offset), 4);
    const free = Array.from({ length: count }, (_, item) => !isUsed(first + item));
    const freeCount = free.filter(Boolean).length;
    if (profile.version === 6) {
      header.writeUInt32LE(signature.cluster, alignment + 0x10);
      header.writeBigUInt64LE(BigInt(cluster), alignment + 0x18);
      header.writeUInt16LE(count, alignment + 0x20);
      header.writeUInt16LE(freeCount, alignment + 0x22);
    } else {
      header.writeUInt32LE(cluster, 512);
      header.writeUInt32LE(count, 516);
      header.writeUInt32LE(freeCount, 520);
      header.writeUInt32LE(Math.max(0, free.indexOf(true)), 524);
      for (const [item, isFree] of free.entries())
        if (isFree) header[528 + (item >>> 3)] = (header[528 + (item >>> 3)] ?? 0) | (1 << (item & 7));
    }
    await space.write(offset, header);
  }
}

export function groupBytesOf(profile: Profile, shape: Shape): number {
  const { perCluster, clustersPerGroup, resourceBytes } = shape;
  return clustersPerGroup * (profile.clusterHeaderBytes + perCluster * resourceBytes);
}
