import { LeewardError } from '@leeward/core';
import { baseDescriptor } from '../base-descriptor.ts';
import { sectorBytes, type VmdkDescriptor } from '../descriptor.ts';
import { formatDescriptor } from '../format-descriptor.ts';
import { descriptorSectors } from './stream-layout.ts';

export interface StreamDisk {
  /** A multiple of 512. Importers may want whole MiB: then the caller rounds up, and the guest sees that. */
  readonly capacityBytes: number;
  /** The name of the disk file, as the descriptor inside shows it. */
  readonly fileName: string;
  /** The descriptor of the disk that was backed up: its ids, adapter and disk data base are kept. */
  readonly original?: VmdkDescriptor;
  /** Needed without an original: 32 random hex digits. */
  readonly contentId?: string;
  /** Without an original; `lsilogic` unless given. */
  readonly adapterType?: 'ide' | 'buslogic' | 'lsilogic';
}

const heads = 255;
const sectorsPerTrack = 63;
const maxCylinders = 65_535;

/** The descriptor inside the stream, padded to its place. Throws `L-FMT-301`, and `-302` when it is too long. */
export function streamDescriptor(disk: StreamDisk): Buffer {
  const { capacityBytes, fileName } = disk;
  const extents = [{ fileName, offsetBytes: 0, lengthBytes: capacityBytes }];
  const base = baseDescriptor({ ...disk, createType: 'monolithicFlat', extents });
  const sectors = capacityBytes / sectorBytes;
  const text = formatDescriptor({
    ...base,
    createType: 'streamOptimized',
    extents: [{ access: 'RDONLY', sectors, type: 'SPARSE', fileName }],
    ddb: disk.original ? base.ddb : withGeometry(base.ddb, sectors),
  });
  const limitBytes = descriptorSectors * sectorBytes;
  const lengthBytes = Buffer.byteLength(text);
  if (lengthBytes > limitBytes) {
    const reason = `its descriptor has ${lengthBytes} bytes, and there is room for ${limitBytes}`;
    throw new LeewardError('L-FMT-302', { reason });
  }
  const bytes = Buffer.alloc(limitBytes);
  bytes.write(text);
  return bytes;
}

function withGeometry(ddb: VmdkDescriptor['ddb'], sectors: number): VmdkDescriptor['ddb'] {
  const cylinders = Math.min(Math.ceil(sectors / (heads * sectorsPerTrack)), maxCylinders);
  const values = new Map([
    ['ddb.geometry.cylinders', cylinders],
    ['ddb.geometry.heads', heads],
    ['ddb.geometry.sectors', sectorsPerTrack],
  ]);
  return ddb.map(({ key, value }) => ({ key, value: String(values.get(key) ?? value) }));
}
