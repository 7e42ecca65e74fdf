import { isError, type Schedule, scheduleDefaults } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { RetryService } from '../services/retry-service.ts';
import type { Run } from '../store/runs.ts';

export interface AutomaticRetriesDeps {
  readonly backup: Pick<BackupDeps, 'store' | 'clock'>;
  readonly retries: Pick<RetryService, 'retryBySchedule'>;
}

/** A run that goes on, nothing to retry, a newer run: another look decides, or none. */
const passing = ['L-RUN-104', 'L-RUN-146', 'L-RUN-147', 'L-RUN-148'] as const;

/**
 * Tries again what runs by a schedule did not back up, as often and as long after as the schedule says. Everything is in
 * the runs themselves: which one makes up for which, how many there were and when the newest ended; so it goes on after
 * the death of a server. MUST be looked for by one server at a time.
 */
export class AutomaticRetries {
  readonly #deps: AutomaticRetriesDeps;

  constructor(deps: AutomaticRetriesDeps) {
    this.#deps = deps;
  }

  async look(): Promise<void> {
    const { store } = this.#deps.backup;
    for (const { id, schedule } of await store.jobs.list()) {
      if (!schedule?.enabled || !schedule.retries) continue;
      const newest = await store.runs.newestBackup(id);
      const run = newest === undefined ? undefined : await store.runs.find(newest);
      if (run && (await this.#isDue(run, schedule))) await this.#retry(run.id);
    }
  }

  async #isDue(run: Run, { retries = 0, retryWaitMs, catchUpMs }: Schedule): Promise<boolean> {
    const { state, endedAt } = run;
    // Who cancels a run wants it to be over.
    if (endedAt === undefined || (state !== 'failed' && state !== 'partly')) return false;
    const waitMs = retryWaitMs ?? scheduleDefaults.retryWaitMs;
    const sinceMs = this.#deps.backup.clock.now() - Date.parse(endedAt);
    // After a time without a server it is as with missed times: the next one of the schedule is nearer.
    if (sinceMs < waitMs || sinceMs > waitMs + Math.max(catchUpMs, waitMs)) return false;
    const before = await this.#before(run, retries);
    return before.length < retries && [run, ...before].at(-1)?.startedBy?.kind === 'schedule';
  }

  /** The runs that it makes up for, newest first; no more than `most`. */
  async #before(run: Run, most: number): Promise<readonly Run[]> {
    const before: Run[] = [];
    for (let at = run; at.retryOf !== undefined && before.length < most; ) {
      at = await this.#deps.backup.store.runs.get(at.retryOf);
      before.push(at);
    }
    return before;
  }

  async #retry(runId: string): Promise<void> {
    try {
      await this.#deps.retries.retryBySchedule(runId);
    } catch (error) {
      if (!passing.some((code) => isError(error, code))) throw error;
    }
  }
}
