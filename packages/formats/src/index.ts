export {
  type BaseCreateType,
  type BaseDescriptorOptions,
  baseDescriptor,
} from './vmdk/base-descriptor.ts';
export type { ChainRun } from './vmdk/chain/chain-run.ts';
export type { DiskChain, ReadFigures } from './vmdk/chain/disk-chain.ts';
export {
  type FilePlace,
  type FileReader,
  type FolderReader,
  type ParentResolver,
  placeName,
} from './vmdk/chain/file-reader.ts';
export { type DiskChainOptions, openDiskChain } from './vmdk/chain/open-disk-chain.ts';
export {
  type DescriptorEntry,
  ddbValue,
  type ExtentAccess,
  type ExtentLine,
  noParentCid,
  sectorBytes,
  type VmdkDescriptor,
} from './vmdk/descriptor.ts';
export { maxDescriptorBytes } from './vmdk/descriptor-text.ts';
export {
  checkExtentFile,
  type FlatDisk,
  type FlatExtent,
  type FlatOptions,
  flatExtents,
} from './vmdk/flat-extents.ts';
export { formatDescriptor } from './vmdk/format-descriptor.ts';
export { type ParseOptions, parseDescriptor } from './vmdk/parse-descriptor.ts';
export type { StreamBlock } from './vmdk/stream/grains.ts';
export { type StreamOptions, streamOptimized } from './vmdk/stream/stream-optimized.ts';
