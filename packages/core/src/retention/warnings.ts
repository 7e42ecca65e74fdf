import { LeewardError } from '../errors/leeward-error.ts';
import { isoTime } from '../time/clock.ts';
import type { Decision } from './decide.ts';
import { lockLength } from './locks.ts';
import type { PlaceMap } from './map.ts';
import { isObstacle, type Reason } from './reasons.ts';
import { clockToleranceMs, countsDays } from './wanted.ts';
import { dayMs, isOfChain, isOwn, type Place, type RetentionRules } from './words.ts';

/** What the user should know of a place, each thing once. */
export function warningsOf(
  map: PlaceMap,
  rules: RetentionRules,
  place: Place,
  decisions: readonly Decision[],
  nowMs: number,
): readonly LeewardError[] {
  return [
    ...unlistable(place),
    ...clockWarnings(map, rules, place, nowMs),
    ...lockWarnings(map, rules, place),
    ...refusals(place, decisions),
    ...unwholes(map, place),
    ...obstacleWarnings(place, decisions),
  ];
}

function unlistable({ name, links }: Place): readonly LeewardError[] {
  return links ? [] : [new LeewardError('L-RET-105', { place: name })];
}

function clockWarnings(
  map: PlaceMap,
  rules: RetentionRules,
  place: Place,
  nowMs: number,
): readonly LeewardError[] {
  const { name, arrayNowMs } = place;
  const matters = countsDays(map, rules, place) || lockLength(map, rules, place).givenMs > 0;
  if (!matters || arrayNowMs === undefined || Math.abs(arrayNowMs - nowMs) <= clockToleranceMs) return [];
  return [new LeewardError('L-RET-101', { place: name, ours: isoTime(nowMs), theirs: isoTime(arrayNowMs) })];
}

function lockWarnings(map: PlaceMap, rules: RetentionRules, place: Place): readonly LeewardError[] {
  const { wantedMs, givenMs } = lockLength(map, rules, place);
  if (wantedMs === givenMs) return [];
  const { name, locks } = place;
  const wanted = daysText(wantedMs);
  return locks.possible
    ? [new LeewardError('L-RET-102', { place: name, wanted, given: daysText(givenMs) })]
    : [new LeewardError('L-RET-103', { place: name, wanted, why: locks.why })];
}

function refusals(place: Place, decisions: readonly Decision[]): readonly LeewardError[] {
  const isRefused = ({ why }: Decision) =>
    why.some(({ kind }) => kind === 'refused') && why.every(isObstacle);
  const count = decisions.filter(isRefused).length;
  return count > 0 ? [new LeewardError('L-RET-104', { place: place.name, count })] : [];
}

function unwholes(map: PlaceMap, place: Place): readonly LeewardError[] {
  const lost = (place.links ?? []).filter((link) => isOfChain(link) && !map.isWhole(place, link));
  return lost.map(({ name }) => new LeewardError('L-RET-106', { place: place.name, name }));
}

/** What would go and cannot, by no rule of anybody. */
function obstacleWarnings(place: Place, decisions: readonly Decision[]): readonly LeewardError[] {
  return decisions.flatMap(({ link, why }) => {
    const holders = why.flatMap((reason) => (reason.kind === 'held' ? reason.by : []));
    const onlyHeld = isOwn(link) && why.every(isHeld);
    return onlyHeld && holders.length > 0
      ? [new LeewardError('L-RET-107', { place: place.name, name: link.name, holders: holders.join(', ') })]
      : [];
  });
}

function isHeld(reason: Reason): boolean {
  return reason.kind === 'held' || (reason.kind === 'needed-at' && isHeld(reason.reason));
}

function daysText(durationMs: number): string {
  return `${Math.round((durationMs / dayMs) * 10) / 10} days`;
}
