import { crc32 } from 'node:zlib';
import { type LunReader, readLun } from './lun-reader.ts';
import { readU64 } from './u64.ts';

export interface Partition {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  /** True when the table says that it holds VMFS. */
  readonly isVmfs: boolean;
}

const vmfsTypeGuid = '2ae031aa0f40db119590000c2911d1b8';
const mbrTypeVmfs = 0xfb;
const mbrTypeProtective = 0xee;
const maxEntries = 1024;

/**
 * The partitions of a LUN by its GPT (the backup where the first is damaged) or MBR. Without a table: one
 * partition that is the whole LUN. Empty when there is a table that cannot be read.
 */
export async function partitionsOf(lun: LunReader, name: string, signal?: AbortSignal): Promise<Partition[]> {
  const whole: Partition = { offsetBytes: 0, lengthBytes: lun.sizeBytes, isVmfs: false };
  if (lun.sizeBytes < 512) return [];
  const sector = await readLun(lun, name, 0, 512, signal);
  if (sector.readUInt16LE(510) !== 0xaa55) {
    // A LUN whose first sector is lost may still have a GPT.
    const table = await gptPartitions(lun, name, signal);
    return table.length > 0 ? table : [whole];
  }
  const entries = [0, 1, 2, 3].map((index) => 446 + index * 16);
  if (entries.some((at) => sector[at + 4] === mbrTypeProtective)) return gptPartitions(lun, name, signal);
  return entries
    .map((at) => ({
      offsetBytes: sector.readUInt32LE(at + 8) * 512,
      lengthBytes: sector.readUInt32LE(at + 12) * 512,
      isVmfs: sector[at + 4] === mbrTypeVmfs,
    }))
    .filter((partition) => isWithin(partition, lun.sizeBytes));
}

async function gptPartitions(lun: LunReader, name: string, signal?: AbortSignal): Promise<Partition[]> {
  for (const sectorBytes of [512, 4096]) {
    const last = Math.floor(lun.sizeBytes / sectorBytes) - 1;
    for (const sector of [1, last]) {
      const table = await gptAt(lun, name, sectorBytes, sector, signal);
      if (table) return table;
    }
  }
  return [];
}

/** Undefined when there is no sound GPT with its header in that sector. */
async function gptAt(
  lun: LunReader,
  name: string,
  sectorBytes: number,
  sector: number,
  signal?: AbortSignal,
): Promise<Partition[] | undefined> {
  const offset = sector * sectorBytes;
  if (sector < 1 || offset + 512 > lun.sizeBytes) return undefined;
  const header = await readLun(lun, name, offset, 512, signal);
  if (header.toString('latin1', 0, 8) !== 'EFI PART') return undefined;
  const headerBytes = header.readUInt32LE(12);
  if (headerBytes < 92 || headerBytes > 512) return undefined;
  const checked = Buffer.from(header.subarray(0, headerBytes));
  checked.writeUInt32LE(0, 16);
  if (crc32(checked) !== header.readUInt32LE(16) || readU64(header, 24) !== sector) return undefined;
  const entriesOffset = readU64(header, 72) * sectorBytes;
  const count = header.readUInt32LE(80);
  const entryBytes = header.readUInt32LE(84);
  if (count > maxEntries || entryBytes < 128 || entryBytes > 4096) return undefined;
  if (!(entriesOffset + count * entryBytes <= lun.sizeBytes)) return undefined;
  const entries = await readLun(lun, name, entriesOffset, count * entryBytes, signal);
  if (crc32(entries) !== header.readUInt32LE(88)) return undefined;
  return Array.from({ length: count }, (_, index) => {
    const at = index * entryBytes;
    const first = readU64(entries, at + 32);
    return {
      type: entries.toString('hex', at, at + 16),
      offsetBytes: first * sectorBytes,
      lengthBytes: (readU64(entries, at + 40) - first + 1) * sectorBytes,
    };
  })
    .filter(({ type }) => !/^0+$/.test(type))
    .map(({ type, ...place }) => ({ ...place, isVmfs: type === vmfsTypeGuid }))
    .filter((partition) => isWithin(partition, lun.sizeBytes));
}

/** A partition that reaches beyond the LUN is kept, cut off: what is missing is found and named where it is needed. */
function isWithin({ offsetBytes, lengthBytes }: Partition, sizeBytes: number): boolean {
  return lengthBytes > 0 && offsetBytes > 0 && offsetBytes < sizeBytes;
}
