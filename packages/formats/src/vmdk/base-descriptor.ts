import { LeewardError } from '@leeward/core';
import { type DescriptorEntry, noParentCid, sectorBytes, type VmdkDescriptor } from './descriptor.ts';
import type { FlatExtent } from './flat-extents.ts';
import { diskGeometry } from './geometry.ts';

/** `vmfs`: for ESXi, one file. `monolithicFlat`: one file. `twoGbMaxExtentFlat`: any number of files of any size. */
export type BaseCreateType = 'vmfs' | 'monolithicFlat' | 'twoGbMaxExtentFlat';

export interface BaseDescriptorOptions {
  readonly createType: BaseCreateType;
  /** In disk order; lengths and offsets are multiples of 512. */
  readonly extents: readonly FlatExtent[];
  /** The descriptor of the disk that was backed up: its ids, adapter and disk data base are kept. */
  readonly original?: VmdkDescriptor;
  /** Needed without an original: 32 random hex digits. */
  readonly contentId?: string;
  /** Without an original; `lsilogic` unless given (also right for paravirtual controllers). */
  readonly adapterType?: 'ide' | 'buslogic' | 'lsilogic';
  /** Only when the change tracking file is restored too, which Leeward never does by itself. */
  readonly keepChangeTracking?: boolean;
}

/** They name files or disks that are not restored; ESXi does not open a disk whose sidecar is missing. */
const dropped = /^ddb\.(sidecars|iofilters|nativeParent.*)$/i;

/**
 * The descriptor of a restored disk: a base disk, with the identity of the original (guests see the same
 * disk), without change tracking and in version 1 unless the change tracking file comes along. Throws
 * `L-FMT-301` when the extents do not fit the type.
 */
export function baseDescriptor(options: BaseDescriptorOptions): VmdkDescriptor {
  const { createType, original, extents } = options;
  refuseMisfits(options);
  const changeTrackPath = options.keepChangeTracking ? original?.changeTrackPath : undefined;
  const capacityBytes = extents.reduce((sum, extent) => sum + extent.lengthBytes, 0);
  return {
    version: changeTrackPath === undefined ? 1 : (original?.version ?? 1),
    cid: original?.cid ?? freshContentId(options).slice(-8),
    parentCid: noParentCid,
    createType,
    nativeSnapshot: false,
    ...(changeTrackPath === undefined ? {} : { changeTrackPath }),
    extents: extents.map(({ fileName, offsetBytes, lengthBytes }) => ({
      access: 'RW',
      sectors: lengthBytes / sectorBytes,
      type: createType === 'vmfs' ? 'VMFS' : 'FLAT',
      fileName,
      ...(createType === 'vmfs' ? {} : { offsetSectors: offsetBytes / sectorBytes }),
    })),
    ddb: original ? original.ddb.filter(({ key }) => !dropped.test(key)) : freshDdb(options, capacityBytes),
    others: original?.others ?? [],
  };
}

function refuseMisfits({ createType, extents }: BaseDescriptorOptions): void {
  const refuse = (reason: string): never => {
    throw new LeewardError('L-FMT-301', { reason });
  };
  if (extents.length === 0) refuse('a disk needs an extent');
  if (createType !== 'twoGbMaxExtentFlat' && extents.length > 1) refuse(`${createType} has one extent only`);
  for (const { offsetBytes, lengthBytes } of extents) {
    if (lengthBytes <= 0 || lengthBytes % sectorBytes !== 0 || offsetBytes % sectorBytes !== 0)
      refuse('extents consist of whole sectors');
    if (createType === 'vmfs' && offsetBytes !== 0) refuse('an extent of type VMFS begins with its file');
  }
}

function freshContentId({ contentId = '' }: BaseDescriptorOptions): string {
  if (/^[0-9a-f]{32}$/i.test(contentId)) return contentId.toLowerCase();
  throw new LeewardError('L-FMT-301', { reason: 'a new disk needs a content id of 32 hex digits' });
}

function freshDdb(options: BaseDescriptorOptions, capacityBytes: number): DescriptorEntry[] {
  const adapterType = options.adapterType ?? 'lsilogic';
  const { cylinders, heads, sectors } = diskGeometry(capacityBytes, adapterType);
  return [
    { key: 'ddb.adapterType', value: adapterType },
    { key: 'ddb.geometry.cylinders', value: String(cylinders) },
    { key: 'ddb.geometry.heads', value: String(heads) },
    { key: 'ddb.geometry.sectors', value: String(sectors) },
    { key: 'ddb.longContentID', value: freshContentId(options) },
    { key: 'ddb.virtualHWVersion', value: '14' },
  ];
}
