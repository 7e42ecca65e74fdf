import type { Limits } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { type Crowded, type PlaceRequest, whyNotYet } from '../places/grant.ts';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';
import { limitsSchema } from './settings.ts';

const holdsSchema = z.record(
  z.string(),
  z.array(z.object({ limit: limitsSchema.keyof(), id: z.string(), name: z.string() })),
);

/**
 * Who has, and who waits for, what serves only so many VMware snapshots at once: over all runs and servers, and kept
 * when a server dies. What a run has is free at the latest when the run has ended.
 */
export class PlaceStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /**
   * Grants the request, or notes it and says why it has to wait; asked again it keeps its place in the queue. Safe to
   * repeat: what was granted stays so.
   */
  async take(wanted: Omit<PlaceRequest, 'granted'>, limits: Limits): Promise<Crowded | undefined> {
    const { id, runId, holds } = wanted;
    return this.#db.transaction().execute(async (db) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('places', 0))`.execute(db);
      await db
        .deleteFrom('place_request')
        .where('run_id', 'in', (of) =>
          of.selectFrom('run').select('id').where('state', 'not in', ['queued', 'running']),
        )
        .execute();
      await db
        .insertInto('place_request')
        .values({ id, run_id: runId, holds: JSON.stringify(holds), granted: false })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const rows = await db
        .selectFrom('place_request')
        .select(['id', 'run_id', 'holds', 'granted'])
        .orderBy('position')
        .execute();
      const requests = rows.map((row): PlaceRequest => {
        const known = parseColumn(holdsSchema, row.holds, `room of run ${row.run_id}`);
        return { id: row.id, runId: row.run_id, holds: known, granted: row.granted };
      });
      const crowded = whyNotYet(requests, id, limits);
      if (!crowded)
        await db.updateTable('place_request').set({ granted: true }).where('id', '=', id).execute();
      return crowded;
    });
  }

  /** Gives back what these VMs of a run have or wait for. */
  async release(runId: string, vmKeys: readonly string[]): Promise<void> {
    await this.#db
      .updateTable('place_request')
      .set({ holds: sql`holds - ${sql.val([...vmKeys])}::text[]` })
      .where('run_id', '=', runId)
      .execute();
    await this.#db
      .deleteFrom('place_request')
      .where('run_id', '=', runId)
      .where(sql<boolean>`holds = '{}'::jsonb`)
      .execute();
  }
}
