import { LeewardError } from '../errors/leeward-error.ts';
import type { Relation } from '../words/array-inventory.ts';
import { sameObject } from '../words/storage.ts';
import type { Job } from './job.ts';
import type { VolumeHome } from './locate.ts';
import type { PlanningArray, PlanningInventory } from './planning-inventory.ts';
import { compareRelations, type RankedRelation } from './rank-relations.ts';

export interface ChosenRelation {
  readonly relation: Relation;
  readonly secondary: PlanningArray;
}

/** A relation of a volume, and what speaks against it. */
interface CandidateRelation extends ChosenRelation {
  /** Why it cannot be used now, or is not asked for. */
  readonly problem?: LeewardError;
  /** Why another one is taken although this one could be. */
  readonly passedOver?: LeewardError;
}

export interface RelationChoice {
  /** The relation to try, also when `problem` says that it cannot be used now. */
  readonly chosen?: ChosenRelation;
  readonly problem?: LeewardError;
  readonly warnings: readonly LeewardError[];
  /** All that are known, the chosen one first. Absent where nothing is read over any. */
  readonly candidates?: readonly CandidateRelation[];
}

/**
 * The relation that a volume is read over. The job may name the secondary array or `array/volume`; else its rule and
 * its preferred arrays decide, so that the choice is the same every time.
 */
export function chooseRelation(home: VolumeHome, job: Job, inventory: PlanningInventory): RelationChoice {
  const known = relationsOf(home, inventory);
  const volume = home.volume.name;
  if (known.length === 0) {
    const elsewhere = reportedByPrimary(home);
    const problem = elsewhere
      ? new LeewardError('L-PLN-118', { volume, secondary: elsewhere.destination.arrayName })
      : new LeewardError('L-PLN-104', { volume, array: home.array.name });
    return { problem, warnings: [] };
  }
  const wanted =
    job.relation === undefined ? known : known.filter((each) => isNamed(each, job.relation ?? ''));
  const [chosen, ...others] = [...wanted].sort(byWorth(job, volume));
  const candidates = [
    ...(chosen ? [candidate(chosen, relationProblem(chosen, job, volume))] : []),
    ...others.map((other) => ({
      ...candidate(other, relationProblem(other, job, volume)),
      passedOver: new LeewardError('L-PLN-142', { preferred: chosen ? relationLabel(chosen) : '' }),
    })),
    ...known
      .filter((each) => !wanted.includes(each))
      .sort(byWorth(job, volume))
      .map((each) => candidate(each, new LeewardError('L-PLN-141', { relation: job.relation }))),
  ];
  if (!chosen) {
    const details = { relation: job.relation, volume, candidates: known.map(relationLabel).join(', ') };
    return { problem: new LeewardError('L-PLN-117', details), warnings: [], candidates };
  }
  const problem = relationProblem(chosen, job, volume);
  return { chosen, ...(problem ? { problem } : {}), warnings: healthWarnings(chosen, volume), candidates };
}

function candidate(relation: ChosenRelation, problem: LeewardError | undefined): CandidateRelation {
  return problem ? { ...relation, problem } : relation;
}

export function relationLabel({ relation, secondary }: ChosenRelation): string {
  return `${secondary.name}/${relation.destination.volumeName}`;
}

/** Relations reported by the secondary side, whose source is this volume. */
export function relationsOf(home: VolumeHome, inventory: PlanningInventory): readonly ChosenRelation[] {
  return inventory.arrays.flatMap((secondary) =>
    (secondary.inventory?.relations ?? [])
      .filter((relation) => relation.reportedBy === 'secondary' && isSource(relation, home))
      .map((relation) => ({ relation, secondary })),
  );
}

function reportedByPrimary(home: VolumeHome): Relation | undefined {
  return home.array.inventory?.relations.find(
    (relation) => relation.reportedBy === 'primary' && isSource(relation, home),
  );
}

function isSource({ source }: Relation, { array, volume }: VolumeHome): boolean {
  if (source.volume) return sameObject(source.volume, volume.id);
  const serial = array.inventory?.identity.serial;
  const sameTenant = source.tenantId ? source.tenantId === volume.tenantId : source.tenant === volume.tenant;
  return source.arraySerial === serial && sameTenant && source.volumeName === volume.name;
}

function isNamed(chosen: ChosenRelation, name: string): boolean {
  return chosen.secondary.name === name || relationLabel(chosen) === name;
}

/** As the job's rule ranks them. Data of a synchronous relation that is in sync are not behind. */
function byWorth(job: Job, volume: string): (a: ChosenRelation, b: ChosenRelation) => number {
  const compare = compareRelations(job);
  const ranked = (chosen: ChosenRelation): RankedRelation => {
    const { relation, secondary } = chosen;
    const { state, healthy, lagMs } = relation.health;
    const isWrong = relationProblem(chosen, job, volume) !== undefined;
    return {
      readiness: whyUnusable(relation) !== undefined ? 'never' : isWrong ? 'not-now' : 'ready',
      ...{ active: state === 'active', healthy },
      lagMs: isDetected(relation) ? 0 : lagMs,
      ...{ arrayName: secondary.name, label: relationLabel(chosen) },
    };
  };
  return (a, b) => compare(ranked(a), ranked(b));
}

function whyUnusable({ usable, unusable }: Relation): string | undefined {
  return usable ? undefined : (unusable ?? 'its kind is not supported');
}

/** Of a `sync` relation: both sides were in sync and reachable when it was looked at (R2). */
export function isDetected({ kind, usable, health }: Relation): boolean {
  return kind === 'sync' && usable && health.detected === true;
}

function relationProblem(chosen: ChosenRelation, job: Job, volume: string): LeewardError | undefined {
  const { relation, secondary } = chosen;
  const details = { volume, secondary: relationLabel(chosen) };
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

function healthWarnings(chosen: ChosenRelation, volume: string): readonly LeewardError[] {
  const { kind, health } = chosen.relation;
  const { healthy, reasons } = health;
  // Of a synchronous one it decides, and is no mere warning.
  if (healthy || kind === 'sync') return [];
  const details = { volume, secondary: relationLabel(chosen), reasons: listed(reasons) };
  return [new LeewardError('L-PLN-124', details)];
}

function listed(reasons: readonly string[]): string {
  return reasons.length > 0 ? reasons.join('; ') : 'the array gives no reason';
}

function minutes(durationMs: number): string {
  return `${Math.round(durationMs / 60_000)} min`;
}
