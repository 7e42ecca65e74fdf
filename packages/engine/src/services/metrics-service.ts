import { EndedRuns } from '../metrics/ended-runs.ts';
import { readJobs } from '../metrics/job-figures.ts';
import { JobLabels } from '../metrics/job-labels.ts';
import { createMetricSet, type MetricSet } from '../metrics/metric-set.ts';
import { ProcessFigures } from '../metrics/process-figures.ts';
import { readState, type StateDeps } from '../metrics/state-figures.ts';
import { lastServerBackup } from '../server-backup/last-backup.ts';

/** A request that was answered: the route's pattern, never the path that was asked for. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface MetricsDeps extends StateDeps {
  readonly version: string;
}

/** What Prometheus is told. Every server has a registry of its own. */
export class MetricsService {
  readonly #deps: MetricsDeps;
  readonly #metrics: MetricSet = createMetricSet();
  readonly #ended: EndedRuns;
  readonly #process: ProcessFigures;
  #scrape: Promise<string> | undefined;

  constructor(deps: MetricsDeps) {
    this.#deps = deps;
    this.#ended = new EndedRuns(deps.db, this.#metrics);
    this.#process = new ProcessFigures(deps.clock);
    this.#metrics.gauges.build.set({ version: deps.version }, 1);
  }

  /** All metrics in Prometheus' text format 0.0.4. Who asks while others are answered gets the same answer. */
  text(): Promise<string> {
    this.#scrape ??= this.#read().finally(() => {
      this.#scrape = undefined;
    });
    return this.#scrape;
  }

  /** Counts a request to the API. */
  answered({ method, route, status, durationMs }: AnsweredRequest): void {
    this.#metrics.histograms.requestSeconds.observe(
      { method, route, status: `${Math.floor(status / 100)}xx` },
      durationMs / 1_000,
    );
  }

  close(): void {
    this.#process.close();
  }

  async #read(): Promise<string> {
    const { store } = this.#deps;
    const jobs = new JobLabels(await store.jobs.list());
    const { vmLateAfterHours } = await store.settings.monitoring();
    await this.#ended.fold(jobs);
    await readState(this.#deps, this.#metrics, jobs);
    await readJobs(this.#deps, this.#metrics, jobs, vmLateAfterHours * 3_600_000);
    const backup = await lastServerBackup(store);
    if (backup) this.#metrics.gauges.serverBackupAt.set(Date.parse(backup.madeAt) / 1_000);
    this.#process.read(this.#metrics);
    return this.#metrics.registry.metrics();
  }
}
