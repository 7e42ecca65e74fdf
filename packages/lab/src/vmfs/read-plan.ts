import { fs, lvm, lvmTables, systemSlot } from '@leeward/formats/vmfs/layout';
import { entryBlock } from './addresses.ts';
import type { BlockStore } from './block-store.ts';
import { partitionStart } from './partition-writer.ts';
import { alignment, blockBytes, groupOffset, type Profile, vmfs5, vmfs6 } from './profile.ts';
import { readBlockEntry } from './read-addresses.ts';
import { type SystemFilePlan, type SystemPlan, systemNames } from './system-plan.ts';
import type { VolumeSpace } from './volume-space.ts';

/** Where the partition of a LUN that the lab formatted begins, and how many bytes behind it are a backup GPT's. */
export async function readPlacement(
  store: BlockStore,
): Promise<{ readonly offset: number; readonly tail: number }> {
  const magic = Buffer.alloc(8);
  await store.read(lvm.headerOffset, magic);
  if (magic.readUInt32LE(0) === lvm.magic) return { offset: 0, tail: 0 };
  await store.read(512, magic);
  return { offset: partitionStart, tail: magic.toString('latin1') === 'EFI PART' ? 33 * 512 : 0 };
}

/** The number of the first physical extent on a LUN: the order of LUNs. */
export async function readFirstPe(store: BlockStore, partitionOffset: number): Promise<number> {
  const header = Buffer.alloc(8);
  await store.read(partitionOffset + lvm.headerOffset, header);
  const { volumeTable } = lvmTables(header.readUInt32LE(4), alignment);
  await store.read(partitionOffset + lvm.headerOffset + volumeTable + 0x78, header);
  return Number(header.readBigUInt64LE(0));
}

/** The profile of a volume, and its UUID as bytes. Throws when the lab did not make it. */
export async function readProfile(
  space: VolumeSpace,
): Promise<{ readonly profile: Profile; readonly uuid: Buffer }> {
  const header = Buffer.alloc(512);
  await space.read(fs.headerOffset, header);
  const major = header.readUInt32LE(4);
  if (header.readUInt32LE(0) !== fs.magic || (major !== vmfs5.fsMajor && major !== vmfs6.fsMajor))
    throw new Error('the LUNs hold no volume that the lab made');
  const uuid = Buffer.from(header.subarray(0x09, 0x19));
  if (major === vmfs6.fsMajor) return { profile: vmfs6, uuid };
  const isDense = (header.readUInt32LE(0x19) & fs.flagDenseSubBlocks) !== 0;
  if (isDense) return { profile: vmfs5, uuid };
  const sbc = { ...vmfs5.sbc, perCluster: 16 };
  return { profile: { ...vmfs5, configFlags: vmfs5.configFlags & ~fs.flagDenseSubBlocks, sbc }, uuid };
}

/** The system files of a mounted volume, from their headers. */
export async function readSystemPlan(space: VolumeSpace, profile: Profile): Promise<SystemPlan> {
  const slots: number[] = [systemSlot.fdc, systemSlot.sbc, systemSlot.pbc, systemSlot.pb2, systemSlot.fbb];
  if (profile.version === 6) slots.push(systemSlot.jbc);
  const files: SystemFilePlan[] = [];
  for (const slot of slots) files.push(await readFile(space, profile, slot));
  const totalBlocks = space.sizeBytes / blockBytes;
  const fbb = files.find(({ slot }) => slot === systemSlot.fbb);
  if (profile.version === 5 || !fbb) return { files, smallBlocks: undefined, totalBlocks };
  const own = await headerAt(space, fbb.firstBlock * blockBytes);
  const headerOffset = own.readUInt32LE(0x34);
  const { shape, groups, groupsAt } = factsOf(
    await headerAt(space, fbb.firstBlock * blockBytes + headerOffset),
  );
  return { files, totalBlocks, smallBlocks: { shape, groups, groupsAt, headerAt: headerOffset } };
}

async function readFile(space: VolumeSpace, profile: Profile, slot: number): Promise<SystemFilePlan> {
  const descriptor = Buffer.alloc(profile.descriptorBytes);
  const clusters = profile.fdc.clustersPerGroup * profile.clusterHeaderBytes;
  const first = profile.descriptorFileBlock * blockBytes + groupOffset + clusters;
  await space.read(first + slot * profile.descriptorBytes, descriptor);
  const firstBlock = await firstBlockOf(space, profile, descriptor, slot);
  const size = Number(descriptor.readBigUInt64LE(profile.metadataAt + 0x14));
  const facts = factsOf(await headerAt(space, firstBlock * blockBytes));
  const clusterLock = Buffer.alloc(4);
  await space.read(firstBlock * blockBytes + facts.groupsAt, clusterLock);
  return {
    ...facts,
    slot,
    name: systemNames[slot] ?? '',
    lockMagic: clusterLock.readUInt32LE(0),
    firstBlock,
    blocks: size / blockBytes,
  };
}

/** System files lie in one piece, so their first block tells all. One with pointer blocks follows the one before. */
async function firstBlockOf(
  space: VolumeSpace,
  profile: Profile,
  descriptor: Buffer,
  slot: number,
): Promise<number> {
  const addresses = descriptor.subarray(profile.addressesAt);
  if (descriptor.readUInt32LE(profile.metadataAt + 0x44) === 1)
    return entryBlock(readBlockEntry(profile, addresses, 0, 0));
  const pb2 = await readFile(space, profile, systemSlot.pb2);
  if (slot === systemSlot.pb2) throw new Error('.pb2.sf has pointer blocks');
  const pointer = Buffer.alloc(profile.addressBytes);
  const headers = pb2.shape.clustersPerGroup * profile.clusterHeaderBytes;
  const perGroup = pb2.shape.perCluster * pb2.shape.clustersPerGroup;
  const item =
    profile.version === 6 ? Number(addresses.readBigUInt64LE(0) >> 56n) : addresses.readUInt32LE(0) >>> 28;
  const cluster = (addresses.readUInt32LE(0) >>> 6) & 0x3fffff;
  const index = cluster * pb2.shape.perCluster + item;
  const groupBytes = headers + perGroup * pb2.shape.resourceBytes;
  const inGroup = headers + (index % perGroup) * pb2.shape.resourceBytes;
  await space.read(
    pb2.firstBlock * blockBytes + pb2.groupsAt + Math.floor(index / perGroup) * groupBytes + inGroup,
    pointer,
  );
  return entryBlock(readBlockEntry(profile, pointer, 0, 0));
}

async function headerAt(space: VolumeSpace, offset: number): Promise<Buffer> {
  const header = Buffer.alloc(512);
  await space.read(offset, header);
  return header;
}

function factsOf(header: Buffer) {
  const u32 = (offset: number) => header.readUInt32LE(offset);
  const shape = { perCluster: u32(0x00), clustersPerGroup: u32(0x04), resourceBytes: u32(0x0c) };
  return { shape, groupsAt: u32(0x08), groups: u32(0x18), total: u32(0x1c) * 2 ** 32 + u32(0x14) };
}
