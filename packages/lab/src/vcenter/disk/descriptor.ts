export interface DescriptorFields {
  readonly kind: 'flat' | 'cowd' | 'sesparse' | 'rdm-virtual' | 'rdm-physical';
  readonly cid: string;
  /** `ffffffff` for a base disk. */
  readonly parentCid: string;
  readonly parentFileName?: string | undefined;
  readonly sizeBytes: number;
  readonly extentName: string;
  readonly changeTrackName?: string | undefined;
  readonly adapter: 'lsilogic' | 'ide' | 'buslogic';
  readonly isThin: boolean;
  readonly uuid: string;
  /** 32 hex digits that end in the CID. */
  readonly contentId: string;
  readonly hardwareVersion: number;
}

const types = {
  flat: ['vmfs', 'VMFS'],
  cowd: ['vmfsSparse', 'VMFSSPARSE'],
  sesparse: ['seSparse', 'SESPARSE'],
  'rdm-virtual': ['vmfsRawDeviceMap', 'VMFSRDM'],
  'rdm-physical': ['vmfsPassthroughRawDeviceMap', 'VMFSRDM'],
} as const;

/** The text of a VMDK descriptor as ESXi writes it. */
export function descriptorText(fields: DescriptorFields): string {
  const [createType, extentType] = types[fields.kind];
  const sectors = fields.sizeBytes / 512;
  const isBase = fields.parentFileName === undefined;
  return [
    '# Disk DescriptorFile',
    `version=${fields.changeTrackName ? 3 : 1}`,
    'encoding="UTF-8"',
    `CID=${fields.cid}`,
    `parentCID=${fields.parentCid}`,
    ...(isBase ? [] : ['isNativeSnapshot="no"']),
    `createType="${createType}"`,
    ...(isBase ? [] : [`parentFileNameHint="${fields.parentFileName}"`]),
    '',
    '# Extent description',
    `RW ${sectors} ${extentType} "${fields.extentName}"`,
    '',
    ...(fields.changeTrackName
      ? ['# Change Tracking File', `changeTrackPath="${fields.changeTrackName}"`, '']
      : []),
    '# The Disk Data Base ',
    '#DDB',
    '',
    ...(isBase ? diskDataBase(fields, sectors) : [`ddb.longContentID = "${fields.contentId}"`]),
    '',
  ].join('\n');
}

function diskDataBase(fields: DescriptorFields, sectors: number): string[] {
  const cylinders = Math.min(65_535, Math.ceil(sectors / (255 * 63)));
  return [
    `ddb.adapterType = "${fields.adapter}"`,
    `ddb.geometry.cylinders = "${cylinders}"`,
    'ddb.geometry.heads = "255"',
    'ddb.geometry.sectors = "63"',
    `ddb.longContentID = "${fields.contentId}"`,
    ...(fields.isThin ? ['ddb.thinProvisioned = "1"'] : []),
    'ddb.toolsInstallType = "4"',
    'ddb.toolsVersion = "12389"',
    `ddb.uuid = "${spacedUuid(fields.uuid)}"`,
    `ddb.virtualHWVersion = "${fields.hardwareVersion}"`,
  ];
}

/** `6000C29x-xxxx-…` → `60 00 C2 9x xx xx xx xx-xx …` as in descriptors. */
function spacedUuid(uuid: string): string {
  const pairs = uuid.replaceAll('-', '').match(/../g) ?? [];
  return `${pairs.slice(0, 8).join(' ')}-${pairs.slice(8).join(' ')}`;
}
