import { LeewardError } from '@leeward/core';
import { readFsHeader } from './fs-header.ts';
import { defaultLimits, type VmfsLimits } from './limits.ts';
import { LogicalVolume } from './logical-volume.ts';
import type { LunReader } from './lun-reader.ts';
import { type LvmDevice, readLvmDevice } from './lvm-device.ts';
import { partitionsOf } from './partition-table.ts';
import { readSystemFiles } from './system-files.ts';
import { VmfsVolume } from './vmfs-volume.ts';

export interface OpenVmfsOptions {
  /** The datastore that is wanted; needed where the LUNs hold several. */
  readonly uuid?: string;
  /** Name the LUNs in errors, in their order; else "LUN 0" and so on. */
  readonly names?: readonly string[];
  readonly limits?: Partial<VmfsLimits>;
  readonly signal?: AbortSignal;
}

/**
 * Opens the VMFS volume that lies on the LUNs, one LUN for each of its extents, in any order. LUNs without VMFS
 * are passed over. Throws `L-FMT-401` (none found) to `-407`, or `-411` to `-415` when its system files are damaged.
 */
export async function openVmfs(
  luns: readonly LunReader[],
  options: OpenVmfsOptions = {},
): Promise<VmfsVolume> {
  const { signal, uuid } = options;
  const nameOf = (lun: number) => options.names?.[lun] ?? `LUN ${lun}`;
  const devices = await allDevices(luns, nameOf, signal);
  const usable = devices.filter(({ isLocal }) => !isLocal);
  if (usable.length === 0) {
    const lunNames = luns.map((_, lun) => nameOf(lun)).join(', ');
    if (devices.length > 0)
      throw new LeewardError('L-FMT-402', {
        volume: lunNames,
        version: 'L',
        reason: 'it is a volume that ESXi keeps for itself',
      });
    throw new LeewardError('L-FMT-401', { luns: lunNames });
  }
  const volumes = [...Map.groupBy(usable, (device) => `${device.volumeUuid}/${device.snapshotId}`).values()];
  const opened = await chosen(luns, volumes, uuid, signal);
  const volumeName = opened.header.label || opened.header.uuid;
  const system = await readSystemFiles(opened.volume, opened.header, volumeName, signal);
  return new VmfsVolume({ ...opened, volumeName, system, limits: { ...defaultLimits, ...options.limits } });
}

async function allDevices(
  luns: readonly LunReader[],
  nameOf: (lun: number) => string,
  signal?: AbortSignal,
): Promise<LvmDevice[]> {
  const devices: LvmDevice[] = [];
  for (const [lun, reader] of luns.entries()) {
    const name = nameOf(lun);
    const partitions = await partitionsOf(reader, name, signal);
    const marked = partitions.filter(({ isVmfs }) => isVmfs);
    for (const partition of marked.length > 0 ? marked : partitions) {
      const device = await readLvmDevice({ lun, name, reader, partition }, signal);
      if (device) devices.push(device);
    }
  }
  return devices;
}

async function chosen(
  luns: readonly LunReader[],
  volumes: readonly LvmDevice[][],
  uuid: string | undefined,
  signal?: AbortSignal,
) {
  const [only] = volumes;
  if (only && volumes.length === 1) {
    const opened = await open(luns, only, signal);
    if (uuid === undefined || opened.header.uuid === uuid) return opened;
    throw new LeewardError('L-FMT-404', { found: opened.header.uuid, wanted: uuid });
  }
  const found: string[] = [];
  let failure: unknown;
  for (const devices of volumes) {
    try {
      const opened = await open(luns, devices, signal);
      if (opened.header.uuid === uuid) return opened;
      found.push(opened.header.uuid);
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
      found.push(`a volume that cannot be opened (${devices[0]?.volumeUuid})`);
    }
  }
  throw new LeewardError('L-FMT-404', { found: found.join(', '), wanted: uuid ?? 'not said' }, failure);
}

async function open(luns: readonly LunReader[], devices: readonly LvmDevice[], signal?: AbortSignal) {
  const volume = new LogicalVolume(luns, devices);
  return { volume, header: await readFsHeader(volume, signal) };
}
