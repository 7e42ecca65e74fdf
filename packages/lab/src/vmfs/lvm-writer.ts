import { lvm, lvmTables } from '@leeward/formats/vmfs/layout';
import type { BlockStore } from './block-store.ts';
import { type LunIdentity, scsiIdentity, uuidText } from './identity.ts';
import { alignment, type Profile } from './profile.ts';
import { peBytes } from './volume-space.ts';

export interface LvmExtent {
  readonly store: BlockStore;
  readonly identity: LunIdentity;
  readonly deviceUuid: Buffer;
  readonly firstPe: number;
  readonly peCount: number;
}

export interface LvmVolume {
  readonly profile: Profile;
  readonly partitionOffset: number;
  readonly volumeUuid: Buffer;
  readonly snapshotId: number;
  readonly createdMs: number;
  readonly extents: readonly LvmExtent[];
}

/** Writes header, volume descriptor, device names and tables of physical extents to one LUN of the volume. */
export async function writeLvm(volume: LvmVolume, extent: LvmExtent): Promise<void> {
  const { profile, partitionOffset, extents } = volume;
  const { store, firstPe, peCount } = extent;
  const tables = lvmTables(profile.lvmMajor, alignment);
  const base = partitionOffset + lvm.headerOffset;
  const maps = Math.ceil(peCount / lvm.peEntriesPerMap);
  await store.write(base, deviceHeader(volume, extent, maps));
  await store.write(base + tables.volumeTable, volumeDescriptor(volume, extent));
  const names = Buffer.alloc(lvm.deviceNameBytes * lvm.deviceNames);
  for (const [index, { identity }] of extents.entries())
    names.write(`naa.${identity.naa}:1`, index * lvm.deviceNameBytes, 'latin1');
  await store.write(base + tables.deviceNames, names);
  for (let map = 0; map < maps; map++) {
    const first = map * lvm.peEntriesPerMap;
    const count = Math.min(lvm.peEntriesPerMap, peCount - first);
    const bitmap = Buffer.alloc(Math.ceil(count / 8));
    for (let bit = 0; bit < count; bit++) bitmap[bit >>> 3] = (bitmap[bit >>> 3] ?? 0) | (1 << (bit & 7));
    await store.write(base + tables.peBitmap + map * tables.mapStride, bitmap);
    const table = Buffer.alloc(count * lvm.peEntryBytes);
    for (let index = 0; index < count; index++)
      writePe(table, index * lvm.peEntryBytes, first + index, firstPe + first + index);
    await store.write(base + tables.peTable + map * tables.mapStride, table);
  }
}

function deviceHeader(volume: LvmVolume, extent: LvmExtent, maps: number): Buffer {
  const { profile, createdMs, partitionOffset } = volume;
  const { identity, deviceUuid, peCount, store } = extent;
  const header = Buffer.alloc(512);
  const micros = BigInt(createdMs) * 1000n;
  header.writeUInt32LE(lvm.magic, 0x00);
  header.writeUInt32LE(profile.lvmMajor, 0x04);
  header.writeUInt32LE(7, 0x08);
  header.set(scsiIdentity(identity), 0x0c);
  header.writeUInt32LE(512, 0x5a);
  header.writeBigUInt64LE(BigInt(store.sizeBytes - partitionOffset), 0x5e);
  header.writeUInt32LE(1, 0x66);
  header.writeUInt32LE(peCount, 0x6a);
  header.writeUInt32LE(peCount - 1, 0x6e);
  header.writeBigUInt64LE(3n, 0x72);
  header.writeBigUInt64LE(BigInt(lvm.usualDataOffset), 0x7a);
  header.set(deviceUuid, 0x82);
  header.writeBigUInt64LE(micros, 0x92);
  header.writeBigUInt64LE(micros, 0x9a);
  header.writeUInt32LE(maps, 0xbe);
  if (profile.lvmMajor >= 6) {
    header.writeUInt32LE(alignment, 0xca);
    header.writeUInt32LE(peCount, 0xce);
  }
  return header;
}

function volumeDescriptor(volume: LvmVolume, { firstPe, peCount }: LvmExtent): Buffer {
  const { volumeUuid, snapshotId, createdMs, extents } = volume;
  const total = extents.reduce((sum, extent) => sum + extent.peCount, 0);
  const entry = Buffer.alloc(512);
  const micros = BigInt(createdMs) * 1000n;
  entry.writeBigUInt64LE(BigInt(total) * BigInt(peBytes), 0x00);
  entry.writeBigUInt64LE(3n, 0x08);
  entry.writeUInt32LE(1, 0x10);
  entry.write(uuidText(volumeUuid), 0x14, 'latin1');
  entry.set(volumeUuid, 0x54);
  entry.writeUInt32LE(snapshotId, 0x64);
  entry.writeBigUInt64LE(micros, 0x68);
  entry.writeUInt32LE(peCount, 0x74);
  entry.writeBigUInt64LE(BigInt(firstPe), 0x78);
  entry.writeBigUInt64LE(BigInt(firstPe + peCount - 1), 0x80);
  entry.writeBigUInt64LE(micros, 0x88);
  entry.writeUInt32LE(extents.length, 0x90);
  entry.writeUInt32LE(peCount, 0x110);
  return entry;
}

function writePe(table: Buffer, at: number, index: number, logicalPe: number): void {
  table[at] = 1;
  table.writeUInt32LE(index, at + 1);
  table.writeUInt32LE(0, at + 5);
  table.writeBigUInt64LE(BigInt(lvm.usualDataOffset + index * peBytes), at + 9);
  table.writeBigUInt64LE(BigInt(logicalPe * peBytes), at + 17);
  table.writeBigUInt64LE(BigInt(peBytes), at + 25);
  table.writeUInt32LE(1, at + 33);
}
