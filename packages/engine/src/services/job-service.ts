import { isoTime, type Job, jobDefaults, LeewardError, makePlan, type Plan } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { BackupFlows } from '../backup/backup-run.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { planningInventory } from '../inventory/planning-inventory.ts';
import type { Run } from '../store/runs.ts';
import { findOne } from './find.ts';
import type { ProxyService } from './proxy-service.ts';
import type { RepositoryService } from './repository-service.ts';
import { newRunId } from './run-id.ts';

export interface CreateJob {
  readonly name: string;
  readonly vms: readonly string[];
  /** Name or id. */
  readonly repository: string;
  readonly relation?: string | undefined;
  readonly failoverToPrimary?: boolean | undefined;
  readonly failOnDowngrade?: boolean | undefined;
  readonly quiesce?: boolean | undefined;
  readonly vmsPerStorageSnapshot?: number | undefined;
  readonly secondaryKeep?: number | undefined;
  readonly keepPoints?: number | undefined;
  readonly maxRelationLagMs?: number | undefined;
  readonly transferTimeoutMs?: number | undefined;
}

/** What is given changes; the repository stays, since the points are there. */
export type EditJob = { readonly [K in keyof Omit<CreateJob, 'repository'>]?: CreateJob[K] | undefined };

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

  async create(input: CreateJob): Promise<Job> {
    const { store, randomness } = this.#deps;
    if ((await store.jobs.list()).some(({ name }) => name === input.name))
      throw new LeewardError('L-CFG-101', { kind: 'job', name: input.name });
    const repository = findOne('repository', await store.repositories.list(), input.repository);
    const job: Job = {
      id: randomness.uuid(),
      name: input.name,
      vms: [...input.vms],
      repositoryId: repository.id,
      failoverToPrimary: input.failoverToPrimary ?? jobDefaults.failoverToPrimary,
      failOnDowngrade: input.failOnDowngrade ?? jobDefaults.failOnDowngrade,
      quiesce: input.quiesce ?? jobDefaults.quiesce,
      secondaryKeep: input.secondaryKeep ?? jobDefaults.secondaryKeep,
      transferTimeoutMs: input.transferTimeoutMs ?? jobDefaults.transferTimeoutMs,
      ...(input.relation === undefined ? {} : { relation: input.relation }),
      ...(input.vmsPerStorageSnapshot === undefined
        ? {}
        : { vmsPerStorageSnapshot: input.vmsPerStorageSnapshot }),
      ...(input.keepPoints === undefined ? {} : { keepPoints: input.keepPoints }),
      ...(input.maxRelationLagMs === undefined ? {} : { maxRelationLagMs: input.maxRelationLagMs }),
    };
    await store.jobs.add(job);
    return job;
  }

  /** Runs that go on keep to their plan. */
  async edit(wanted: string, changes: EditJob): Promise<Job> {
    const { store } = this.#deps;
    const job = await this.find(wanted);
    const { name } = changes;
    if (
      name !== undefined &&
      (await store.jobs.list()).some((each) => each.name === name && each.id !== job.id)
    )
      throw new LeewardError('L-CFG-101', { kind: 'job', name });
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const edited: Job = { ...job, ...Object.fromEntries(given) };
    await store.jobs.update(edited);
    return edited;
  }

  /** Forgets the job. Its points stay in the repository. Refused while a run of it goes on (`L-RUN-104`). */
  async remove(wanted: string): Promise<RemovedJob> {
    const { store } = this.#deps;
    const { id, name } = await this.find(wanted);
    const running = await store.runs.runningBackup(id);
    if (running) throw new LeewardError('L-RUN-104', { job: name, run: running.id });
    await store.jobs.remove(id);
    const kept = (await store.ledger.kept(id)).filter(({ kind }) => kind === 'storage-snapshot');
    return { id, name, storageSnapshots: kept.map((entry) => entry.name) };
  }

  list(): Promise<readonly Job[]> {
    return this.#deps.store.jobs.list();
  }

  async find(wanted: string): Promise<Job> {
    return findOne('job', await this.list(), wanted);
  }

  /** Reads vCenters and arrays anew and says what a run would do; touches nothing. */
  async plan(wanted: string, signal?: AbortSignal): Promise<Plan> {
    const job = await this.find(wanted);
    const inventory = await planningInventory(this.#deps, { refresh: true, ...(signal ? { signal } : {}) });
    return makePlan(job, inventory, this.#deps.clock.now());
  }

  /** Starts a run and returns at once. One run of a job at a time: `L-RUN-104`. */
  async run(wanted: string): Promise<Run> {
    const job = await this.find(wanted);
    const { store, clock, randomness } = this.#deps;
    const { engine, runFlow, proxies, repositories } = this.#services;
    const refuse = (running: Run | undefined) => {
      if (running) throw new LeewardError('L-RUN-104', { job: job.name, run: running.id });
    };
    refuse(await store.runs.runningBackup(job.id));
    await Promise.all([proxies.proveMissing(), repositories.tidy(job.repositoryId)]);
    const id = newRunId(clock, randomness);
    const startedAt = isoTime(clock.now());
    refuse(await store.runs.addUnlessRunning({ id, jobId: job.id, startedAt }));
    await engine.start(runFlow, id, { runId: id });
    return store.runs.get(id);
  }
}
