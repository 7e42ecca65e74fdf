import type { BackupDeps } from '../backup/backup-deps.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { endIfLost } from '../janitor/lost-runs.ts';
import type { LedgerEntry } from '../store/ledger.ts';
import type { RunEvent, RunStep } from '../store/run-log.ts';
import type { RunMark } from '../store/run-marks.ts';
import type { RunVm } from '../store/run-vms.ts';
import { endedRunStates, type Run, type RunFilter, type RunSummary } from '../store/runs.ts';
import { findOne } from './find.ts';
import { findRun } from './find-run.ts';
import { ownEvents } from './own-events.ts';
import { ownFigures, ownRun } from './own-run.ts';
import { type Page, type PageRequest, Pages, textKey, timeKey } from './page.ts';

/** Everything shown of a run, while it happens and after. */
export interface RunView {
  readonly run: Run;
  readonly jobName: string;
  /** The run that backed up what failed here, or tries to. */
  readonly retriedBy?: string;
  readonly vms: readonly RunVm[];
  readonly steps: readonly RunStep[];
  readonly events: readonly RunEvent[];
  /** Live numbers of what is under way, by flow id: bytes transferred, bytes read and so on. */
  readonly progress: Readonly<Record<string, unknown>>;
  /** Objects on foreign systems that the run has now. */
  readonly openObjects: readonly Pick<LedgerEntry, 'kind' | 'systemId' | 'name' | 'state'>[];
}

export interface ListRuns extends RunFilter {
  readonly job?: string | undefined;
}

const pages = new Pages<readonly [string, string]>('runs', [timeKey, textKey]);

/** A run that ended is told of for so long. */
const endedAwhileMs = 60_000;

export class RunService {
  readonly #deps: BackupDeps;
  readonly #engine: FlowEngine;

  constructor(deps: BackupDeps, engine: FlowEngine) {
    this.#deps = deps;
    this.#engine = engine;
  }

  /** Newest first. `job`: name or id, of a job that there is. */
  async list({ job, ...filter }: ListRuns, request: PageRequest = {}): Promise<Page<RunSummary>> {
    const { store } = this.#deps;
    const [startedAt, id] = pages.after(request) ?? [];
    const after = startedAt !== undefined && id !== undefined ? { startedAt, id } : undefined;
    const jobId = job === undefined ? filter.jobId : findOne('job', await store.jobs.list(), job).id;
    const found = await store.runs.page({ ...filter, jobId }, pages.rows(request), after);
    return pages.page(found, request, (run) => [run.startedAt, run.id]);
  }

  /** `isLimited`: for who is limited to jobs, without what is of other runs and of volumes that may be of others. */
  async show(wanted: string, isLimited = false): Promise<RunView> {
    const { store } = this.#deps;
    const { id } = await findRun(store.runs, wanted);
    const [run, vms, steps, events, open, jobs, retriedBy] = await Promise.all([
      store.runs.get(id),
      store.runVms.list(id),
      store.runLog.steps(id),
      store.runLog.events(id),
      store.ledger.open(id),
      store.jobs.list(),
      store.runs.retryOf(id),
    ]);
    const progress = endedRunStates.includes(run.state) ? {} : await this.#progress(id);
    const view = {
      run,
      jobName: jobs.find((job) => job.id === run.jobId)?.name ?? '',
      ...(retriedBy === undefined ? {} : { retriedBy }),
      vms,
      steps,
      events,
      progress,
      openObjects: open.map(({ kind, systemId, name, state }) => ({ kind, systemId, name, state })),
    };
    if (!isLimited) return view;
    return { ...ownFigures(view, run.plan), run: ownRun(run), events: ownEvents(events) };
  }

  /**
   * Asks a run to end and clean up; it ends by itself soon after, one that had not begun at once. Without effect on
   * an ended run. `isLimited`: answers as `show` does.
   */
  async cancel(wanted: string, isLimited = false): Promise<Run> {
    const { store, clock } = this.#deps;
    const run = await findRun(store.runs, wanted);
    await this.#engine.requestCancel(run.id);
    if (!run.endedAt) await endIfLost({ store, clock, engine: this.#engine }, run);
    const asked = await store.runs.get(run.id);
    return isLimited ? ownRun(asked) : asked;
  }

  /**
   * Every run that goes on or ended a minute ago at most, with a text that differs as soon as something of what `show`
   * gives has changed.
   */
  async marks(): Promise<readonly RunMark[]> {
    const { store, clock } = this.#deps;
    const marks = await store.runMarks.since(clock.now() - endedAwhileMs);
    return Promise.all(
      marks.map(async ({ id, jobId, mark }) => ({
        ...{ id, jobId },
        mark: `${mark} ${JSON.stringify(await this.#progress(id))}`,
      })),
    );
  }

  async #progress(runId: string): Promise<Record<string, unknown>> {
    const flows = await this.#engine.list({ runId, states: ['running'] });
    return Object.fromEntries(
      flows.filter((flow) => flow.progress !== undefined).map((flow) => [flow.id, flow.progress]),
    );
  }
}
