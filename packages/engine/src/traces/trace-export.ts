import { type Clock, isoTime } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import type { FlowLog } from '../flow/flow-log.ts';
import type { StoreSchema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { TraceSender } from './trace-sender.ts';

export interface TraceDeps {
  readonly store: Store;
  readonly db: Kysely<StoreSchema>;
  readonly clock: Clock;
  readonly log: FlowLog;
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
}

const noteName = 'tracesSentUntil';
/** What could not be sent for so long is not sent any more. */
const backlogMs = 24 * 3_600_000;
/** Ends may become visible in another order than their times. */
const settledMs = 5_000;
const runsAtOnce = 20;

/** Sends a trace of each run that has ended to a receiver, where one is set. */
export class TraceExport {
  readonly #deps: TraceDeps;
  #isTold = false;

  constructor(deps: TraceDeps) {
    this.#deps = deps;
  }

  /** Sends what has ended since the last time. A receiver that does not answer is no error; it is told once. */
  async send(): Promise<void> {
    const { store, clock, log } = this.#deps;
    const address = await this.#address();
    if (address === undefined) return;
    const now = clock.now();
    const until = await store.settings.note(noteName);
    // Runs before the first time are not sent.
    if (until === undefined) return store.settings.writeNote(noteName, isoTime(now));
    const since = new Date(Math.max(Date.parse(until), now - backlogMs));
    const { rows } = await sql<{ id: string; ended_at: Date }>`
      select id, ended_at from run where ended_at > ${since} and ended_at <= ${new Date(now - settledMs)}
      order by ended_at limit ${runsAtOnce}`.execute(this.#deps.db);
    // Loaded when it is first needed: it is large, and most servers have no receiver.
    const { TraceSender } = await import('./trace-sender.ts');
    const sender = new TraceSender(address === 'environment' ? undefined : address);
    try {
      for (const { id, ended_at } of rows) {
        await this.#sendRun(sender, id);
        await store.settings.writeNote(noteName, ended_at.toISOString());
      }
      this.#isTold = false;
    } catch (error) {
      if (!this.#isTold) log.warn('traces could not be sent; it is tried again', { error: String(error) });
      this.#isTold = true;
    } finally {
      await sender.close();
    }
  }

  async #address(): Promise<string | undefined> {
    const { store, environment } = this.#deps;
    const { otlpEndpoint } = await store.settings.monitoring();
    if (otlpEndpoint !== null) return `${otlpEndpoint.replace(/\/+$/, '')}/v1/traces`;
    const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own } = environment;
    return all || own ? 'environment' : undefined;
  }

  async #sendRun(sender: TraceSender, runId: string): Promise<void> {
    const { store, version } = this.#deps;
    const [run, vms, steps, events, jobs] = await Promise.all([
      store.runs.get(runId),
      store.runVms.list(runId),
      store.runLog.steps(runId),
      store.runLog.events(runId),
      store.jobs.list(),
    ]);
    const jobName = jobs.find(({ id }) => id === run.jobId)?.name ?? '';
    await sender.send(
      { run, jobName, vms, steps, events },
      { version, installationId: store.installationId },
    );
  }
}
