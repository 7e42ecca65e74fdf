import { z } from 'zod';

export const sectorBytes = 512;

/** What a VMDK descriptor says besides its extents; everything is optional and has VMware's default. */
export const diskFactsSchema = z.object({
  /** `lsilogic`, `buslogic`, `ide`, `pvscsi`, … */
  adapterType: z.string().regex(/^\w+$/).optional(),
  hardwareVersion: z.string().regex(/^\d+$/).optional(),
  /** `60 00 C2 9e …`, as `ddb.uuid` has it. */
  uuid: z
    .string()
    .regex(/^[0-9a-fA-F -]+$/)
    .optional(),
  contentId: z
    .string()
    .regex(/^[0-9a-fA-F]{1,8}$/)
    .optional(),
  thinProvisioned: z.boolean().optional(),
});

export type DiskFacts = z.infer<typeof diskFactsSchema>;

export interface DescriptorExtent {
  readonly sizeBytes: number;
  readonly fileName: string;
}

/** `flat` is what the repository holds (openable by qemu where it lies), `vmfs` what ESXi expects. */
export type DescriptorKind = 'flat' | 'vmfs';

export function vmdkDescriptor(
  kind: DescriptorKind,
  facts: DiskFacts,
  extents: readonly DescriptorExtent[],
): string {
  const sectors = extents.map((extent) => extent.sizeBytes / sectorBytes);
  const createType = kind === 'vmfs' ? 'vmfs' : extents.length > 1 ? 'twoGbMaxExtentFlat' : 'monolithicFlat';
  const extentLines = extents.map((extent, index) =>
    kind === 'vmfs'
      ? `RW ${sectors[index]} VMFS "${extent.fileName}"`
      : `RW ${sectors[index]} FLAT "${extent.fileName}" 0`,
  );
  const totalSectors = sectors.reduce((sum, count) => sum + count, 0);
  return [
    '# Disk DescriptorFile',
    'version=1',
    'encoding="UTF-8"',
    `CID=${(facts.contentId ?? 'fffffffe').toLowerCase().padStart(8, '0')}`,
    'parentCID=ffffffff',
    `createType="${createType}"`,
    '',
    '# Extent description',
    ...extentLines,
    '',
    '# The Disk Data Base',
    '#DDB',
    '',
    ...diskDatabase(facts, totalSectors),
    '',
  ].join('\n');
}

function diskDatabase(facts: DiskFacts, sectors: number): string[] {
  const adapterType = facts.adapterType ?? 'lsilogic';
  const { heads, sectorsPerTrack } = geometryOf(adapterType, sectors);
  return [
    `ddb.adapterType = "${adapterType}"`,
    `ddb.geometry.cylinders = "${Math.floor(sectors / (heads * sectorsPerTrack))}"`,
    `ddb.geometry.heads = "${heads}"`,
    `ddb.geometry.sectors = "${sectorsPerTrack}"`,
    ...(facts.thinProvisioned ? ['ddb.thinProvisioned = "1"'] : []),
    ...(facts.uuid ? [`ddb.uuid = "${facts.uuid}"`] : []),
    `ddb.virtualHWVersion = "${facts.hardwareVersion ?? '13'}"`,
  ];
}

const sectorsPerGib = 2 ** 30 / sectorBytes;

function geometryOf(adapterType: string, sectors: number) {
  if (adapterType === 'ide') return { heads: 16, sectorsPerTrack: 63 };
  if (sectors < sectorsPerGib) return { heads: 64, sectorsPerTrack: 32 };
  if (sectors < 2 * sectorsPerGib) return { heads: 128, sectorsPerTrack: 32 };
  return { heads: 255, sectorsPerTrack: 63 };
}
