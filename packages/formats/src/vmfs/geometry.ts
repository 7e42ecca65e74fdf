import { mebibyte } from './layout.ts';

/** Sizes that follow from the version and the header of a volume. */
export interface Geometry {
  readonly version: 5 | 6;
  /** Alignment of metadata; 512 on VMFS-5. */
  readonly alignment: number;
  readonly fileBlockBytes: number;
  readonly subBlockBytes: number;
  /** Large file blocks: only VMFS-6. */
  readonly largeBlockBytes: number;
  readonly denseSubBlocks: boolean;
  readonly clusterHeaderBytes: number;
  readonly descriptorBytes: number;
  /** Inside a descriptor: its metadata, its inline data, its address array. */
  readonly metadataOffset: number;
  readonly inlineOffset: number;
  readonly inlineBytes: number;
  readonly addressesOffset: number;
  readonly directAddresses: number;
  readonly addressBytes: 4 | 8;
  readonly addressesPerPointerBlock: number;
}

export interface GeometryInput {
  readonly version: 5 | 6;
  readonly alignment: number;
  readonly fileBlockBytes: number;
  readonly subBlockBytes: number;
  readonly largeBlockShift: number;
  readonly denseSubBlocks: boolean;
}

export function geometryOf(input: GeometryInput): Geometry {
  const { version, fileBlockBytes, subBlockBytes, denseSubBlocks } = input;
  const shared = { version, fileBlockBytes, subBlockBytes, denseSubBlocks };
  if (version === 5)
    return {
      ...shared,
      alignment: 512,
      largeBlockBytes: 0,
      clusterHeaderBytes: 1024,
      descriptorBytes: 2048,
      metadataOffset: 512,
      inlineOffset: 1024,
      inlineBytes: 1024,
      addressesOffset: 1024,
      directAddresses: 256,
      addressBytes: 4,
      addressesPerPointerBlock: 1024,
    };
  const { alignment } = input;
  const directAddresses = alignment <= 4096 ? 320 : alignment / 16;
  return {
    ...shared,
    alignment,
    largeBlockBytes: fileBlockBytes * 2 ** input.largeBlockShift,
    clusterHeaderBytes: 2 * alignment,
    descriptorBytes: 2 * alignment,
    metadataOffset: alignment,
    inlineOffset: alignment + 512,
    inlineBytes: alignment - 512,
    addressesOffset: 2 * alignment - directAddresses * 8,
    directAddresses,
    addressBytes: 8,
    addressesPerPointerBlock: alignment >= 65536 ? alignment / 8 : 8192,
  };
}

/** Where `.fdc.sf` begins in the logical volume. */
export function descriptorFileOffset({ version, alignment, fileBlockBytes }: Geometry): number {
  if (version === 6) return Math.floor((alignment * 1024 + 4 * mebibyte - 1) / mebibyte) * mebibyte;
  return fileBlockBytes * Math.floor((fileBlockBytes + 4 * mebibyte - 1) / fileBlockBytes);
}
