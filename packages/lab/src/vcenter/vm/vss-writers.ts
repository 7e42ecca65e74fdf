import { SeededRandomness } from '@leeward/platform';
import { fillPiece, pieceBytes } from '../../guests/content.ts';
import type { DiskWrite } from '../disk/frozen-layer.ts';

const sectorBytes = 512;
const writesPerDisk = 12;
const kinds = ['text', 'binary', 'compressed', 'zeros'] as const;

/**
 * What the VSS writers of a guest change on one disk after the VMware snapshot: logs that they replay, files that they
 * take out of the shadow copy. Whole sectors anywhere on the disk, each time at other places; some become zeros.
 */
export function vssWrites(seed: number, sizeBytes: number): readonly DiskWrite[] {
  const random = new SeededRandomness(seed);
  const upTo = (count: number) => Math.floor(random.fraction() * count);
  return Array.from({ length: writesPerDisk }, (_, at) => {
    const length = Math.min((1 + upTo(pieceBytes / sectorBytes)) * sectorBytes, sizeBytes);
    const offsetBytes = upTo((sizeBytes - length) / sectorBytes + 1) * sectorBytes;
    const data = Buffer.allocUnsafe(pieceBytes);
    fillPiece(seed + at, kinds[upTo(kinds.length)] ?? 'text', offsetBytes / sectorBytes, data);
    return { offsetBytes, data: data.subarray(0, length) };
  });
}
