import { type Clock, LeewardError } from '@leeward/core';
import pg from 'pg';
import type { FlowLog } from '../flow-log.ts';

export interface PresenceOptions {
  readonly databaseUrl: string;
  readonly executorId: string;
  readonly applicationVersion: string;
  readonly clock: Clock;
  readonly log: FlowLog;
  readonly timing: PresenceTiming;
}

export interface PresenceTiming {
  /** Between two signs of life. */
  readonly beatMs: number;
  /** A process that holds its lock but gives no sign of life for so long counts as dead. */
  readonly hungMs: number;
  /** A lock must be seen free for so long: after a restart of PostgreSQL all processes have to come back first. */
  readonly confirmMs: number;
}

/** The advisory lock of an executor, as an SQL expression of its id. */
export const presenceLock = `hashtextextended('leeward-executor ' || $1, 0)`;

/**
 * Shows the other processes that this one lives: a lock that ends with its connection, and a counter that moves,
 * for the case that the process hangs or its network is gone while the connection stays.
 */
export class ExecutorPresence {
  readonly #options: PresenceOptions;
  readonly #stop = new AbortController();
  #client: pg.Client | undefined;
  #loop: Promise<void> = Promise.resolve();

  private constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /**
   * Takes the name. When another process has it, waits whether that one lives: if it gives a sign of life, throws
   * `L-CFG-208`; if not, its connection is ended and the name taken.
   */
  static async take(options: PresenceOptions): Promise<ExecutorPresence> {
    const presence = new ExecutorPresence(options);
    const client = await presence.#connect();
    try {
      await presence.#lockOrReplace(client);
      await presence.#beat(client);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    presence.#client = client;
    presence.#loop = presence.#live();
    return presence;
  }

  async release(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.#client?.end().catch(() => undefined);
  }

  async #live(): Promise<void> {
    const { clock, timing, log, executorId } = this.#options;
    for (;;) {
      try {
        // Without a connection the others may think us dead: quickly back.
        await clock.sleep(this.#client ? timing.beatMs : Math.min(timing.beatMs, 250), this.#stop.signal);
      } catch {
        return;
      }
      try {
        if (!this.#client) {
          this.#client = await this.#connect();
          // Whoever has the name now has our flows too, and fencing keeps us from them.
          if (!(await this.#tryLock(this.#client)))
            log.error('another process took this name while the database was away', { executorId });
        }
        await this.#beat(this.#client);
      } catch (error) {
        log.warn('no sign of life could be given', { executorId, error: String(error) });
        const lost = this.#client;
        this.#client = undefined;
        await lost?.end().catch(() => undefined);
      }
    }
  }

  async #connect(): Promise<pg.Client> {
    const { databaseUrl, executorId, timing } = this.#options;
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: `leeward presence ${executorId}`,
      connectionTimeoutMillis: 15_000,
      query_timeout: Math.max(timing.hungMs, 5_000),
      keepAlive: true,
    });
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined;
    });
    await client.connect();
    return client;
  }

  async #lockOrReplace(client: pg.Client): Promise<void> {
    const { clock, executorId, timing } = this.#options;
    const before = await this.#beatOf(client);
    const endMs = clock.monotonicMs() + timing.hungMs;
    for (;;) {
      if (await this.#tryLock(client)) return;
      if ((await this.#beatOf(client)) !== before)
        throw new LeewardError('L-CFG-208', { executor: executorId });
      if (clock.monotonicMs() > endMs) break;
      await clock.sleep(100);
    }
    await client.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
       and (classid::bigint << 32 | objid::bigint) = ${presenceLock} and objsubid = 1 and pid <> pg_backend_pid()`,
      [executorId],
    );
    await clock.sleep(200);
    if (!(await this.#tryLock(client))) throw new LeewardError('L-CFG-208', { executor: executorId });
  }

  async #tryLock(client: pg.Client): Promise<boolean> {
    const text = `select pg_try_advisory_lock(${presenceLock}) as taken`;
    const answer = await client.query<{ taken: boolean }>(text, [this.#options.executorId]);
    return answer.rows[0]?.taken === true;
  }

  async #beatOf(client: pg.Client): Promise<string | undefined> {
    const text = 'select beat::text from flow.executor where executor_id = $1';
    const answer = await client.query<{ beat: string }>(text, [this.#options.executorId]);
    return answer.rows[0]?.beat;
  }

  async #beat(client: pg.Client): Promise<void> {
    const { executorId, applicationVersion } = this.#options;
    await client.query(
      `insert into flow.executor (executor_id, beat, application_version) values ($1, 1, $2)
       on conflict (executor_id) do update
       set beat = executor.beat + 1, application_version = excluded.application_version, seen_at = now()`,
      [executorId, applicationVersion],
    );
  }
}
