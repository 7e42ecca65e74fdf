import {
  type Job,
  LeewardError,
  type Randomness,
  type RunScope,
  type StartedBy,
  scopeOfVms,
} from '@leeward/core';
import { resolveScope } from '@leeward/core/plan/scope';
import { type Identity, localIdentity } from '../access/identity.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { planningInventory } from '../inventory/planning-inventory.ts';
import { endedRunStates, type Run } from '../store/runs.ts';
import { findRun } from './find-run.ts';
import { ownRun } from './own-run.ts';
import { newRunId } from './run-id.ts';
import { type StartRunDeps, startedByCaller, startRun } from './start-run.ts';

/** Runs that make up for others: of the same job, over exactly the VMs that the other one did not back up. */
export class RetryService {
  readonly #deps: BackupDeps & { readonly randomness: Randomness };
  readonly #starting: Omit<StartRunDeps, 'backup'>;

  constructor(deps: BackupDeps, starting: Omit<StartRunDeps, 'backup'>) {
    this.#deps = deps;
    this.#starting = starting;
  }

  /**
   * Starts it and returns at once. Only the newest run of a job can be retried, as what an older one left is in that
   * one: `L-RUN-147`. Further `L-RUN-104` while a run of the job goes on, `L-RUN-146` where nothing is to be retried,
   * `L-RUN-148` without the job.
   */
  async retry(wanted: string, caller: Identity = localIdentity): Promise<Run> {
    const run = await this.#start(wanted, startedByCaller(caller));
    return caller.scopes ? ownRun(run) : run;
  }

  /** The same, as part of the job's schedule. */
  async retryBySchedule(runId: string): Promise<Run> {
    return this.#start(runId, { kind: 'schedule', name: '' });
  }

  async #start(wanted: string, startedBy: StartedBy): Promise<Run> {
    const { store, clock, randomness } = this.#deps;
    const run = await store.runs.get((await findRun(store.runs, wanted)).id);
    const { id: retryOf, jobId, kind, state } = run;
    if (kind !== 'backup') throw nothing(retryOf, 'it is a restore, which is started anew instead');
    const job = await store.jobs.find(jobId);
    if (!job) throw new LeewardError('L-RUN-148', { run: retryOf });
    if (!endedRunStates.includes(state)) throw new LeewardError('L-RUN-104', { job: job.name, run: retryOf });
    const running = await store.runs.runningBackup(jobId);
    if (running) throw new LeewardError('L-RUN-104', { job: job.name, run: running.id });
    if (state === 'success') throw nothing(retryOf, 'it backed up all of its VMs');
    const newest = await store.runs.newestBackup(jobId);
    if (newest !== undefined && newest !== retryOf)
      throw new LeewardError('L-RUN-147', { run: retryOf, job: job.name, newest });
    const scope = await this.#scopeOf(run, job);
    const retry = { retryOf, ...(scope ? { scope } : {}) };
    const deps = { ...this.#starting, backup: this.#deps };
    return startRun(deps, job, newRunId(clock, randomness), startedBy, retry);
  }

  /** A run that ended before it had a plan backed up nothing of what it was about: `undefined` is the whole job. */
  async #scopeOf({ id, plan }: Run, job: Job): Promise<RunScope | undefined> {
    const { store } = this.#deps;
    if (!plan) return store.runs.scopeOf(id);
    const vms = await store.runVms.list(id);
    const left = new Set(vms.filter(({ state }) => state !== 'success').map(({ vmKey }) => vmKey));
    if (left.size === 0) throw nothing(id, 'it backed up all of its VMs');
    const scope = scopeOfVms(plan, left);
    const inventory = await planningInventory(this.#deps, { refresh: false });
    const still = resolveScope(job.vms, inventory, scope);
    if (still.vms.length + still.unresolved.length === 0)
      throw nothing(id, `job "${job.name}" has none of the VMs that failed any more`);
    return scope;
  }
}

function nothing(run: string, reason: string): LeewardError {
  return new LeewardError('L-RUN-146', { run, reason });
}
