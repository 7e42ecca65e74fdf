import { isMirror, type PlaceMap } from './map.ts';
import type { Reason } from './reasons.ts';
import { wantedReasons } from './wanted.ts';
import { isOfChain, isOwn, type Link, type OwnLink, type Place, type RetentionRules } from './words.ts';

/** What decides about one link at one place, seen from there alone. */
export interface Situation {
  readonly map: PlaceMap;
  readonly rules: RetentionRules;
  readonly nowMs: number;
}

/** Why it has to stay, whoever would delete it. */
export function reasonsToStay(situation: Situation, place: Place, link: Link): readonly Reason[] {
  if (!isOwn(link)) return [{ kind: 'foreign', owner: link.owner }];
  return [...demands(situation, place, link), ...obstacles(situation, place, link)];
}

/** Why we are not the ones who delete it here. */
export function notOursToDelete(place: Place, link: OwnLink): readonly Reason[] {
  const { feed } = place;
  if (isMirror(place) && feed) return [{ kind: 'mirror', of: feed.from }];
  const rule = place.arrayRules.find(
    ({ by, name }) => (by === 'label' ? link.label : link.schedule) === name,
  );
  if (rule) return [{ kind: 'array-rule', ...rule }];
  return place.refusesDelete ? [{ kind: 'refused' }] : [];
}

function demands(situation: Situation, place: Place, link: OwnLink): readonly Reason[] {
  const { map, rules, nowMs } = situation;
  const reasons: Reason[] = [];
  if (link.owner === 'other-job' && link.role !== 'auxiliary') reasons.push({ kind: 'other-job' });
  if (isOfChain(link)) reasons.push(...wantedReasons(map, rules, place, link, nowMs));
  reasons.push(...baseReasons(map, place, link), ...unknownCopies(map, place, link));
  if (link.onWayTo.length > 0) reasons.push({ kind: 'on-its-way', to: link.onWayTo });
  return reasons;
}

function baseReasons(map: PlaceMap, place: Place, link: OwnLink): readonly Reason[] {
  const bases = relationsAt(map, place).flatMap(({ from, to }) => {
    const base = baseOf(map, from, to);
    return base?.name === link.name ? [{ kind: 'base', from: from.id, to: to.id } as const] : [];
  });
  if (bases.length > 0 || link.role !== 'auxiliary') return bases;
  const out = map.fedBy(place).filter(keepsBase);
  if (out.length === 0 || out.some((to) => baseOf(map, place, to))) return [];
  const newest = map.ownLinks(place).findLast(({ role }) => role === 'auxiliary');
  return newest?.name === link.name ? [{ kind: 'next-base' }] : [];
}

/** Relations with a base that begin or end here. */
function relationsAt(map: PlaceMap, place: Place): readonly { readonly from: Place; readonly to: Place }[] {
  const feeder = map.feeder(place);
  const incoming = feeder && keepsBase(place) ? [{ from: feeder, to: place }] : [];
  const outgoing = map.fedBy(place).filter(keepsBase);
  return [...incoming, ...outgoing.map((to) => ({ from: place, to }))];
}

function keepsBase({ feed }: Place): boolean {
  return feed?.kind === 'transfer' && feed.keepsAuxiliary;
}

/** The newest one that both sides have. */
function baseOf(map: PlaceMap, from: Place, to: Place): OwnLink | undefined {
  return map.ownLinks(from).findLast(({ name }) => map.has(to, name));
}

/** What the other side of a relation may have too, where that side cannot be listed. */
function unknownCopies(map: PlaceMap, place: Place, link: OwnLink): readonly Reason[] {
  const feeder = map.feeder(place);
  const up = feeder && keepsBase(place) ? [feeder] : [];
  const down = map
    .fedBy(place)
    .filter((to) => link.arrivedAt.includes(to.id) && (isMirror(to) || keepsBase(to)));
  const unknown = [...up, ...down].filter(({ links }) => !links);
  return unknown.map(({ id }) => ({ kind: 'copy-unknown', place: id }));
}

function obstacles({ nowMs }: Situation, place: Place, link: OwnLink): readonly Reason[] {
  const reasons: Reason[] = [];
  if (link.inUse) reasons.push({ kind: 'in-use' });
  const { lockedUntilMs } = link;
  if (lockedUntilMs !== undefined && lockedUntilMs > Math.min(nowMs, place.arrayNowMs ?? nowMs))
    reasons.push({ kind: 'locked', untilMs: lockedUntilMs });
  if (link.heldBy.length > 0) reasons.push({ kind: 'held', by: link.heldBy });
  return reasons;
}
