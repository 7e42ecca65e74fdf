import { LeewardError } from '../errors/leeward-error.ts';
import type { Relation } from '../words/array-inventory.ts';
import type { Job } from './job.ts';
import {
  type ChosenRelation,
  hopsOfPath,
  maxHops,
  type RelationHop,
  relationLabel,
} from './relation-paths.ts';

/** Of a `sync` relation: both sides were in sync and reachable when it was looked at (R2). */
export function isDetected({ kind, usable, health }: Relation): boolean {
  return kind === 'sync' && usable && health.detected === true;
}

/** Why a volume cannot be read over this relation now: the first hop that stands in the way. */
export function relationProblem(path: ChosenRelation, job: Job, volume: string): LeewardError | undefined {
  return cascadeProblem(path, volume) ?? firstOf(hopsFrom(path, volume), (hop) => hopProblem(hop, job));
}

/** Something that is no matter of the moment keeps it from being used. */
export function isNeverUsable(path: ChosenRelation, volume: string): boolean {
  const isOfNoUse = ({ relation }: RelationHop) => whyUnusable(relation) !== undefined;
  return hopsOfPath(path).some(isOfNoUse) || cascadeProblem(path, volume) !== undefined;
}

/** Why no storage snapshot can be sent over these hops one after the other. */
export function cascadeProblem(path: ChosenRelation, volume: string): LeewardError | undefined {
  const { via } = path;
  if (via.length === 0) return undefined;
  const why = whyNoCascade(hopsOfPath(path));
  if (why === undefined) return undefined;
  const details = { volume, secondary: relationLabel(path), via: via.map(relationLabel).join(' and ') };
  return new LeewardError('L-PLN-190', { ...details, why });
}

function whyNoCascade(hops: readonly RelationHop[]): string | undefined {
  const sync = hops.find(({ relation }) => relation.kind === 'sync');
  if (sync)
    return `the relation to ${relationLabel(sync)} is synchronous, and only transfers are made one after the other`;
  const [, ...later] = hops;
  const bound = later.find(({ relation }) => relation.firstHopOnly !== undefined);
  if (bound) return `over the relation to ${relationLabel(bound)} ${bound.relation.firstHopOnly}`;
  return hops.length > maxHops
    ? `that is ${hops.length} transfers, and at most ${maxHops} are made`
    : undefined;
}

export function healthWarnings(path: ChosenRelation, volume: string): readonly LeewardError[] {
  return hopsFrom(path, volume).flatMap(({ hop, source }) => {
    const { kind, health } = hop.relation;
    const { healthy, reasons } = health;
    // Of a synchronous one it decides, and is no mere warning.
    if (healthy || kind === 'sync') return [];
    const details = { volume: source, secondary: relationLabel(hop), reasons: listed(reasons) };
    return [new LeewardError('L-PLN-124', details)];
  });
}

interface HopFrom {
  readonly hop: RelationHop;
  /** Name of the volume that it begins at. */
  readonly source: string;
}

function hopsFrom(path: ChosenRelation, volume: string): readonly HopFrom[] {
  const hops = hopsOfPath(path);
  return hops.map((hop, at) => ({
    hop,
    source: hops[at - 1]?.relation.destination.volumeName ?? volume,
  }));
}

function firstOf<T, R>(items: readonly T[], look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function whyUnusable({ usable, unusable }: Relation): string | undefined {
  return usable ? undefined : (unusable ?? 'its kind is not supported');
}

function hopProblem({ hop, source: volume }: HopFrom, job: Job): LeewardError | undefined {
  const { relation, secondary } = hop;
  const details = { volume, secondary: relationLabel(hop) };
  const { state, reasons, lagMs } = relation.health;
  if (secondary.problem)
    return new LeewardError('L-PLN-108', { array: secondary.name, reason: secondary.problem.what });
  if (relation.kind === 'transfer' && state !== 'active')
    return new LeewardError('L-PLN-105', { ...details, state, reasons: listed(reasons) });
  const why = whyUnusable(relation);
  if (why !== undefined)
    return new LeewardError('L-PLN-116', { ...details, policy: relation.policyName, why });
  if (relation.kind === 'sync' && !isDetected(relation))
    return new LeewardError('L-PLN-160', {
      ...details,
      state: relation.sync?.state ?? 'unknown',
      reasons: listed(reasons),
    });
  if (job.maxRelationLagMs !== undefined && lagMs !== undefined && lagMs > job.maxRelationLagMs)
    return new LeewardError('L-PLN-106', {
      ...details,
      lag: minutes(lagMs),
      limit: minutes(job.maxRelationLagMs),
    });
  return undefined;
}

function listed(reasons: readonly string[]): string {
  return reasons.length > 0 ? reasons.join('; ') : 'the array gives no reason';
}

function minutes(durationMs: number): string {
  return `${Math.round(durationMs / 60_000)} min`;
}
