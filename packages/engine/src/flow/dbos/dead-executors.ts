import type { Clock } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import type { FlowLog } from '../flow-log.ts';
import { recoverFlowsOf } from './dbos-internals.ts';
import type { PresenceTiming } from './executor-presence.ts';
import type { FlowTables } from './flow-tables.ts';

interface Sight {
  readonly beat: number | undefined;
  /** Since when the counter has stood still, and how many looks saw it so. */
  readonly sinceMs: number;
  readonly looks: number;
  /** Since when its lock has been seen free, at every look. */
  readonly freeSinceMs: number | undefined;
}

const minLooks = 3;

export interface DeadExecutorsOptions {
  readonly db: Kysely<FlowTables>;
  readonly clock: Clock;
  readonly log: FlowLog;
  readonly executorId: string;
  readonly applicationName: string;
  readonly applicationVersion: string;
  readonly timing: PresenceTiming;
}

/**
 * Finds processes that died with flows in their hands and puts those flows back into their queues. Whoever is
 * thought dead by mistake loses only work: the fence keeps it from its flows. All durations are measured by our
 * own clock between our own looks, so clocks of different machines need not agree.
 */
export class DeadExecutors {
  readonly #options: DeadExecutorsOptions;
  #sights = new Map<string, Sight>();

  constructor(options: DeadExecutorsOptions) {
    this.#options = options;
  }

  /** One look. Forgets what was seen when the database cannot be asked: nobody could show himself either. */
  async check(): Promise<void> {
    try {
      const { executorId, clock } = this.#options;
      const holders = (await this.#holders()).filter((id) => id !== executorId);
      const before = this.#sights;
      this.#sights = new Map();
      for (const id of holders) {
        const sight = await this.#look(id, before.get(id), clock.monotonicMs());
        if (sight) this.#sights.set(id, sight);
      }
    } catch (error) {
      this.#sights.clear();
      throw error;
    }
  }

  async #holders(): Promise<string[]> {
    const { db, applicationName, applicationVersion } = this.#options;
    const rows = await db
      .selectFrom('dbos.workflow_status')
      .select('executor_id')
      .distinct()
      .where('status', '=', 'PENDING')
      .where('application_name', '=', applicationName)
      .where('application_version', '=', applicationVersion)
      .execute();
    return rows.flatMap((row) => row.executor_id ?? []);
  }

  /** Returns what was seen, or nothing once its flows were taken from it. */
  #look(id: string, before: Sight | undefined, atMs: number): Promise<Sight | undefined> {
    const { db, timing } = this.#options;
    return db.transaction().execute(async (tx) => {
      // Held until the end of this transaction, so that the owner of the name cannot come back in between.
      const lock = await sql<{ free: boolean }>`
        select pg_try_advisory_xact_lock(hashtextextended('leeward-executor ' || ${id}, 0)) as free`.execute(
        tx,
      );
      const row = await tx
        .selectFrom('flow.executor')
        .select('beat')
        .where('executor_id', '=', id)
        .executeTakeFirst();
      const unlocked = lock.rows[0]?.free === true;
      const moved = !before || before.beat !== row?.beat;
      const sight: Sight = {
        beat: row?.beat,
        sinceMs: moved ? atMs : before.sinceMs,
        looks: moved ? 1 : before.looks + 1,
        freeSinceMs: unlocked ? (before?.freeSinceMs ?? atMs) : undefined,
      };
      // Several looks: we may have been held up ourselves between two of them.
      const still = sight.looks >= minLooks ? atMs - sight.sinceMs : 0;
      const free = sight.freeSinceMs === undefined ? 0 : atMs - sight.freeSinceMs;
      const gone = Math.min(still, free) >= timing.confirmMs;
      const hung = still >= timing.hungMs;
      if (!gone && !hung) return sight;
      await this.#takeOver(id, gone ? 'gone' : 'hung');
      return undefined;
    });
  }

  async #takeOver(executor: string, why: 'gone' | 'hung'): Promise<void> {
    const flows = await recoverFlowsOf(executor);
    if (flows > 0) this.#options.log.warn('took over the flows of a dead process', { executor, why, flows });
  }
}
