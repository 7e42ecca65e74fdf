import { partOf } from './map.ts';
import { endOf, type Reason } from './reasons.ts';
import { notOursToDelete, reasonsToStay, type Situation } from './reasons-here.ts';
import { isOwn, type Link, type OwnLink, type Place } from './words.ts';

export interface Decision {
  readonly place: Place;
  readonly link: Link;
  /** Why it stays; empty: it goes. */
  readonly why: readonly Reason[];
}

/** The decision about every link of a place that can be listed. */
export function decide(situation: Situation, place: Place): readonly Decision[] {
  return (place.links ?? []).map((link) => ({
    place,
    link,
    why: isOwn(link)
      ? [...allReasons(situation, place, link), ...notOursToDelete(place, link)]
      : reasonsToStay(situation, place, link),
  }));
}

/** What is wanted here, and what the other half of a pair or a mirror of it needs. */
function allReasons(situation: Situation, place: Place, link: OwnLink): readonly Reason[] {
  const { map } = situation;
  const why = [...reasonsToStay(situation, place, link)];
  const add = (at: Place, reasons: readonly Reason[]) => {
    for (const reason of reasons)
      if (!why.some((known) => known.kind === reason.kind && endOf(known) === endOf(reason)))
        why.push({ kind: 'needed-at', place: at.id, reason });
  };
  for (const side of map.pairOf(place)) {
    if (side.id !== place.id) {
      if (!side.links) why.push({ kind: 'pair-unknown', place: side.id });
      const half = partOf(side, link.name);
      if (half && isOwn(half))
        add(side, [...reasonsToStay(situation, side, half), ...notOursToDelete(side, half)]);
    }
    for (const mirror of map.mirrorsOf(side)) {
      const copy = map.ownLinks(mirror).find(({ name }) => name === link.name);
      if (copy) add(mirror, allReasons(situation, mirror, copy));
    }
  }
  return why;
}
