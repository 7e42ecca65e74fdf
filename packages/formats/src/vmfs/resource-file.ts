import { LeewardError } from '@leeward/core';
import type { LogicalExtent } from './extent-list.ts';
import type { Geometry } from './geometry.ts';
import { signature } from './layout.ts';
import type { LogicalVolume } from './logical-volume.ts';

/** Reads ranges of a file whose runs are known; for system files, which have no holes. */
export class MappedFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly extents: readonly LogicalExtent[];
  readonly #volume: LogicalVolume;
  readonly #volumeName: string;

  constructor(name: string, volumeName: string, volume: LogicalVolume, extents: readonly LogicalExtent[]) {
    this.name = name;
    this.extents = extents;
    this.sizeBytes = extents.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
    this.#volume = volume;
    this.#volumeName = volumeName;
  }

  /** Calls back for each run of the logical volume. `L-FMT-411` for what is no data of the file. */
  eachRun(
    fileOffset: number,
    lengthBytes: number,
    callback: (logical: number, length: number) => void,
  ): void {
    let at = fileOffset;
    const end = fileOffset + lengthBytes;
    if (!(end <= this.sizeBytes)) throw this.damaged(at, `byte ${end} is behind its end`);
    for (let index = this.#extentAt(at); at < end; index++) {
      const extent = this.extents[index];
      if (extent?.kind !== 'data') throw this.damaged(at, 'it has no data there');
      const inside = at - extent.fileOffset;
      const length = Math.min(extent.lengthBytes - inside, end - at);
      callback(extent.logicalOffset + inside, length);
      at += length;
    }
  }

  /** Where the byte lies in the logical volume. */
  logicalOffset(fileOffset: number): number {
    let found = 0;
    this.eachRun(fileOffset, 1, (logical) => {
      found = logical;
    });
    return found;
  }

  async read(fileOffset: number, lengthBytes: number, signal?: AbortSignal): Promise<Buffer> {
    const target = Buffer.alloc(lengthBytes);
    const reads: Promise<void>[] = [];
    let at = 0;
    this.eachRun(fileOffset, lengthBytes, (logical, length) => {
      reads.push(this.#volume.read(logical, target.subarray(at, at + length), signal));
      at += length;
    });
    await Promise.all(reads);
    return target;
  }

  damaged(offset: number, reason: string): LeewardError {
    return new LeewardError('L-FMT-411', { structure: this.name, volume: this.#volumeName, offset, reason });
  }

  #extentAt(fileOffset: number): number {
    let low = 0;
    let high = this.extents.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.extents[middle]?.fileOffset ?? 0) <= fileOffset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** A system file that holds resources of one kind in clusters and groups. */
export interface ResourceFile {
  readonly file: MappedFile;
  readonly perCluster: number;
  readonly clustersPerGroup: number;
  readonly groupOffset: number;
  readonly resourceBytes: number;
  readonly groupBytes: number;
  readonly total: number;
  readonly groups: number;
  readonly clusterHeaderBytes: number;
}

/** Reads and checks the header of a resource file: `L-FMT-411`. */
export async function readResourceFile(
  file: MappedFile,
  geometry: Geometry,
  signal?: AbortSignal,
): Promise<ResourceFile> {
  const header = await file.read(0, 512, signal);
  const u32 = (offset: number) => header.readUInt32LE(offset);
  if (geometry.version === 6 && u32(0x20) !== signature.resourceFile)
    throw file.damaged(0, 'its header has another signature');
  const resources = {
    file,
    perCluster: u32(0x00),
    clustersPerGroup: u32(0x04),
    groupOffset: u32(0x08),
    resourceBytes: u32(0x0c),
    groupBytes: u32(0x10),
    total: u32(0x1c) * 2 ** 32 + u32(0x14),
    groups: u32(0x18),
    clusterHeaderBytes: geometry.clusterHeaderBytes,
  };
  const { perCluster, clustersPerGroup, resourceBytes, groupBytes, total, groups } = resources;
  if (perCluster < 1 || perCluster > 8192 || clustersPerGroup < 1 || clustersPerGroup > 65536)
    throw file.damaged(
      0,
      `it has ${perCluster} resources in each of ${clustersPerGroup} clusters of a group`,
    );
  const needed = clustersPerGroup * (geometry.clusterHeaderBytes + perCluster * resourceBytes);
  if (groups > 0 && groupBytes < needed)
    throw file.damaged(0, `its groups have ${groupBytes} bytes, and need ${needed}`);
  if (total > groups * clustersPerGroup * perCluster)
    throw file.damaged(0, `it has ${total} resources in ${groups} groups`);
  return resources;
}

/** Offset of a resource in its file. `L-FMT-411` when there is no such resource. */
export function resourceOffset(resources: ResourceFile, cluster: number, item: number): number {
  const { file, perCluster, clustersPerGroup, groupOffset, groupBytes, resourceBytes } = resources;
  if (item >= perCluster || cluster * perCluster + item >= resources.total)
    throw file.damaged(0, `it has no resource ${item} of cluster ${cluster}`);
  const group = Math.floor(cluster / clustersPerGroup);
  const inGroup = (cluster % clustersPerGroup) * perCluster + item;
  return (
    groupOffset +
    group * groupBytes +
    clustersPerGroup * resources.clusterHeaderBytes +
    inGroup * resourceBytes
  );
}
