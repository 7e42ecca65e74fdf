import { LeewardError } from '../errors/leeward-error.ts';
import type { Relation } from '../words/array-inventory.ts';
import { sameObject } from '../words/storage.ts';
import type { Job } from './job.ts';
import type { VolumeHome } from './locate.ts';
import type { PlanningArray, PlanningInventory } from './planning-inventory.ts';

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
 * The relation that a volume is read over. The job may name the secondary array or `array/volume`; else the
 * healthiest, then the least lag, then the name decide, so that the choice is the same every time.
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
  const [chosen, ...others] = [...wanted].sort(byWorth);
  const candidates = [
    ...(chosen ? [candidate(chosen, relationProblem(chosen, job, volume))] : []),
    ...others.map((other) => ({
      ...candidate(other, relationProblem(other, job, volume)),
      passedOver: new LeewardError('L-PLN-142', { preferred: chosen ? relationLabel(chosen) : '' }),
    })),
    ...known
      .filter((each) => !wanted.includes(each))
      .sort(byWorth)
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

function byWorth(a: ChosenRelation, b: ChosenRelation): number {
  const worth = ({ relation }: ChosenRelation) =>
    (whyUnusable(relation) === undefined ? 4 : 0) +
    (relation.health.state === 'active' ? 2 : 0) +
    (relation.health.healthy ? 1 : 0);
  const lag = ({ relation }: ChosenRelation) => relation.health.lagMs ?? Number.MAX_SAFE_INTEGER;
  return worth(b) - worth(a) || lag(a) - lag(b) || relationLabel(a).localeCompare(relationLabel(b));
}

/** Synchronous relations are shown; runs do not read over them yet. */
function whyUnusable({ kind, usable, unusable }: Relation): string | undefined {
  if (!usable) return unusable ?? 'its kind is not supported';
  return kind === 'sync' ? 'synchronous replication is not used as a source by this version' : undefined;
}

function relationProblem(chosen: ChosenRelation, job: Job, volume: string): LeewardError | undefined {
  const { relation, secondary } = chosen;
  const details = { volume, secondary: relationLabel(chosen) };
  const { state, reasons, lagMs } = relation.health;
  if (secondary.problem)
    return new LeewardError('L-PLN-108', { array: secondary.name, reason: secondary.problem.what });
  if (state !== 'active')
    return new LeewardError('L-PLN-105', { ...details, state, reasons: listed(reasons) });
  const why = whyUnusable(relation);
  if (why !== undefined)
    return new LeewardError('L-PLN-116', { ...details, policy: relation.policyName, why });
  if (job.maxRelationLagMs !== undefined && lagMs !== undefined && lagMs > job.maxRelationLagMs)
    return new LeewardError('L-PLN-106', {
      ...details,
      lag: minutes(lagMs),
      limit: minutes(job.maxRelationLagMs),
    });
  return undefined;
}

function healthWarnings(chosen: ChosenRelation, volume: string): readonly LeewardError[] {
  const { healthy, reasons } = chosen.relation.health;
  if (healthy) return [];
  const details = { volume, secondary: relationLabel(chosen), reasons: listed(reasons) };
  return [new LeewardError('L-PLN-124', details)];
}

function listed(reasons: readonly string[]): string {
  return reasons.length > 0 ? reasons.join('; ') : 'the array gives no reason';
}

function minutes(durationMs: number): string {
  return `${Math.round(durationMs / 60_000)} min`;
}
