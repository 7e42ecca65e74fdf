import { type Clock, isoTime } from '@leeward/core';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { StoreSchema } from './schema.ts';

/** Kinds of foreign objects, in the order in which they are released after a run. */
export const ledgerKinds = ['presentation', 'transfer', 'vmware-snapshot', 'storage-snapshot'] as const;
export type LedgerKind = (typeof ledgerKinds)[number];

/**
 * - `intended`: journaled before the remote call; the object may or may not exist.
 * - `present`: it exists and the run needs it.
 * - `kept`: handed over to a chain; retention removes it, not the end of the run.
 * - `released`: gone.
 */
export type LedgerState = 'intended' | 'present' | 'kept' | 'released';

export interface LedgerEntry {
  /** Deterministic, from run, kind and place. */
  readonly id: string;
  readonly runId: string;
  readonly jobId: string;
  readonly kind: LedgerKind;
  /** The vCenter or array that holds the object. */
  readonly systemId: string;
  readonly name: string;
  readonly state: LedgerState;
  /** What is needed to find and remove it again; checked by who handles the kind. */
  readonly detail: object;
  readonly createdAt: string;
}

/** The journal of intents: every foreign object is written down before it is made (DESIGN.md section 6). */
export class Ledger {
  readonly #db: Kysely<StoreSchema>;
  readonly #clock: Clock;
  readonly #alone = new Map<string, Promise<unknown>>();

  constructor(db: Kysely<StoreSchema>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /**
   * Runs `work` while nothing else of this process runs under the same key: what is in use on a system must not
   * change between looking it up and acting on it.
   */
  async alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#alone.get(key) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.catch(() => undefined);
    this.#alone.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#alone.get(key) === settled) this.#alone.delete(key);
    }
  }

  /** Idempotent: an entry that is there keeps its state, a released one is opened again. */
  async intend(entry: Omit<LedgerEntry, 'state' | 'createdAt'>): Promise<void> {
    const at = isoTime(this.#clock.now());
    const detail = JSON.stringify(entry.detail);
    await this.#db
      .insertInto('ledger')
      .values({
        id: entry.id,
        run_id: entry.runId,
        job_id: entry.jobId,
        kind: entry.kind,
        system_id: entry.systemId,
        name: entry.name,
        state: 'intended',
        detail,
        created_at: at,
        updated_at: at,
      })
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ state: 'intended', detail, updated_at: at })
          .where('ledger.state', '=', 'released'),
      )
      .execute();
  }

  /**
   * Notes what is there already and no entry knows, or one that counts as gone, as kept. Idempotent: another entry that is
   * there stays as it is.
   */
  async adopt(entry: Omit<LedgerEntry, 'state' | 'createdAt'>, madeAt: string): Promise<void> {
    const at = isoTime(this.#clock.now());
    const { id, kind, name } = entry;
    const detail = JSON.stringify(entry.detail);
    await this.#db
      .insertInto('ledger')
      .values({
        ...{ id, kind, name, state: 'kept', detail },
        ...{ run_id: entry.runId, job_id: entry.jobId, system_id: entry.systemId },
        ...{ created_at: Number.isNaN(Date.parse(madeAt)) ? at : madeAt, updated_at: at },
      })
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ state: 'kept', detail, updated_at: at })
          .where('ledger.state', '=', 'released'),
      )
      .execute();
  }

  /** Of another job from now on. */
  async handOver(id: string, jobId: string, detail: object): Promise<void> {
    await this.#db
      .updateTable('ledger')
      .set({
        job_id: jobId,
        detail: JSON.stringify(detail),
        updated_at: isoTime(this.#clock.now()),
      })
      .where('id', '=', id)
      .execute();
  }

  async mark(id: string, state: LedgerState, detail?: object): Promise<void> {
    await this.#db
      .updateTable('ledger')
      .set({
        state,
        updated_at: isoTime(this.#clock.now()),
        ...(detail ? { detail: JSON.stringify(detail) } : {}),
      })
      .where('id', '=', id)
      .execute();
  }

  async get(id: string): Promise<LedgerEntry | undefined> {
    const row = await this.#db.selectFrom('ledger').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toEntry(row);
  }

  /** Entries of a run that still have to be released, in the order of `ledgerKinds`. */
  async open(runId: string): Promise<readonly LedgerEntry[]> {
    const rows = await this.#db
      .selectFrom('ledger')
      .selectAll()
      .where('run_id', '=', runId)
      .where('state', 'in', ['intended', 'present'])
      .orderBy('created_at')
      .execute();
    return rows.map(toEntry).sort((a, b) => ledgerKinds.indexOf(a.kind) - ledgerKinds.indexOf(b.kind));
  }

  /** Runs with open entries; only of `jobIds`. */
  async openRuns(jobIds?: readonly string[]): Promise<readonly string[]> {
    let query = this.#db
      .selectFrom('ledger')
      .select('run_id')
      .distinct()
      .where('state', 'in', ['intended', 'present']);
    if (jobIds !== undefined) query = query.where(sql<boolean>`job_id = any(${[...jobIds]}::text[])`);
    const rows = await query.execute();
    return rows.map((row) => row.run_id);
  }

  /** Open presentations on a system, of all runs: what concurrent runs still need. */
  async activePresentations(systemId: string): Promise<readonly LedgerEntry[]> {
    const rows = await this.#db
      .selectFrom('ledger')
      .selectAll()
      .where('kind', '=', 'presentation')
      .where('system_id', '=', systemId)
      .where('state', 'in', ['intended', 'present'])
      .execute();
    return rows.map(toEntry);
  }

  /** Storage snapshots that are there or may be, whoever needs them, oldest first. */
  async standingStorageSnapshots(): Promise<readonly LedgerEntry[]> {
    const rows = await this.#db
      .selectFrom('ledger')
      .selectAll()
      .where('kind', '=', 'storage-snapshot')
      .where('state', '!=', 'released')
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(toEntry);
  }

  /** Long-lived storage snapshots, oldest first. */
  async kept(jobId?: string): Promise<readonly LedgerEntry[]> {
    let query = this.#db.selectFrom('ledger').selectAll().where('state', '=', 'kept');
    if (jobId !== undefined) query = query.where('job_id', '=', jobId);
    return (await query.orderBy('created_at').orderBy('id').execute()).map(toEntry);
  }
}

function toEntry(row: Selectable<StoreSchema['ledger']>): LedgerEntry {
  return {
    id: row.id,
    runId: row.run_id,
    jobId: row.job_id,
    kind: row.kind as LedgerKind,
    systemId: row.system_id,
    name: row.name,
    state: row.state as LedgerState,
    detail: row.detail,
    createdAt: row.created_at.toISOString(),
  };
}
