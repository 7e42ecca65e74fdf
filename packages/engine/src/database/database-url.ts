import { LeewardError } from '@leeward/core';
import pg from 'pg';

/** The oldest PostgreSQL that is supported by its makers at the time of writing. */
const neededMajor = 14;
const connectMs = 15_000;

/**
 * Checks that a database of the administrator's can be used. Throws `L-CFG-206` (not an address), `203`
 * (cannot be reached), `204` (too old). The password never appears in an error.
 */
export async function checkDatabaseUrl(text: string): Promise<void> {
  const host = hostOf(text);
  const client = new pg.Client({ connectionString: text, connectionTimeoutMillis: connectMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const answer = await client.query<{ version: string; number: string }>(
      `select current_setting('server_version') as version, current_setting('server_version_num') as number`,
    );
    const row = answer.rows[0];
    if (Math.floor(Number(row?.number) / 10_000) < neededMajor)
      throw new LeewardError('L-CFG-204', { host, version: row?.version, needed: neededMajor });
  } catch (error) {
    if (error instanceof LeewardError) throw error;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new LeewardError('L-CFG-203', { host, reason }, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function hostOf(text: string): string {
  const invalid = (reason: string) => new LeewardError('L-CFG-206', { reason });
  if (!URL.canParse(text)) throw invalid('it is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw invalid(`it begins with ${url.protocol}`);
  if (url.pathname.length < 2) throw invalid('it names no database');
  return url.searchParams.get('host') ?? url.host;
}
