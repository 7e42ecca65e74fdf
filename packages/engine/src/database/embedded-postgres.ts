import { readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, LeewardError } from '@leeward/core';
import { makeFolders } from '@leeward/platform/files/make-folders';
import pg from 'pg';
import { embeddedName, lastLine, prepareCluster } from './cluster-folder.ts';
import { clusterProcess } from './cluster-process.ts';
import { claimDataFolder } from './data-folder-owner.ts';
import { choosePostgresIdentity, type PostgresIdentity } from './postgres-identity.ts';
import { findPostgresPrograms } from './postgres-programs.ts';
import { PostgresServer, type ServerPlace } from './postgres-server.ts';
import { sharedSocketFolder, socketFolder, socketPort } from './socket-folder.ts';

export interface EmbeddedOptions {
  /** Made if missing. Holds `postgresql/`, `postgresql.log` and `server.pid`. */
  readonly dataFolder: string;
  readonly clock: Clock;
  /** Called when PostgreSQL has ended by itself for good: it was started again once and ended again soon. */
  readonly onFailed?: ((error: LeewardError) => void) | undefined;
  /** Only for tests: how PostgreSQL is started. */
  readonly identity?: PostgresIdentity | undefined;
}

const goingDownMs = 30_000;
const startMs = 300_000;
const stopMs = 60_000;
const pollMs = 50;
const restartDelayMs = 500;
const calmMs = 60_000;
const maxLogBytes = 16 * 2 ** 20;

/**
 * Starts and guards the PostgreSQL of one data folder. When it ends by itself it is started again once, after a
 * pause; if it then lives for a minute that counts anew. It shuts down by itself when this process dies.
 */
export class EmbeddedPostgres {
  readonly url: string;
  readonly #options: EmbeddedOptions;
  readonly #place: ServerPlace;
  readonly #release: () => Promise<void>;
  #server: PostgresServer;
  #stopping: Promise<void> | undefined;
  #lastRestartMs = Number.NEGATIVE_INFINITY;

  private constructor(
    options: EmbeddedOptions,
    place: ServerPlace,
    release: () => Promise<void>,
    server: PostgresServer,
  ) {
    this.#options = options;
    this.#place = place;
    this.#release = release;
    this.#server = server;
    this.url = urlOf(place.socketFolder, embeddedName);
    void this.#guard();
  }

  /** Throws `L-CFG-201`, `202`, `205`, `207`, `210`. */
  static async start(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
    const { dataFolder, clock } = options;
    await makeFolders(dataFolder, { mode: 0o700 });
    const release = await claimDataFolder(dataFolder);
    try {
      const identity = options.identity ?? (await choosePostgresIdentity(await findPostgresPrograms()));
      const log = join(dataFolder, 'postgresql.log');
      await shorten(log);
      const cluster = await prepareCluster(dataFolder, log, identity);
      const { socketBase } = identity;
      const sockets = socketBase
        ? await sharedSocketFolder(dataFolder, socketBase)
        : await socketFolder(dataFolder);
      await identity.adopt(sockets);
      const command = [...identity.serverPrefix, identity.programs.postgres];
      const place = { command, cluster, socketFolder: sockets, log };
      await waitForPredecessor(clock, dataFolder, cluster);
      const server = await PostgresServer.spawn(place);
      await waitUntilReady(clock, dataFolder, place, server);
      return new EmbeddedPostgres(options, place, release, server);
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** The process number of the server program, for tests and for what is shown to administrators. */
  get pid(): number | undefined {
    return this.#server.pid;
  }

  /** Idempotent. Returns when the server program has ended and the data folder is free. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const late = this.#options.clock.after(stopMs, () => this.#server.kill());
    this.#server.stop();
    await this.#server.ended;
    late.cancel();
    await rm(this.#place.socketFolder, { recursive: true, force: true });
    await this.#release();
  }

  async #guard(): Promise<void> {
    const { clock, dataFolder, onFailed } = this.#options;
    for (;;) {
      const how = await this.#server.ended;
      if (this.#stopping) return;
      const failed = (reason: string) =>
        new LeewardError('L-CFG-202', { folder: dataFolder, reason, log: this.#place.log });
      if (clock.monotonicMs() - this.#lastRestartMs < calmMs) return onFailed?.(failed(`${how}, twice`));
      this.#lastRestartMs = clock.monotonicMs();
      await clock.sleep(restartDelayMs);
      if (this.#stopping) return;
      try {
        // Sessions of the dead server may still hold its shared memory for a moment.
        await waitForPredecessor(clock, dataFolder, this.#place.cluster);
        this.#server = await PostgresServer.spawn(this.#place);
        if (this.#stopping) this.#server.stop();
        await waitUntilReady(clock, dataFolder, this.#place, this.#server);
      } catch (error) {
        if (this.#stopping) return;
        return onFailed?.(error instanceof LeewardError ? error : failed(String(error)));
      }
    }
  }
}

function urlOf(folder: string, database: string): string {
  return `postgresql://${embeddedName}@localhost:${socketPort}/${database}?host=${encodeURIComponent(folder)}`;
}

/** After a kill of the last server its PostgreSQL takes a moment to shut down cleanly. */
async function waitForPredecessor(clock: Clock, folder: string, cluster: string): Promise<void> {
  const endMs = clock.monotonicMs() + goingDownMs;
  for (;;) {
    const pid = await clusterProcess(cluster);
    if (pid === undefined) return;
    if (clock.monotonicMs() > endMs) throw new LeewardError('L-CFG-201', { folder, pid });
    await clock.sleep(pollMs);
  }
}

/** Recovery after a crash may take a while; as long as the program lives it is waited for, up to five minutes. */
async function waitUntilReady(
  clock: Clock,
  folder: string,
  place: ServerPlace,
  server: PostgresServer,
): Promise<void> {
  const endMs = clock.monotonicMs() + startMs;
  let last: unknown;
  while (server.alive && clock.monotonicMs() < endMs) {
    try {
      return await createDatabase(place.socketFolder);
    } catch (error) {
      last = error;
      await clock.sleep(pollMs);
    }
  }
  if (server.alive) {
    server.stop();
    await server.ended;
    throw new LeewardError('L-CFG-202', { folder, reason: 'it does not answer', log: place.log }, last);
  }
  const other = await clusterProcess(place.cluster);
  if (other !== undefined) throw new LeewardError('L-CFG-201', { folder, pid: other });
  const log = await readFile(place.log, 'utf8').catch(() => '');
  const reason = `${await server.ended}; ${lastLine(log.slice(-4000))}`;
  throw new LeewardError('L-CFG-202', { folder, reason, log: place.log });
}

async function createDatabase(folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(folder, 'postgres') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const found = await client.query('select from pg_database where datname = $1', [embeddedName]);
    if (found.rowCount === 0) await client.query(`create database ${embeddedName}`);
  } finally {
    await client.end();
  }
}

async function shorten(log: string): Promise<void> {
  const found = await stat(log).catch(() => undefined);
  if (found && found.size > maxLogBytes) await truncate(log, 0);
}
