import type { PlaceMap } from './map.ts';
import type { Reason } from './reasons.ts';
import { dayMs, type KeepRule, type OwnLink, type Place, type RetentionRules } from './words.ts';

/** Clocks further apart than this are not both right, and days are not counted. */
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
  const reasons = rulesHere.flatMap((rule) =>
    byRule(rule, link, newer, nowMs, clocksAgree(map, place, nowMs)),
  );
  const isLast = newer === 0 && !reasons.some(({ kind }) => kind === 'count');
  return isLast ? [...reasons, { kind: 'minimum' }] : reasons;
}

function byRule(
  { count, days }: KeepRule,
  { frozenAtMs }: OwnLink,
  newer: number,
  nowMs: number,
  clocksOk: boolean,
): readonly Reason[] {
  const reasons: Reason[] = [];
  if (count !== undefined && newer < count) reasons.push({ kind: 'count', count, newer });
  if (days === undefined) return reasons;
  const untilMs = frozenAtMs + days * dayMs;
  if (!clocksOk) reasons.push({ kind: 'clock' });
  else if (nowMs < untilMs) reasons.push({ kind: 'days', days, untilMs });
  return reasons;
}

/** Both sides of a pair keep the same, so what is wanted of one is wanted of the other. */
function keepRules(map: PlaceMap, rules: RetentionRules, place: Place): readonly KeepRule[] | 'unknown' {
  const said = map.pairOf(place).map(({ id }) => rules[id]?.keep);
  const given = said.filter((keep) => keep !== undefined && keep !== 'none');
  return given.length === 0 && said.includes(undefined) ? 'unknown' : given;
}

/** Our clock and those of the arrays of the pair, as far as they tell. */
export function clocksAgree(map: PlaceMap, place: Place, nowMs: number): boolean {
  return map
    .pairOf(place)
    .every(({ arrayNowMs }) => arrayNowMs === undefined || Math.abs(arrayNowMs - nowMs) <= clockToleranceMs);
}
