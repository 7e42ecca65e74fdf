import { bounded, type Clock } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import { isOnline } from '../proxy/liveness.ts';
import type { StoreSchema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** A part that has to work before runs can be made. Texts tell nothing of the installation. */
export interface ReadyPart {
  readonly name: 'database' | 'flows' | 'proxy';
  readonly ready: boolean;
  readonly problem?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly parts: readonly ReadyPart[];
}

export interface ReadinessDeps {
  readonly store: Store;
  readonly db: Kysely<StoreSchema>;
  readonly clock: Clock;
}

const databaseMs = 3_000;
/** Signs of life of the flow engine come every two seconds. */
const flowsSilentSeconds = 15;
/** Anybody may ask, so the database is asked no more often than that. */
const validMs = 1_000;

/** Whether this server can make runs now: its database answers, its flow engine lives, a proxy is there. */
export class ReadinessService {
  readonly #deps: ReadinessDeps;
  #last: { readonly atMs: number; readonly look: Promise<Readiness> } | undefined;

  constructor(deps: ReadinessDeps) {
    this.#deps = deps;
  }

  /** Never throws. The answer is up to a second old. */
  show(): Promise<Readiness> {
    const nowMs = this.#deps.clock.monotonicMs();
    if (!this.#last || nowMs - this.#last.atMs >= validMs) this.#last = { atMs: nowMs, look: this.#look() };
    return this.#last.look;
  }

  async #look(): Promise<Readiness> {
    const { clock } = this.#deps;
    try {
      const bound = { name: 'the database to answer', timeoutMs: databaseMs };
      const parts = await bounded(clock, bound, () => Promise.all([this.#flows(), this.#proxy()]));
      const all: ReadyPart[] = [{ name: 'database', ready: true }, ...parts];
      return { ready: all.every(({ ready }) => ready), parts: all };
    } catch {
      const unknown = 'not known, since the database does not answer';
      return {
        ready: false,
        parts: [
          { name: 'database', ready: false, problem: 'it does not answer' },
          { name: 'flows', ready: false, problem: unknown },
          { name: 'proxy', ready: false, problem: unknown },
        ],
      };
    }
  }

  async #flows(): Promise<ReadyPart> {
    const { db, store } = this.#deps;
    const { rows } = await sql<{ alive: boolean }>`
      select seen_at > now() - make_interval(secs => ${flowsSilentSeconds}) as alive from flow.executor
      where executor_id = ${`server-${store.installationId}`}`.execute(db);
    if (rows[0]?.alive === true) return { name: 'flows', ready: true };
    return { name: 'flows', ready: false, problem: 'the flow engine of the server gives no sign of life' };
  }

  async #proxy(): Promise<ReadyPart> {
    const { store, clock } = this.#deps;
    const proxies = await store.proxies.list();
    if (proxies.some((proxy) => isOnline(proxy, clock.now()))) return { name: 'proxy', ready: true };
    return { name: 'proxy', ready: false, problem: 'no proxy gives a sign of life' };
  }
}
