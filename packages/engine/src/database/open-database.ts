import type { Clock, LeewardError } from '@leeward/core';
import { makeFolders } from '@leeward/platform/files/make-folders';
import { claimDataFolder } from './data-folder-owner.ts';
import { checkDatabaseUrl } from './database-url.ts';
import { EmbeddedPostgres } from './embedded-postgres.ts';

/** A PostgreSQL that answered when it was opened. */
export interface Database {
  /** For `pg`, Kysely and the flow engine. May hold a password: never shown, never logged. */
  readonly url: string;
  readonly kind: 'embedded' | 'external';
  /** After everything that uses it has been closed. Idempotent; leaves an external database alone. */
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://user@host/database`; without it an embedded PostgreSQL in `dataFolder` is started. */
  readonly databaseUrl?: string | undefined;
  readonly dataFolder: string;
  readonly clock: Clock;
  /** The embedded PostgreSQL has ended for good; the process SHOULD end itself with this error. */
  readonly onFailed?: (error: LeewardError) => void;
}

/** Throws `L-CFG-201` to `207`, `210` and `211`, each with what to do. The data folder is ours until `stop`. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl: url, dataFolder, clock, onFailed } = options;
  if (url) {
    await checkDatabaseUrl(url);
    await makeFolders(dataFolder, { mode: 0o700 });
    const release = await claimDataFolder(dataFolder);
    return { url, kind: 'external', stop: release };
  }
  const embedded = await EmbeddedPostgres.start({ dataFolder, clock, onFailed });
  return { url: embedded.url, kind: 'embedded', stop: () => embedded.stop() };
}
