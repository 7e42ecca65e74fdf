import { crc32 } from 'node:zlib';
import type { Randomness } from '@leeward/core';
import type { BlockStore } from './block-store.ts';

/** Where the partition begins on LUNs that ESXi formats. */
export const partitionStart = 2048 * 512;

const entryCount = 128;
const entryBytes = 128;
const tableSectors = (entryCount * entryBytes) / 512;
/** AA31E02A-400F-11DB-9590-000C2911D1B8, as it is on disk. */
const vmfsType = '2ae031aa0f40db119590000c2911d1b8';

/** One VMFS partition from 1 MiB on, in a GPT with its backup, as ESXi 5 and later write it. */
export async function writeGpt(store: BlockStore, random: Randomness): Promise<void> {
  const lastSector = Math.floor(store.sizeBytes / 512) - 1;
  const lastUsable = lastSector - tableSectors - 1;
  const table = Buffer.alloc(entryCount * entryBytes);
  table.write(vmfsType, 0, 'hex');
  table.set(random.bytes(16), 16);
  table.writeBigUInt64LE(BigInt(partitionStart / 512), 32);
  table.writeBigUInt64LE(BigInt(lastUsable), 40);
  const disk = random.bytes(16);
  const header = (own: number, other: number, tableAt: number) => {
    const bytes = Buffer.alloc(512);
    bytes.write('EFI PART', 0, 'latin1');
    bytes.writeUInt32LE(0x10000, 8);
    bytes.writeUInt32LE(92, 12);
    bytes.writeBigUInt64LE(BigInt(own), 24);
    bytes.writeBigUInt64LE(BigInt(other), 32);
    bytes.writeBigUInt64LE(BigInt(2 + tableSectors), 40);
    bytes.writeBigUInt64LE(BigInt(lastUsable), 48);
    bytes.set(disk, 56);
    bytes.writeBigUInt64LE(BigInt(tableAt), 72);
    bytes.writeUInt32LE(entryCount, 80);
    bytes.writeUInt32LE(entryBytes, 84);
    bytes.writeUInt32LE(crc32(table), 88);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 92)), 16);
    return bytes;
  };
  await store.write(0, mbr(0xee, 1, lastSector));
  await store.write(512, header(1, lastSector, 2));
  await store.write(1024, table);
  await store.write((lastSector - tableSectors) * 512, table);
  await store.write(lastSector * 512, header(lastSector, 1, lastSector - tableSectors));
}

/** The older table, of type 0xFB. Reaches 2 TiB. */
export async function writeMbr(store: BlockStore): Promise<void> {
  const first = partitionStart / 512;
  await store.write(0, mbr(0xfb, first, Math.floor(store.sizeBytes / 512) - first));
}

function mbr(type: number, first: number, sectors: number): Buffer {
  const sector = Buffer.alloc(512);
  sector[446 + 4] = type;
  sector.writeUInt32LE(first, 446 + 8);
  sector.writeUInt32LE(Math.min(sectors, 0xffffffff), 446 + 12);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}
