import { type Clock, isoTime } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

/** `refused`: nothing was done. `unknown`: begun, and the server ended before it was done. */
export const auditOutcomes = ['done', 'refused', 'failed', 'unknown'] as const;

export type AuditOutcome = (typeof auditOutcomes)[number];

export interface AuditCaller {
  readonly kind: 'local' | 'user' | 'token' | 'nobody' | 'server';
  readonly name: string;
}

export interface AuditBegin {
  readonly caller: AuditCaller;
  /** Where the caller is: an address, or `socket`. */
  readonly address: string;
  /** Method and path of the API. */
  readonly operation: string;
  readonly kind: string;
  /** Name or id of what is changed. */
  readonly object?: string | undefined;
  /** Names of what was given; never what it was. */
  readonly fields: readonly string[];
  /** Without secrets. */
  readonly before?: object | undefined;
}

export interface AuditEnd {
  readonly outcome: Exclude<AuditOutcome, 'unknown'>;
  /** Of an error. */
  readonly code?: string | undefined;
  /** Without secrets. */
  readonly after?: object | undefined;
  /** Where they are known only now. */
  readonly caller?: AuditCaller | undefined;
  readonly object?: string | undefined;
}

export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly caller: AuditCaller;
  readonly address: string;
  readonly operation: string;
  readonly kind: string;
  readonly object?: string;
  readonly fields: readonly string[];
  readonly before?: object;
  readonly after?: object;
  readonly outcome: AuditOutcome;
  readonly code?: string;
}

export interface AuditFilter {
  /** Name of a user or token, or `local`. */
  readonly caller?: string | undefined;
  /** Part of the operation. */
  readonly operation?: string | undefined;
  readonly kind?: string | undefined;
  readonly object?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** ISO times. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const callerKinds = z.enum(['local', 'user', 'token', 'nobody', 'server']);
const outcomeSchema = z.enum(auditOutcomes);
const fieldsSchema = z.array(z.string());

/** Who changed what. An entry is made before the change, and told afterwards how it ended. */
export class AuditStore {
  readonly #db: Kysely<StoreSchema>;
  readonly #clock: Clock;

  constructor(db: Kysely<StoreSchema>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** The id of the entry. */
  async begin({ caller, address, operation, kind, object, fields, before }: AuditBegin): Promise<number> {
    const { id } = await this.#db
      .insertInto('audit')
      .values({
        ...{ at: isoTime(this.#clock.now()), caller_kind: caller.kind, caller: caller.name, address },
        ...{ operation, kind, object: object ?? null, fields: JSON.stringify(fields) },
        before: before ? JSON.stringify(before) : null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  async end(id: number, { outcome, code, after, caller, object }: AuditEnd): Promise<void> {
    await this.#db
      .updateTable('audit')
      .set({
        outcome,
        code: code ?? null,
        after: after ? JSON.stringify(after) : null,
        ...(caller ? { caller_kind: caller.kind, caller: caller.name } : {}),
        ...(object === undefined ? {} : { object }),
      })
      .where('id', '=', id)
      .execute();
  }

  async hasOlder(thanMs: number): Promise<boolean> {
    const query = this.#db.selectFrom('audit').select('id').where('at', '<', new Date(thanMs)).limit(1);
    return (await query.executeTakeFirst()) !== undefined;
  }

  /** At most `limit` of those that are older; returns how many. */
  async removeOlder(thanMs: number, limit: number): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('audit')
      .where('id', 'in', (some) =>
        some.selectFrom('audit').select('id').where('at', '<', new Date(thanMs)).orderBy('at').limit(limit),
      )
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  /** Newest first, only those made before the one of the id `before`; at most `limit`. */
  async list(filter: AuditFilter, limit: number, before?: number): Promise<readonly AuditEntry[]> {
    let query = this.#db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit);
    const { caller, operation, kind, object, outcome, since, until } = filter;
    if (caller !== undefined) query = query.where('caller', '=', caller);
    if (operation !== undefined)
      query = query.where(sql<boolean>`position(lower(${operation}) in lower(operation)) > 0`);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (object !== undefined) query = query.where('object', '=', object);
    if (outcome !== undefined)
      query = query.where(
        'outcome',
        outcome === 'unknown' ? 'is' : '=',
        outcome === 'unknown' ? null : outcome,
      );
    if (since !== undefined) query = query.where('at', '>=', new Date(since));
    if (until !== undefined) query = query.where('at', '<', new Date(until));
    if (before !== undefined) query = query.where('id', '<', before);
    return (await query.execute()).map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      caller: { kind: parseColumn(callerKinds, row.caller_kind, 'a caller'), name: row.caller },
      address: row.address,
      operation: row.operation,
      kind: row.kind,
      ...(row.object === null ? {} : { object: row.object }),
      fields: parseColumn(fieldsSchema, row.fields, 'audited fields'),
      ...(row.before === null ? {} : { before: row.before }),
      ...(row.after === null ? {} : { after: row.after }),
      outcome: parseColumn(outcomeSchema, row.outcome ?? 'unknown', 'an outcome'),
      ...(row.code === null ? {} : { code: row.code }),
    }));
  }
}
