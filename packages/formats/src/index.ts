export {
  type BaseCreateType,
  type BaseDescriptorOptions,
  baseDescriptor,
} from './vmdk/base-descriptor.ts';
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
