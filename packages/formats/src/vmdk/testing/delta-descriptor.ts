import { noParentCid, sectorBytes, type VmdkDescriptor } from '../descriptor.ts';
import { formatDescriptor } from '../format-descriptor.ts';

export interface TestDescriptor {
  readonly createType: string;
  readonly cid: string;
  readonly parentCid?: string;
  readonly hint?: string;
  readonly extents: readonly { type: string; fileName: string; lengthBytes: number; offsetBytes?: number }[];
}

/** The text of a descriptor, as ESXi has them. */
export function descriptorOf(disk: TestDescriptor): string {
  const descriptor: VmdkDescriptor = {
    version: 1,
    cid: disk.cid,
    parentCid: disk.parentCid ?? noParentCid,
    createType: disk.createType,
    nativeSnapshot: false,
    ...(disk.hint === undefined ? {} : { parentFileNameHint: disk.hint }),
    extents: disk.extents.map(({ type, fileName, lengthBytes, offsetBytes }) => ({
      access: 'RW',
      sectors: lengthBytes / sectorBytes,
      type,
      fileName,
      ...(offsetBytes === undefined ? {} : { offsetSectors: offsetBytes / sectorBytes }),
    })),
    ddb: [{ key: 'ddb.longContentID', value: disk.cid.padStart(32, '0') }],
    others: [],
  };
  return formatDescriptor(descriptor);
}
