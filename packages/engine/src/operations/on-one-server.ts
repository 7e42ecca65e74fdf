import { type Kysely, sql } from 'kysely';

/**
 * Does `work` unless another server on the same database is at it now; says whether it did. The right to it ends with the
 * connection that holds it, so nobody waits for a server that died. `work` MUST look anew whether there is something to do:
 * another server may just have done it.
 */
export async function onOneServer<Tables>(
  db: Kysely<Tables>,
  name: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const key = sql`hashtextextended('leeward-task ' || ${name}, 0)`;
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${key}) as taken`.execute(
      connection,
    );
    if (rows[0]?.taken !== true) return false;
    try {
      await work();
      return true;
    } finally {
      // A connection that broke has let go of it by itself.
      await sql`select pg_advisory_unlock(${key})`.execute(connection).catch(() => undefined);
    }
  });
}
