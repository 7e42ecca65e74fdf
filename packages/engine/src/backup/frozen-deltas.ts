import {
  type DiskPlan,
  filesOf,
  LeewardError,
  type LocatedFile,
  parseDatastorePath,
  type VmPlan,
} from '@leeward/core';
import type { FrozenDisk } from '../systems/doors.ts';

/**
 * The delta disks that a VMware snapshot put on top of the disk that was planned, the frozen one first; none where the
 * planned disk itself is frozen. By what vCenter says the frozen disk stands on: names alone prove nothing. VMware's
 * VSS provider makes one, which holds what the guest's applications wrote to be consistent. Throws `L-RUN-108` when
 * the frozen disk does not stand on the planned one, `L-RUN-116` when a delta lies on a datastore that the storage
 * snapshots of the run do not have.
 */
export function frozenDeltas(
  vm: VmPlan,
  planned: DiskPlan,
  frozen: readonly FrozenDisk[],
): readonly LocatedFile[] {
  const disk = frozen.find(({ key }) => key === planned.key);
  const chain = disk ? [disk.fileName, ...disk.parents] : [];
  const at = chain.indexOf(planned.fileName);
  if (at < 0) throw new LeewardError('L-RUN-108', { vm: vm.name });
  return chain.slice(0, at).map((file) => locate(vm, planned, file));
}

function locate(vm: VmPlan, { label }: DiskPlan, file: string): LocatedFile {
  const place = parseDatastorePath(file);
  const neighbour = filesOf(vm).find(({ datastore }) => datastore === place?.datastore);
  if (!place || !neighbour) throw new LeewardError('L-RUN-116', { vm: vm.name, disk: label, file });
  return { ...neighbour, path: place.path };
}
