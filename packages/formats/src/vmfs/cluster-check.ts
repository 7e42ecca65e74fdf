import type { Geometry } from './geometry.ts';
import { lockMagic, signature } from './layout.ts';
import type { ResourceFile } from './resource-file.ts';
import { readU64 } from './u64.ts';

const checked = new WeakMap<ResourceFile, Set<number>>();
const magics = new Set<number>(Object.values(lockMagic));

/**
 * Checks that the cluster of a resource is where the resource file's header puts it: what lies in sub-blocks says
 * nothing of itself, so a wrong place would go unseen. `L-FMT-411`. Each cluster is read once.
 */
export async function checkCluster(
  resources: ResourceFile,
  cluster: number,
  geometry: Geometry,
  signal?: AbortSignal,
): Promise<void> {
  const done = checked.get(resources) ?? new Set<number>();
  checked.set(resources, done);
  if (done.has(cluster)) return;
  const { file, clustersPerGroup, groupOffset, groupBytes, perCluster, total } = resources;
  const { clusterHeaderBytes, metadataOffset, version } = geometry;
  const at =
    groupOffset +
    Math.floor(cluster / clustersPerGroup) * groupBytes +
    (cluster % clustersPerGroup) * clusterHeaderBytes;
  const header = await file.read(at, clusterHeaderBytes, signal);
  if (!magics.has(header.readUInt32LE(0)) || readU64(header, 4) !== file.logicalOffset(at))
    throw file.damaged(at, `there is not the header of cluster ${cluster}`);
  const metadata = header.subarray(metadataOffset);
  if (version === 6 && metadata.readUInt32LE(0x10) !== signature.cluster)
    throw file.damaged(at, `the header of cluster ${cluster} has another signature`);
  const number = version === 6 ? readU64(metadata, 0x18) : metadata.readUInt32LE(0);
  const count = version === 6 ? metadata.readUInt16LE(0x20) : metadata.readUInt32LE(4);
  const expected = Math.min(perCluster, total - cluster * perCluster);
  if (number !== cluster || (count !== 0 && count !== expected))
    throw file.damaged(at, `the header is of cluster ${number} with ${count} resources`);
  done.add(cluster);
}
