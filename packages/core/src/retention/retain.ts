import type { LeewardError } from '../errors/leeward-error.ts';
import { decide } from './decide.ts';
import { type LockOrder, lockOrders } from './locks.ts';
import { PlaceMap } from './map.ts';
import { endOfAll, type Reason } from './reasons.ts';
import { warningsOf } from './warnings.ts';
import { type ChainState, isOwn, type Link, type OwnLink, type Place, type RetentionRules } from './words.ts';

export interface Kept {
  readonly placeId: string;
  readonly link: Link;
  /** One at least. */
  readonly why: readonly Reason[];
  /** When it goes if nothing else happens; absent when an event decides, or when it never goes. */
  readonly goesAtMs?: number;
}

export interface Removal {
  readonly placeId: string;
  readonly link: OwnLink;
}

export interface Retention {
  /** In the order of places and links. */
  readonly keep: readonly Kept[];
  /**
   * In the order in which they are to be done: oldest first, and of a pair the side that is fed first. What fails may
   * be left: the next retention decides again from what is there.
   */
  readonly remove: readonly Removal[];
  readonly lock: readonly LockOrder[];
  readonly warnings: readonly LeewardError[];
}

/**
 * Which storage snapshots of a chain stay, which go and which are locked. Pure: the same state gives the same answer.
 * Guarantees, whatever the rules and clocks say:
 * - what is not ours, what another job keeps, and what a run needs is never proposed for deletion;
 * - a locked link is never proposed for deletion, and no lock is proposed that is not longer than the one there is;
 * - of each chain that is wanted the newest whole link stays, and of each relation the base of the next transfer;
 * - both sides of a pair keep the same, and what a mirror needs stays at the place that feeds it;
 * - nothing is decided that depends on a place which cannot be looked at.
 *
 * @param nowMs our clock, Unix milliseconds
 */
export function retain(state: ChainState, rules: RetentionRules, nowMs: number): Retention {
  checkRules(rules);
  const map = new PlaceMap(state);
  const perPlace = state.places.map((place) => ({ place, decisions: decide({ map, rules, nowMs }, place) }));
  const all = perPlace.flatMap(({ decisions }) => decisions);
  const goes = (link: Link): link is OwnLink => isOwn(link);
  return {
    keep: all.flatMap(({ place, link, why }) => (why.length > 0 ? [kept(place, link, why)] : [])),
    remove: inOrder(
      state.places,
      all.flatMap(({ place, link, why }) =>
        why.length === 0 && goes(link) ? [{ placeId: place.id, link }] : [],
      ),
    ),
    lock: perPlace.flatMap(({ place, decisions }) => {
      const staying = decisions.filter(({ why }) => why.length > 0).map(({ link }) => link);
      return lockOrders(map, rules, place, staying, nowMs);
    }),
    warnings: perPlace.flatMap(({ place, decisions }) => warningsOf(map, rules, place, decisions, nowMs)),
  };
}

function kept({ id }: Place, link: Link, why: readonly Reason[]): Kept {
  const goesAtMs = endOfAll(why);
  return { placeId: id, link, why, ...(goesAtMs === undefined ? {} : { goesAtMs }) };
}

/** Places that are fed come before their feeders; within one, the oldest first. */
function inOrder(places: readonly Place[], removals: readonly Removal[]): readonly Removal[] {
  return places.toReversed().flatMap(({ id }) => removals.filter(({ placeId }) => placeId === id));
}

function checkRules(rules: RetentionRules): void {
  for (const [id, { keep, lockDays = 0 }] of Object.entries(rules)) {
    const { count = 1, days = 1 } = keep && keep !== 'none' ? keep : {};
    const isRight = Number.isInteger(count) && count >= 1 && days > 0 && lockDays >= 0;
    if (!isRight)
      throw new RangeError(`retention of ${id}: count ${count}, ${days} days, lock ${lockDays} days`);
  }
}
