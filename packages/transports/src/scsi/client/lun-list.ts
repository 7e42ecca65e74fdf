import { decodeLun } from '../lun.ts';
import { ScsiDataError } from './scsi-data-error.ts';

export interface LunList {
  /** Those in peripheral or flat space addressing, ascending. */
  readonly luns: readonly number[];
  /** What the whole list would take, header included. */
  readonly neededBytes: number;
}

/** Answer of REPORT LUNS. Well-known and hierarchical LUNs are passed over. */
export function parseLunList(bytes: Uint8Array): LunList {
  if (bytes.length < 8) throw new ScsiDataError(`a LUN list of ${bytes.length} bytes`);
  const neededBytes = 8 + new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0);
  const luns = new Set<number>();
  for (let at = 8; at + 8 <= Math.min(bytes.length, neededBytes); at += 8) {
    const lun = decodeLun(bytes.subarray(at, at + 8));
    if (lun !== undefined) luns.add(lun);
  }
  return { luns: [...luns].sort((a, b) => a - b), neededBytes };
}
