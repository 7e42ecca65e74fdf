import type { RelationKind } from '../model/relation-kinds.ts';
import type { Row } from '../model/rows.ts';

type Family = RelationKind['family'];

/** About how long a row takes, in seconds: one that leaves something behind waits for arrays and for the janitor. */
const rowSeconds = 3;
const leavingSeconds = { ontap: 45, 'ontap-sync': 45, nimble: 110, 'nimble-sync': 45 } as const;
/** So long a site takes to start. */
const startSeconds = 40;

/** How many of the sites each family gets, so that all are done at about the same time. */
export function lanesOf(
  byFamily: ReadonlyMap<Family, readonly Row[]>,
  sites: number,
): ReadonlyMap<Family, number> {
  const work = new Map([...byFamily].map(([family, rows]) => [family, secondsOf(family, rows)]));
  const lanes = new Map([...byFamily.keys()].map((family) => [family, 1]));
  const lengthOf = (family: Family) => startSeconds + (work.get(family) ?? 0) / (lanes.get(family) ?? 1);
  for (let left = sites - lanes.size; left > 0; left--) {
    const [longest] = [...lanes.keys()].sort((a, b) => lengthOf(b) - lengthOf(a));
    if (longest === undefined || lengthOf(longest) < 2 * startSeconds) break;
    lanes.set(longest, (lanes.get(longest) ?? 1) + 1);
  }
  return lanes;
}

function secondsOf(family: Family, rows: readonly Row[]): number {
  const each = rows.map(({ leftovers }) => (leftovers === 'none' ? rowSeconds : leavingSeconds[family]));
  return each.reduce((sum, seconds) => sum + seconds, 0);
}
