import { addressType } from '@leeward/formats/vmfs/layout';
import { blocksPerLarge, type Profile } from './profile.ts';
import type { LargeForm } from './volume-state.ts';

/**
 * What one block of a file is, as a number: 0 for a hole, else the block with "part of a large block" and "to be
 * zeroed". For a part of a large block the number is the one of the small block at that place.
 */
export function blockEntry(block: number, isLarge: boolean, isZeroed: boolean): number {
  return (block * 2 + (isLarge ? 1 : 0)) * 2 + (isZeroed ? 1 : 0) + 1;
}

export function entryBlock(entry: number): number {
  return Math.floor((entry - 1) / 4);
}

export function isLargeEntry(entry: number): boolean {
  return Math.floor((entry - 1) / 2) % 2 === 1;
}

export function isZeroedEntry(entry: number): boolean {
  return (entry - 1) % 2 === 1;
}

/** The entry as it is named at that file block: of large blocks only the first part where they are named once. */
export function namedEntry(form: LargeForm, entry: number, block: number): number {
  return form === 'single' && isLargeEntry(entry) && block % blocksPerLarge !== 0 ? 0 : entry;
}

/** Writes the address of a block entry. */
export function writeBlockAddress(profile: Profile, bytes: Buffer, index: number, entry: number): void {
  const [low, high] = entry === 0 ? [0, 0] : blockAddress(profile, entry);
  writeAddress(profile, bytes, index, low, high);
}

function blockAddress(profile: Profile, entry: number): readonly [low: number, high: number] {
  const block = entryBlock(entry);
  if (profile.version === 5)
    return [block * 64 + (isZeroedEntry(entry) ? 0x20 : 0) + addressType.fileBlock, 0];
  const isLarge = isLargeEntry(entry);
  const cluster = Math.floor(block / blocksPerLarge);
  const item = isLarge ? 0 : block % blocksPerLarge;
  const type = isLarge ? addressType.largeFileBlock : addressType.fileBlock;
  const low = type + (isZeroedEntry(entry) ? 0xff * 128 : 0) + (cluster % 2 ** 17) * 2 ** 15;
  return [low, Math.floor(cluster / 2 ** 17) + item * 2 ** 19];
}

/** Writes the address of a sub-block or pointer block. `resource` counts from 0 in its file. */
export function writeResourceAddress(
  profile: Profile,
  bytes: Buffer,
  index: number,
  type: 2 | 3 | 5,
  resource: number,
): void {
  const { perCluster } = type === 2 ? profile.sbc : type === 3 ? profile.pbc : profile.pb2;
  const cluster = Math.floor(resource / perCluster);
  const item = resource % perCluster;
  if (profile.version === 6) {
    const low = type + (cluster % 2 ** 26) * 64;
    writeAddress(profile, bytes, index, low, Math.floor(cluster / 2 ** 26) + item * 2 ** 24);
    return;
  }
  const highItem = type === 2 ? Math.floor(item / 16) * 8 : 0;
  writeAddress(profile, bytes, index, type + highItem + cluster * 64 + (item % 16) * 2 ** 28, 0);
}

/** The address of a file descriptor. `index` counts from 0 in `.fdc.sf`. */
export function descriptorAddress({ fdc }: Profile, index: number): number {
  const cluster = Math.floor(index / fdc.perCluster);
  return (index % fdc.perCluster) * 2 ** 22 + cluster * 64 + addressType.descriptor;
}

export function descriptorIndex({ fdc }: Profile, address: number): number {
  return ((address >>> 6) & 0xffff) * fdc.perCluster + (address >>> 22);
}

function writeAddress(profile: Profile, bytes: Buffer, index: number, low: number, high: number): void {
  bytes.writeUInt32LE(low, index * profile.addressBytes);
  if (profile.addressBytes === 8) bytes.writeUInt32LE(high, index * 8 + 4);
}
