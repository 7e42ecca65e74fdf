import { LeewardError } from '@leeward/core';
import type { Capacity } from '../../scsi/client/capacity.ts';

/** Who a LUN is, as it says itself. Numbers in lower case hexadecimal without prefix. */
export interface LunIdentity {
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  readonly serial: string | undefined;
  readonly naa: string | undefined;
  readonly eui: string | undefined;
  /** T10 vendor identification. */
  readonly t10: string | undefined;
}

export interface LunFacts {
  readonly identity: LunIdentity;
  readonly capacity: Capacity;
  /** The largest read of the device in bytes, when it tells one. */
  readonly maxReadBytes: number | undefined;
  /** Knows READ(16), else READ(10). */
  readonly sixteen: boolean;
}

/** Throws `L-BLK-203` or `L-BLK-204` when the LUN is not what it was: data of two devices must never be mixed. */
export function checkSame(before: LunFacts, after: LunFacts, place: { target: string; lun: number }): void {
  const was = identityText(before.identity);
  const is = identityText(after.identity);
  if (was !== is) throw new LeewardError('L-BLK-204', { ...place, before: was, after: is });
  const beforeBytes = before.capacity.blocks * before.capacity.blockBytes;
  const afterBytes = after.capacity.blocks * after.capacity.blockBytes;
  const sameBlocks = before.capacity.blockBytes === after.capacity.blockBytes;
  if (beforeBytes !== afterBytes || !sameBlocks)
    throw new LeewardError('L-BLK-203', { ...place, beforeBytes, afterBytes });
}

function identityText({ vendor, product, serial, naa, eui, t10 }: LunIdentity): string {
  const names = [naa && `naa.${naa}`, eui && `eui.${eui}`, !naa && !eui && t10 && `t10.${t10}`];
  const parts = [vendor, product, serial && `serial ${serial}`, ...names];
  return parts.filter((part) => part).join(' ');
}
