import type { Skew } from '@leeward/core';
import { duration } from './format.ts';

/** How far apart the storage snapshots of a VM are. */
export function skewText({ instants, atLeastMs, atMostMs }: Skew): string {
  if (instants <= 1) return 'frozen at one instant';
  const least = atLeastMs === 0 ? 'at most ' : `${duration(atLeastMs)} to `;
  return `volumes frozen at ${instants} moments, ${least}${duration(atMostMs)} apart`;
}
