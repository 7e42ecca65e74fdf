import type { Job } from './job.ts';

/** What decides which of several relations of a volume is taken. */
export interface RankedRelation {
  /** `ready`: a run can read over it as far as is known; `not-now`: something is wrong; `never`: it is of a wrong kind. */
  readonly readiness: 'ready' | 'not-now' | 'never';
  readonly active: boolean;
  readonly healthy: boolean;
  /** Milliseconds; absent: the array does not tell, which counts as the longest. */
  readonly lagMs?: number | undefined;
  /** Transfers from the volume to the secondary: 1 for a relation of the volume itself. */
  readonly hops: number;
  /** Name of the secondary array. */
  readonly arrayName: string;
  /** `array/volume`: decides between equals, so that the choice is the same every time. */
  readonly label: string;
}

type Rule = Pick<Job, 'relationRule' | 'preferredArrays'>;

/**
 * Which of two relations goes first, as for `sort`. One that cannot be used now never goes before one that can, whatever
 * is preferred; then come the job's preferred arrays in their order; then its rule: `healthiest` looks at state and
 * health before the lag, `least-lag` at the lag before the health. Between equals the shorter way goes first.
 */
export function compareRelations({ relationRule, preferredArrays = [] }: Rule) {
  const place = ({ arrayName }: RankedRelation) => {
    const at = preferredArrays.indexOf(arrayName);
    return at < 0 ? preferredArrays.length : at;
  };
  return (a: RankedRelation, b: RankedRelation): number => {
    const ready = readiness.indexOf(a.readiness) - readiness.indexOf(b.readiness);
    const health = healthOf(b) - healthOf(a);
    const lag = lagOf(a) - lagOf(b);
    const byRule = relationRule === 'least-lag' ? lag || health : health || lag;
    return ready || place(a) - place(b) || byRule || a.hops - b.hops || a.label.localeCompare(b.label);
  };
}

const readiness: readonly RankedRelation['readiness'][] = ['ready', 'not-now', 'never'];

function healthOf({ active, healthy }: RankedRelation): number {
  return (active ? 2 : 0) + (healthy ? 1 : 0);
}

function lagOf({ lagMs }: RankedRelation): number {
  return lagMs ?? Number.MAX_SAFE_INTEGER;
}
