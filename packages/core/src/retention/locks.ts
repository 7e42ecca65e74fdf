import type { PlaceMap } from './map.ts';
import { dayMs, isOfChain, type Link, type Place, type RetentionRules } from './words.ts';

export interface LockOrder {
  readonly placeId: string;
  readonly name: string;
  /** Always later than any lock it has. */
  readonly untilMs: number;
}

/** How long each new lock at a place is. */
export interface LockLength {
  readonly wantedMs: number;
  /** 0 where no lock is possible. */
  readonly givenMs: number;
}

/** Both sides of a pair are locked alike: the longest that is wanted, the shortest that is allowed. */
export function lockLength(map: PlaceMap, rules: RetentionRules, place: Place): LockLength {
  const pair = map.pairOf(place);
  const wantedMs = Math.max(0, ...pair.map(({ id }) => (rules[id]?.lockDays ?? 0) * dayMs));
  if (!place.locks.possible) return { wantedMs, givenMs: 0 };
  const limits = pair.flatMap(({ locks }) =>
    locks.possible && locks.maxMs !== undefined ? [locks.maxMs] : [],
  );
  return { wantedMs, givenMs: Math.min(wantedMs, ...limits) };
}

/**
 * Locks that links which stay still need. A lock lasts from the moment that was frozen, never reaches further into
 * the array's future than it allows, and only ever replaces a shorter one.
 */
export function lockOrders(
  map: PlaceMap,
  rules: RetentionRules,
  place: Place,
  staying: readonly Link[],
  nowMs: number,
): readonly LockOrder[] {
  const { givenMs } = lockLength(map, rules, place);
  if (givenMs === 0 || !place.locks.possible) return [];
  const hereMs = place.arrayNowMs ?? nowMs;
  const furthestMs = hereMs + (place.locks.maxMs ?? Number.POSITIVE_INFINITY);
  return staying.filter(isOfChain).flatMap(({ name, frozenAtMs, lockedUntilMs }) => {
    const untilMs = Math.min(frozenAtMs + givenMs, furthestMs);
    const isLonger = untilMs > Math.max(hereMs, lockedUntilMs ?? hereMs);
    return isLonger ? [{ placeId: place.id, name, untilMs }] : [];
  });
}
