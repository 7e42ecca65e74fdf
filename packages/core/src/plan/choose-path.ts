import { LeewardError, reportOf } from '../errors/leeward-error.ts';
import type { Source } from '../words/storage.ts';
import { freezeProblem, primaryPath, secondaryPath, standardPath } from './array-path.ts';
import type { ProxyChoice } from './choose-proxy.ts';
import type { ConsideredPath } from './considered.ts';
import type { Hindrance } from './eligibility.ts';
import type { Job } from './job.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import type { VolumeUse } from './volume-use.ts';

export interface PathChoice {
  /** Absent: the VM cannot be backed up; `problem` says why. */
  readonly source?: Source;
  readonly problem?: LeewardError;
  readonly proxyId?: string;
  /** What the proxy has to reach and was not seen to reach yet. */
  readonly unproved: readonly LeewardError[];
  /** Secondary, primary, standard, in this order. */
  readonly considered: readonly ConsideredPath[];
}

export interface PathRequest {
  readonly vmName: string;
  /** What keeps the VM from storage snapshots, or from every path. */
  readonly hindrance?: Hindrance | undefined;
  /** All volumes that hold files of the VM; counts only without a hindrance. */
  readonly volumes: readonly VolumeUse[];
  readonly job: Job;
  readonly inventory: PlanningInventory;
}

/**
 * The path of a VM: secondary; else primary, if the job allows that failover (R1); else standard, which is the regular
 * one where storage snapshots are out of the question (R13, R14), and a failover elsewhere (R6).
 */
export function choosePath(request: PathRequest): PathChoice {
  const { vmName, hindrance, volumes, job, inventory } = request;
  const barred = hindrance?.reason ?? freezeProblem(volumes);
  const secondary = barred ?? secondaryPath(volumes, inventory);
  if (!(secondary instanceof LeewardError)) {
    const primary = primaryPath(volumes, inventory);
    return taken('secondary', secondary, {
      primary:
        primary instanceof LeewardError
          ? { no: primary }
          : spare(noWayFromSync(request) ?? noWayOut(request, 'primary'), 'primary'),
      standard: spare(standardProblem(request) ?? noWayOut(request, 'standard'), 'standard'),
    });
  }
  const downgrade = new LeewardError('L-SRC-103', { vm: vmName, reason: reportOf(secondary).what });
  const strictly = (way: ProxyChoice | LeewardError) =>
    way instanceof LeewardError || !job.failOnDowngrade ? way : downgrade;
  const primary =
    barred ??
    forbidden(request, 'primary') ??
    noFailover(volumes) ??
    strictly(primaryPath(volumes, inventory));
  if (!(primary instanceof LeewardError))
    return taken('primary', primary, {
      secondary: { no: secondary },
      standard: spare(standardProblem(request) ?? noWayOut(request, 'standard'), 'standard', 'primary'),
    });
  const way = standardPath(inventory);
  const standard =
    standardProblem(request) ?? (hindrance ? way : (forbidden(request, 'standard') ?? strictly(way)));
  if (!(standard instanceof LeewardError))
    return taken('standard', standard, { secondary: { no: secondary }, primary: { no: primary } });
  const considered = { secondary: { no: secondary }, primary: { no: primary }, standard: { no: standard } };
  const regular = hindrance?.bars === 'storage-snapshots' ? standard : undefined;
  const refused = primary === downgrade || standard === downgrade ? downgrade : undefined;
  const problem = regular ?? refused ?? barred ?? (job.failoverToPrimary ? primary : secondary);
  return { problem, unproved: [], considered: listed(considered) };
}

function forbidden({ job }: PathRequest, path: 'primary' | 'standard'): LeewardError | undefined {
  if (path === 'primary') return job.failoverToPrimary ? undefined : new LeewardError('L-PLN-121');
  return job.failoverToStandard ? undefined : new LeewardError('L-PLN-140');
}

/** As `forbidden`, for a way out that is not needed now. */
function noWayOut(request: PathRequest, path: 'primary' | 'standard'): LeewardError | undefined {
  const { job, volumes } = request;
  const strict = job.failOnDowngrade ? new LeewardError('L-PLN-152', { path }) : undefined;
  if (path === 'primary' && job.finishOnPrimary && volumes.every(isSync)) return strict;
  return forbidden(request, path) ?? strict;
}

/** Families without failover (R3): the primary is not read, whatever the job allows. */
function noFailover(volumes: readonly VolumeUse[]): LeewardError | undefined {
  const bound = volumes.find(({ choice }) => choice.chosen?.relation.sync?.failsOver === false)?.home;
  return bound && new LeewardError('L-PLN-161', { array: bound.array.name, volume: bound.volume.name });
}

/** Once its secondary is detected, a VM of a synchronous relation has no failover (R2) but `finishOnPrimary`. */
function noWayFromSync({ volumes, job }: PathRequest): LeewardError | undefined {
  return volumes.some(isSync) && !job.finishOnPrimary ? new LeewardError('L-PLN-162') : undefined;
}

function isSync({ choice }: VolumeUse): boolean {
  return choice.chosen?.relation.kind === 'sync';
}

/** Why the standard way is out of the question for the VM, whatever the job allows. */
function standardProblem({ hindrance }: PathRequest): LeewardError | undefined {
  return hindrance?.bars === 'every-path' ? hindrance.reason : undefined;
}

/** `no`: cannot be taken, and why; `spare`: could be, and why it is not. */
type Verdict = { readonly no: LeewardError } | { readonly spare: LeewardError } | 'chosen';

function spare(problem: LeewardError | undefined, path: Source, source: Source = 'secondary'): Verdict {
  return problem ? { no: problem } : { spare: new LeewardError('L-PLN-122', { path, source }) };
}

function taken(source: Source, by: ProxyChoice, others: Partial<Record<Source, Verdict>>): PathChoice {
  return {
    source,
    proxyId: by.proxy.id,
    unproved: unprovedBy(by),
    considered: listed({ secondary: 'chosen', primary: 'chosen', standard: 'chosen', ...others }),
  };
}

function listed(verdicts: Record<Source, Verdict>): readonly ConsideredPath[] {
  return (['secondary', 'primary', 'standard'] as const).map((path): ConsideredPath => {
    const verdict = verdicts[path];
    if (verdict === 'chosen') return { path, verdict };
    return 'no' in verdict
      ? { path, verdict: 'not', reason: reportOf(verdict.no) }
      : { path, verdict: 'possible', reason: reportOf(verdict.spare) };
  });
}

function unprovedBy({ proxy, unproved }: ProxyChoice): readonly LeewardError[] {
  return unproved.map(({ demand: { array, protocol }, addresses }) => {
    const ports = addresses.join(', ');
    return new LeewardError('L-PLN-127', { proxy: proxy.name, array: array.name, protocol, ports });
  });
}
