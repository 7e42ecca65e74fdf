import {
  explainedVm,
  type Job,
  jobDefaults,
  LeewardError,
  makePlan,
  ownPlan,
  type Plan,
  type QuiescePolicy,
  quiescePolicyOf,
  type RelationRule,
  type VmPlan,
} from '@leeward/core';
import type { JobView, SchedulePreview } from '@leeward/core/schedule/job-view';
import { type Identity, localIdentity } from '../access/identity.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { BackupFlows } from '../backup/backup-run.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { planningInventory } from '../inventory/planning-inventory.ts';
import { allowedScript } from '../scripts/allowed-script.ts';
import { jobSchema } from '../store/jobs.ts';
import type { Run } from '../store/runs.ts';
import type { ScheduleTime } from '../store/schedule-times.ts';
import { findOne } from './find.ts';
import { jobView, previewOf, type ScheduleInput, scheduleOf } from './job-schedule.ts';
import { requireChains, requireFittingSettings, requireMeaning } from './job-settings.ts';
import { ownRun } from './own-run.ts';
import type { ProxyService } from './proxy-service.ts';
import type { RepositoryService } from './repository-service.ts';
import { newRunId } from './run-id.ts';
import { startedByCaller, startRun } from './start-run.ts';

export interface CreateJob {
  readonly name: string;
  readonly vms: readonly string[];
  /** Name or id; left out exactly with `snapshotOnly`. */
  readonly repository?: string | undefined;
  readonly snapshotOnly?: boolean | undefined;
  readonly relation?: string | undefined;
  readonly relationRule?: RelationRule | undefined;
  /** `null`: none. */
  readonly preferredArrays?: readonly string[] | null | undefined;
  readonly failoverToPrimary?: boolean | undefined;
  readonly finishOnPrimary?: boolean | undefined;
  readonly failoverToStandard?: boolean | undefined;
  readonly failOnDowngrade?: boolean | undefined;
  /** As a switch `true` is `fall-back`. */
  readonly quiesce?: QuiescePolicy | boolean | undefined;
  readonly cbtSampleFraction?: number | undefined;
  /** Absolute paths of executables on the server. `null`: none. */
  readonly preScript?: string | null | undefined;
  readonly postScript?: string | null | undefined;
  readonly scriptTimeoutMs?: number | undefined;
  readonly vmsPerStorageSnapshot?: number | undefined;
  /** `null`: none. */
  readonly vmwareSnapshotBudgetMs?: number | null | undefined;
  readonly standardMaxSnapshotMs?: number | undefined;
  readonly secondaryKeep?: number | undefined;
  readonly secondaryKeepDays?: number | undefined;
  readonly primaryKeep?: number | undefined;
  readonly primaryKeepDays?: number | undefined;
  readonly secondaryLockDays?: number | undefined;
  readonly primaryLockDays?: number | undefined;
  readonly keepPoints?: number | undefined;
  readonly maxRelationLagMs?: number | undefined;
  readonly settlePauseMs?: number | undefined;
  readonly transferTimeoutMs?: number | undefined;
  /** `null`: only by hand. */
  readonly schedule?: ScheduleInput | null | undefined;
}

/**
 * What is given changes; the repository stays, since the points are there, and a job stays snapshot-only. `null` ends a
 * chain, where the job may be without, and takes back what a job can be without.
 */
export type EditJob = {
  readonly [K in keyof Omit<CreateJob, 'repository' | 'snapshotOnly' | ChainLength | TakenBack>]?:
    | CreateJob[K]
    | undefined;
} & { readonly [K in ChainLength]?: number | null | undefined } & {
  readonly [K in TakenBack]?: CreateJob[K] | null;
};

type TakenBack =
  | ('relation' | 'vmsPerStorageSnapshot' | 'keepPoints' | 'maxRelationLagMs')
  | ('secondaryLockDays' | 'primaryLockDays');

type ChainLength = 'secondaryKeep' | 'secondaryKeepDays' | 'primaryKeep' | 'primaryKeepDays';

export interface RemovedJob {
  readonly id: string;
  readonly name: string;
  /** Storage snapshots that its chains keep on arrays; they stay, and nobody looks after them any more. */
  readonly storageSnapshots: readonly string[];
}

export interface JobServiceDeps {
  readonly engine: FlowEngine;
  readonly runFlow: BackupFlows['run'];
  readonly proxies: ProxyService;
  readonly repositories: RepositoryService;
}

/** Jobs: create, look at, plan and start. */
export class JobService {
  readonly #deps: BackupDeps;
  readonly #services: JobServiceDeps;

  constructor(deps: BackupDeps, services: JobServiceDeps) {
    this.#deps = deps;
    this.#services = services;
  }

  async create(input: CreateJob): Promise<JobView> {
    const job = await this.#newJob(input);
    await this.#deps.store.jobs.add(job);
    return this.#view(job);
  }

  /** What a run of a job like this would do, before there is one; refused as its creation would be. Touches nothing. */
  async planNew(input: CreateJob, signal?: AbortSignal): Promise<Plan> {
    return this.#planOf(await this.#newJob(input), signal);
  }

  async #newJob(input: CreateJob): Promise<Job> {
    const { store, randomness, clock } = this.#deps;
    if ((await store.jobs.list()).some(({ name }) => name === input.name))
      throw new LeewardError('L-CFG-101', { kind: 'job', name: input.name });
    requireFittingSettings(input);
    const { repository: place, snapshotOnly = jobDefaults.snapshotOnly } = input;
    const repository =
      place === undefined ? undefined : findOne('repository', await store.repositories.list(), place);
    await requireScripts(input);
    const job: Job = {
      id: randomness.uuid(),
      name: input.name,
      vms: [...input.vms],
      ...(repository ? { repositoryId: repository.id } : {}),
      snapshotOnly,
      relationRule: input.relationRule ?? jobDefaults.relationRule,
      ...(input.preferredArrays ? { preferredArrays: [...input.preferredArrays] } : {}),
      failoverToPrimary: input.failoverToPrimary ?? jobDefaults.failoverToPrimary,
      finishOnPrimary: input.finishOnPrimary ?? jobDefaults.finishOnPrimary,
      failoverToStandard: input.failoverToStandard ?? jobDefaults.failoverToStandard,
      failOnDowngrade: input.failOnDowngrade ?? jobDefaults.failOnDowngrade,
      quiesce: quiescePolicyOf(input.quiesce ?? jobDefaults.quiesce),
      cbtSampleFraction: input.cbtSampleFraction ?? jobDefaults.cbtSampleFraction,
      scriptTimeoutMs: input.scriptTimeoutMs ?? jobDefaults.scriptTimeoutMs,
      ...(input.preScript ? { preScript: input.preScript } : {}),
      ...(input.postScript ? { postScript: input.postScript } : {}),
      ...(input.vmwareSnapshotBudgetMs ? { vmwareSnapshotBudgetMs: input.vmwareSnapshotBudgetMs } : {}),
      standardMaxSnapshotMs: input.standardMaxSnapshotMs ?? jobDefaults.standardMaxSnapshotMs,
      secondaryKeep: input.secondaryKeep ?? (snapshotOnly ? 0 : jobDefaults.secondaryKeep),
      settlePauseMs: input.settlePauseMs ?? jobDefaults.settlePauseMs,
      transferTimeoutMs: input.transferTimeoutMs ?? jobDefaults.transferTimeoutMs,
      ...(input.relation === undefined ? {} : { relation: input.relation }),
      ...(input.vmsPerStorageSnapshot === undefined
        ? {}
        : { vmsPerStorageSnapshot: input.vmsPerStorageSnapshot }),
      ...(input.secondaryKeepDays === undefined ? {} : { secondaryKeepDays: input.secondaryKeepDays }),
      ...(input.primaryKeep === undefined ? {} : { primaryKeep: input.primaryKeep }),
      ...(input.primaryKeepDays === undefined ? {} : { primaryKeepDays: input.primaryKeepDays }),
      ...(input.secondaryLockDays === undefined ? {} : { secondaryLockDays: input.secondaryLockDays }),
      ...(input.primaryLockDays === undefined ? {} : { primaryLockDays: input.primaryLockDays }),
      ...(input.keepPoints === undefined ? {} : { keepPoints: input.keepPoints }),
      ...(input.maxRelationLagMs === undefined ? {} : { maxRelationLagMs: input.maxRelationLagMs }),
      ...(input.schedule ? { schedule: scheduleOf(input.schedule, undefined, clock.now()) } : {}),
    };
    requireChains(job);
    return job;
  }

  /** Runs that go on keep to their plan. */
  async edit(wanted: string, changes: EditJob): Promise<JobView> {
    const { store, clock } = this.#deps;
    const job = await this.#job(wanted);
    const { name } = changes;
    if (
      name !== undefined &&
      (await store.jobs.list()).some((each) => each.name === name && each.id !== job.id)
    )
      throw new LeewardError('L-CFG-101', { kind: 'job', name });
    if (job.snapshotOnly) requireMeaning(changes);
    await requireScripts(changes);
    const schedule = changes.schedule && scheduleOf(changes.schedule, job.schedule, clock.now());
    const edited = changed(job, { ...changes, schedule: schedule ?? changes.schedule });
    requireChains(edited);
    await store.jobs.update(edited);
    return this.#view(edited);
  }

  /** Forgets the job. Its points stay in the repository. Refused while a run of it goes on (`L-RUN-104`). */
  async remove(wanted: string): Promise<RemovedJob> {
    const { store } = this.#deps;
    const { id, name } = await this.#job(wanted);
    const running = await store.runs.runningBackup(id);
    if (running) throw new LeewardError('L-RUN-104', { job: name, run: running.id });
    await store.jobs.remove(id);
    const kept = (await store.ledger.kept(id)).filter(({ kind }) => kind === 'storage-snapshot');
    return { id, name, storageSnapshots: kept.map((entry) => entry.name) };
  }

  async list(): Promise<readonly JobView[]> {
    return (await this.#deps.store.jobs.list()).map((job) => this.#view(job));
  }

  async find(wanted: string): Promise<JobView> {
    return this.#view(await this.#job(wanted));
  }

  /** Switches the schedule on or off; `L-SCH-106` where there is none. */
  async setEnabled(wanted: string, enabled: boolean): Promise<JobView> {
    const { id, name, schedule } = await this.#job(wanted);
    if (!schedule) throw new LeewardError('L-SCH-106', { job: name });
    return this.edit(id, { schedule: { enabled } });
  }

  /** What became of the times of its schedule, newest first. */
  async times(wanted: string, limit = 50): Promise<readonly ScheduleTime[]> {
    const { id } = await this.#job(wanted);
    return this.#deps.store.scheduleTimes.list(id, limit);
  }

  /** What a schedule means, and its next times; touches nothing. */
  async preview(input: Parameters<typeof previewOf>[0]): Promise<SchedulePreview> {
    return previewOf(input, this.#deps.clock.now());
  }

  async #job(wanted: string): Promise<Job> {
    return findOne('job', await this.#deps.store.jobs.list(), wanted);
  }

  #view(job: Job): JobView {
    return jobView(job, this.#deps.clock.now());
  }

  /**
   * Reads vCenters and arrays anew and says what a run would do; touches nothing. `isLimited`: for who is limited to
   * jobs, without the names of volumes that are only frozen along.
   */
  async plan(wanted: string, isLimited = false, signal?: AbortSignal): Promise<Plan> {
    const plan = await this.#planOf(await this.#job(wanted), signal);
    return isLimited ? ownPlan(plan) : plan;
  }

  async #planOf(job: Job, signal?: AbortSignal): Promise<Plan> {
    const inventory = await planningInventory(this.#deps, { refresh: true, ...(signal ? { signal } : {}) });
    return makePlan(job, inventory, this.#deps.clock.now());
  }

  /**
   * Every path that a run would consider for one VM of the job, and why it takes it or not. The VM by name, inventory
   * path or id: `L-PLN-102` where a name fits several, `L-PLN-151` where the job has it not.
   */
  async explain(wanted: string, vm: string, isLimited = false, signal?: AbortSignal): Promise<VmPlan> {
    return explainedVm(await this.plan(wanted, isLimited, signal), vm);
  }

  /** Starts a run and returns at once. One run of a job at a time: `L-RUN-104`. */
  async run(wanted: string, caller: Identity = localIdentity): Promise<Run> {
    const job = await this.#job(wanted);
    const { clock, randomness } = this.#deps;
    const deps = { ...this.#services, backup: this.#deps };
    const run = await startRun(deps, job, newRunId(clock, randomness), startedByCaller(caller));
    return caller.scopes ? ownRun(run) : run;
  }
}

/** What is given replaces what was there; `null` takes a setting out. */
function changed(job: Job, changes: EditJob): Job {
  const { quiesce, secondaryKeep } = changes;
  const given = {
    ...changes,
    ...(secondaryKeep === null ? { secondaryKeep: 0 } : {}),
    ...(quiesce === undefined ? {} : { quiesce: quiescePolicyOf(quiesce) }),
  };
  const left = Object.entries({ ...job, ...withoutUndefined(given) }).filter(([, value]) => value !== null);
  return jobSchema.parse(Object.fromEntries(left));
}

function withoutUndefined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Each of them is checked again before it is run. */
async function requireScripts({ preScript, postScript }: EditJob): Promise<void> {
  for (const path of [preScript, postScript]) if (path) await allowedScript(path);
}
