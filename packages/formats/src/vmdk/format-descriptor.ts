import { LeewardError } from '@leeward/core';
import type { DescriptorEntry, ExtentLine, VmdkDescriptor } from './descriptor.ts';
import { formatExtentLine } from './extent-line.ts';
import { isPlainPath } from './extent-path.ts';

/**
 * The text of a descriptor, in UTF-8, in the order and form that ESXi itself writes. `parseDescriptor` reads
 * the same descriptor back. Throws `L-FMT-301` for what a descriptor cannot hold.
 */
export function formatDescriptor(descriptor: VmdkDescriptor): string {
  const { version, cid, parentCid, createType, parentFileNameHint, changeTrackPath } = descriptor;
  const lines = [
    '# Disk DescriptorFile',
    `version=${version}`,
    'encoding="UTF-8"',
    `CID=${cid}`,
    `parentCID=${parentCid}`,
    ...(descriptor.nativeSnapshot ? ['isNativeSnapshot="yes"'] : []),
    quotedLine('createType', createType),
    ...(parentFileNameHint === undefined ? [] : [quotedLine('parentFileNameHint', parentFileNameHint)]),
    ...descriptor.others.map(entryLine),
    '',
    '# Extent description',
    ...descriptor.extents.map(extentLine),
    ...(changeTrackPath === undefined
      ? []
      : ['', '# Change Tracking File', quotedLine('changeTrackPath', changeTrackPath)]),
    '',
    '# The Disk Data Base',
    '#DDB',
    '',
    ...descriptor.ddb.map(({ key, value }) => `${plainKey(key)} = "${plainValue(key, value)}"`),
  ];
  return `${lines.join('\n')}\n`;
}

function extentLine(extent: ExtentLine): string {
  if (extent.fileName !== undefined && !isPlainPath(extent.fileName))
    throw new LeewardError('L-FMT-301', { reason: `"${extent.fileName}" cannot name an extent` });
  return formatExtentLine(extent);
}

function entryLine({ key, value }: DescriptorEntry): string {
  return quotedLine(plainKey(key), value);
}

function quotedLine(key: string, value: string): string {
  return `${key}="${plainValue(key, value)}"`;
}

function plainKey(key: string): string {
  if (/^[^\s"#=]+$/.test(key)) return key;
  throw new LeewardError('L-FMT-301', { reason: `"${key}" is not a key` });
}

function plainValue(key: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (!/[\u0000\r\n]/.test(value)) return value;
  throw new LeewardError('L-FMT-301', { reason: `the value of "${key}" has more than one line` });
}
