import { type Clock, LeewardError, retry } from '@leeward/core';
import pg from 'pg';

/** About a minute and a half: longer than a restart of PostgreSQL or the takeover by its standby. */
const outage = { attempts: 50, firstDelayMs: 50, maxDelayMs: 2_000 };

/** Runs a query that may be repeated, through an outage of the database. */
export function databaseCall<T>(clock: Clock, query: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return retry(clock, { ...outage, signal }, async () => {
    try {
      return await query();
    } catch (error) {
      // An answer of the database about the query itself does not get better by asking again.
      if (error instanceof pg.DatabaseError && !isPassing(error.code))
        throw new LeewardError('L-RUN-103', { message: `database: ${error.message}` }, error);
      throw error;
    }
  });
}

/** Connection trouble (08), rollback for others' sake (40), out of resources (53), shutting down (57). */
function isPassing(code: string | undefined): boolean {
  return code === undefined || /^(08|40|53|57)/.test(code);
}
