import { LeewardError } from '../errors/leeward-error.ts';
import type { Relation } from '../words/array-inventory.ts';
import type { Job } from './job.ts';
import type { VolumeHome } from './locate.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import { compareRelations, type RankedRelation } from './rank-relations.ts';
import {
  type ChosenRelation,
  hopsOfPath,
  isSource,
  relationLabel,
  relationPathsOf,
} from './relation-paths.ts';
import { healthWarnings, isDetected, isNeverUsable, relationProblem } from './relation-problem.ts';

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
 * The relation that a volume is read over, its own or a later one of a cascade. The job may name the secondary array or
 * `array/volume`; else its rule and its preferred arrays decide, so that the choice is the same every time.
 */
export function chooseRelation(home: VolumeHome, job: Job, inventory: PlanningInventory): RelationChoice {
  const known = relationPathsOf(home, inventory);
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

function reportedByPrimary(home: VolumeHome): Relation | undefined {
  return home.array.inventory?.relations.find(
    (relation) => relation.reportedBy === 'primary' && isSource(relation, home),
  );
}

function isNamed(chosen: ChosenRelation, name: string): boolean {
  return chosen.secondary.name === name || relationLabel(chosen) === name;
}

/**
 * As the job's rule ranks them. A cascade is as healthy as its worst hop and as far behind as its latest, so that it
 * never goes before a relation on its own way. Data of a synchronous relation that is in sync are not behind.
 */
function byWorth(job: Job, volume: string): (a: ChosenRelation, b: ChosenRelation) => number {
  const compare = compareRelations(job);
  const ranked = (chosen: ChosenRelation): RankedRelation => {
    const hops = hopsOfPath(chosen).map(({ relation }) => relation);
    const lags = hops.map((relation) => (isDetected(relation) ? 0 : relation.health.lagMs));
    const known = lags.filter((lagMs) => lagMs !== undefined);
    const isWrong = relationProblem(chosen, job, volume) !== undefined;
    return {
      readiness: isNeverUsable(chosen, volume) ? 'never' : isWrong ? 'not-now' : 'ready',
      active: hops.every(({ health }) => health.state === 'active'),
      healthy: hops.every(({ health }) => health.healthy),
      lagMs: known.length === lags.length ? Math.max(...known) : undefined,
      hops: hops.length,
      ...{ arrayName: chosen.secondary.name, label: relationLabel(chosen) },
    };
  };
  return (a, b) => compare(ranked(a), ranked(b));
}
