import { type Kysely, sql } from 'kysely';
import type { StoreSchema } from '../store/schema.ts';
import type { JobLabels } from './job-labels.ts';
import type { MetricSet } from './metric-set.ts';

/** Runs are folded in bites, so that a long history takes no memory. */
const bite = 200;
/** Ends may become visible in another order than their times. */
const overlapMs = 10 * 60_000;

interface EndedRun {
  readonly id: string;
  readonly job_id: string;
  readonly kind: string;
  readonly state: string;
  readonly ended_at: Date;
  readonly seconds: number;
}

interface VmSums {
  readonly run_id: string;
  readonly state: string;
  readonly source: string;
  readonly vms: number;
  readonly changed: number;
  readonly read: number;
  readonly stored: number;
  readonly source_ms: number;
  readonly proxy_ms: number;
  readonly repository_ms: number;
  readonly longest: number | null;
}

/**
 * Folds what runs that have ended did into counters and histograms, each run once. A new process folds the whole history
 * anew, so the figures are the same after a restart.
 */
export class EndedRuns {
  readonly #db: Kysely<StoreSchema>;
  readonly #metrics: MetricSet;
  /** Folded runs that ended after `#sinceMs`. */
  #folded = new Map<string, number>();
  #sinceMs = 0;

  constructor(db: Kysely<StoreSchema>, metrics: MetricSet) {
    this.#db = db;
    this.#metrics = metrics;
  }

  /** Not to be called while a call is under way. */
  async fold(jobs: JobLabels): Promise<void> {
    const { rows } = await sql<EndedRun>`
      select id, job_id, kind, state, ended_at, extract(epoch from ended_at - started_at)::float8 as seconds
      from run where ended_at >= ${new Date(this.#sinceMs)} order by ended_at`.execute(this.#db);
    const fresh = rows.filter(({ id }) => !this.#folded.has(id));
    for (let at = 0; at < fresh.length; at += bite) {
      const runs = fresh.slice(at, at + bite);
      // Asked before anything is counted: a run is folded whole or not at all.
      const sums = await this.#sumsOf(runs.map(({ id }) => id));
      for (const run of runs) this.#foldRun(run, sums.get(run.id) ?? [], jobs);
    }
    const newest = rows.at(-1)?.ended_at.getTime();
    if (newest !== undefined) this.#forgetBefore(newest - overlapMs);
  }

  async #sumsOf(runIds: readonly string[]): Promise<ReadonlyMap<string, VmSums[]>> {
    const { rows } = await sql<VmSums>`
      select run_id, state, coalesce(facts->>'source', '') as source, count(*)::int as vms,
        coalesce(sum((facts#>>'{bytes,changed}')::float8), 0) as changed,
        coalesce(sum((facts#>>'{bytes,read}')::float8), 0) as read,
        coalesce(sum((facts#>>'{bytes,stored}')::float8), 0) as stored,
        coalesce(sum((facts#>>'{stageTimes,sourceMs}')::float8), 0) as source_ms,
        coalesce(sum((facts#>>'{stageTimes,proxyMs}')::float8), 0) as proxy_ms,
        coalesce(sum((facts#>>'{stageTimes,repositoryMs}')::float8), 0) as repository_ms,
        max(extract(epoch from (facts#>>'{vmwareSnapshot,removedAt}')::timestamptz
          - (facts#>>'{vmwareSnapshot,createdAt}')::timestamptz))::float8 as longest
      from run_vm where run_id = any(${sql.val([...runIds])}::text[])
      group by run_id, state, source`.execute(this.#db);
    const sums = new Map<string, VmSums[]>();
    for (const row of rows) sums.set(row.run_id, [...(sums.get(row.run_id) ?? []), row]);
    return sums;
  }

  #foldRun(run: EndedRun, sums: readonly VmSums[], jobs: JobLabels): void {
    const { counters, histograms } = this.#metrics;
    const { kind, state } = run;
    const job = jobs.of(run.job_id);
    counters.runs.inc({ job, kind, state });
    histograms.runSeconds.observe({ job, kind }, Math.max(0, run.seconds));
    if (kind === 'backup') {
      for (const sum of sums) {
        counters.runVms.inc({ job, state: sum.state, source: sum.source }, sum.vms);
        counters.changedBytes.inc({ job }, sum.changed);
        counters.readBytes.inc({ job }, sum.read);
        counters.storedBytes.inc({ job }, sum.stored);
        counters.stageSeconds.inc({ job, stage: 'source' }, sum.source_ms / 1_000);
        counters.stageSeconds.inc({ job, stage: 'proxy' }, sum.proxy_ms / 1_000);
        counters.stageSeconds.inc({ job, stage: 'repository' }, sum.repository_ms / 1_000);
      }
      const longest = sums.flatMap((sum) => (sum.longest === null ? [] : [Math.max(0, sum.longest)]));
      if (longest.length > 0) histograms.vmwareSnapshotSeconds.observe({ job }, Math.max(...longest));
    }
    this.#folded.set(run.id, run.ended_at.getTime());
  }

  #forgetBefore(sinceMs: number): void {
    this.#sinceMs = Math.max(this.#sinceMs, sinceMs);
    this.#folded = new Map([...this.#folded].filter(([, endedMs]) => endedMs >= this.#sinceMs));
  }
}
