import type { PlaceMap } from './map.ts';
import type { Reason } from './reasons.ts';
import { dayMs, type KeepRule, type OwnLink, type Place, type RetentionRules } from './words.ts';

/** Clocks further apart than this are not both right, which the user should know. */
export const clockToleranceMs = dayMs;

/** Why the rules want a link of the chain at this place. Empty: they do not. */
export function wantedReasons(
  map: PlaceMap,
  rules: RetentionRules,
  place: Place,
  link: OwnLink,
  nowMs: number,
): readonly Reason[] {
  const rulesHere = keepRules(map, rules, place);
  if (rulesHere === 'unknown') return [{ kind: 'no-rule' }];
  if (rulesHere.length === 0) return [];
  const chain = map.chain(place);
  const at = chain.findIndex(({ name }) => name === link.name);
  const newer = chain.slice(at + 1).filter((each) => map.isWhole(place, each)).length;
  const hereMs = timeAt(map, place, nowMs);
  const reasons = rulesHere.flatMap((rule) => byRule(rule, link, newer, hereMs));
  const isLast = newer === 0 && !reasons.some(({ kind }) => kind === 'count');
  return isLast ? [...reasons, { kind: 'minimum' }] : reasons;
}

function byRule(
  { count, days }: KeepRule,
  { frozenAtMs }: OwnLink,
  newer: number,
  hereMs: number,
): readonly Reason[] {
  const reasons: Reason[] = [];
  if (count !== undefined && newer < count) reasons.push({ kind: 'count', count, newer });
  if (days === undefined) return reasons;
  const untilMs = frozenAtMs + days * dayMs;
  if (hereMs < untilMs) reasons.push({ kind: 'days', days, untilMs });
  return reasons;
}

/** Both sides of a pair keep the same, so what is wanted of one is wanted of the other. */
function keepRules(map: PlaceMap, rules: RetentionRules, place: Place): readonly KeepRule[] | 'unknown' {
  const said = map.pairOf(place).map(({ id }) => rules[id]?.keep);
  const given = said.filter((keep) => keep !== undefined && keep !== 'none');
  return given.length === 0 && said.includes(undefined) ? 'unknown' : given;
}

/** Whether ages count at this place: some rule for it or for the other half of a pair speaks of days. */
export function countsDays(map: PlaceMap, rules: RetentionRules, place: Place): boolean {
  const keeps = keepRules(map, rules, place);
  return keeps !== 'unknown' && keeps.some(({ days }) => days !== undefined);
}

/**
 * The time by which ages at a place are counted: that of the arrays, since they stamped what is there. Of those that
 * froze or hold it the one furthest behind, so that nothing is older than all of them say. Ours where none tells.
 */
export function timeAt(map: PlaceMap, place: Place, nowMs: number): number {
  const line = map.pairOf(place);
  for (let up = map.feeder(place); up; up = map.feeder(up)) line.push(up);
  const told = line.flatMap(({ arrayNowMs }) => arrayNowMs ?? []);
  return told.length > 0 ? Math.min(...told) : nowMs;
}
