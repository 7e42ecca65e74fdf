/** Numbers of the on-disk format of VMFS-5 and VMFS-6 that readers and writers share. All integers are little-endian. */

export const mebibyte = 2 ** 20;

/** Offsets from the start of the partition. */
export const lvm = {
  magic: 0xc001d00d,
  headerOffset: 0x100000,
  /** Where data begins on volumes as they are made today; the header says where it really does. */
  usualDataOffset: 0x1100000,
  peEntryBytes: 128,
  peEntriesPerMap: 8192,
  volumeEntryBytes: 512,
  deviceNameBytes: 256,
  deviceNames: 32,
  flagLocal: 1,
} as const;

export interface LvmTables {
  /** Offsets from the LVM header. */
  readonly volumeTable: number;
  readonly deviceNames: number;
  readonly peBitmap: number;
  readonly peTable: number;
  /** Distance from one bitmap (or table) to that of the next map. */
  readonly mapStride: number;
}

/** @param alignment the metadata alignment of LVM 6; LVM 3 and 5 have none. */
export function lvmTables(major: number, alignment: number): LvmTables {
  const tableBytes = lvm.peEntryBytes * lvm.peEntriesPerMap;
  const volumeTable = major >= 6 ? alignment : 0x200;
  const deviceNames = volumeTable + 512 + 1023 * 512 - 8192;
  const peBitmap = deviceNames + lvm.deviceNameBytes * lvm.deviceNames;
  const bitmapBytes = major >= 6 ? Math.max(alignment, 1024) : 1024;
  return {
    volumeTable,
    deviceNames,
    peBitmap,
    peTable: peBitmap + bitmapBytes,
    mapStride: bitmapBytes + tableBytes,
  };
}

/** Offsets in the logical volume. */
export const fs = {
  magic: 0x2fabf15e,
  magicLocal: 0x2fabf15f,
  headerOffset: 0x200000,
  heartbeatOffset: 0x300000,
  heartbeatFree: 0xabcdef01,
  major5: 14,
  major6: 24,
  flagDenseSubBlocks: 0x4,
} as const;

export const addressType = {
  fileBlock: 1,
  subBlock: 2,
  pointerBlock: 3,
  descriptor: 4,
  secondaryPointerBlock: 5,
  journalBlock: 6,
  largeFileBlock: 7,
} as const;

/** How the address array of a file is meant. */
export const zla = {
  fileBlocks: 1,
  subBlocks: 2,
  pointerBlocks: 3,
  secondaryPointerBlocks: 5,
  doubleIndirect: 0x10d0,
  inline: 0x10d1,
} as const;

export const fileType = { directory: 2, regular: 3, symlink: 4, system: 5, rdm: 6 } as const;

export const lockMagic = {
  descriptor: 0x10c00001,
  fileBlocks: 0x10c00002,
  subBlocks: 0x10c00003,
  pointerBlocks: 0x10c00004,
  descriptors: 0x10c00005,
  secondaryPointerBlocks: 0x10c00006,
} as const;

export const signature = { resourceFile: 0x72666d64, cluster: 0x72636d64, descriptor: 0x66646d64 } as const;

/** Position of the descriptors of system files in the first cluster of `.fdc.sf`. */
export const systemSlot = { root: 0, fbb: 1, fdc: 2, pbc: 3, sbc: 4, vh: 5, pb2: 6, sdd: 7, jbc: 8 } as const;

/** Offsets in the metadata of a file descriptor. */
export const descriptorField = {
  address: 0x00,
  generation: 0x04,
  links: 0x08,
  type: 0x0c,
  flags: 0x10,
  length: 0x14,
  blockBytes: 0x1c,
  blocks: 0x24,
  modified: 0x2c,
  changed: 0x30,
  accessed: 0x34,
  uid: 0x38,
  gid: 0x3c,
  mode: 0x40,
  zla: 0x44,
  tbzLow: 0x48,
  cowLow: 0x4c,
  tbzHigh: 0x54,
  cowHigh: 0x58,
  pointerBlocks: 0x5c,
  signature: 0x64,
  affinity: 0x68,
  tbzShift: 0x6c,
  parent: 0x70,
  blockShift: 0x89,
  largeBlocks: 0x8c,
} as const;

/** Hashed directories of VMFS-6; flat ones of VMFS-5. */
export const directoryLayout = {
  version: 0xf50001,
  headerBytes: 0x10000,
  entryCount: 0x04,
  allocatedBlocks: 0x08,
  mapCount: 0x0c,
  mapBlocks: 0x10,
  maxMaps: 128,
  self: 0x3b8,
  parent: 0x4d8,
  hashTable: 0x5f8,
  hashSlots: 16001,
  rootHashSlots: 15973,
  firstSystemHash: 0x3e66,
  entryBytes: 0x120,
  nameBytes: 256,
  nameOffset: 0x18,
  blockHeaderBytes: 64,
  entryBlock: 1,
  linkBlock: 2,
  mapBlock: 3,
  flatEntryBytes: 140,
  flatNameOffset: 12,
  flatNameBytes: 128,
} as const;
