import { isoTime } from '@leeward/core';
import type { JobScope } from '@leeward/core/access/job-scope';
import type { Role } from '@leeward/core/access/role';
import type { Kysely } from 'kysely';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';
import { jobScopeSchema, roleSchema } from './users.ts';

export const sessionIdleMs = 30 * 60_000;
export const sessionLongestMs = 12 * 3_600_000;
/** So precisely is it known when a session was used last; spares a write for each request. */
const seenEveryMs = 60_000;

export interface Session {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly role: Role;
    readonly scope?: JobScope;
  };
  /** When it ends if it is not used any more, in milliseconds since 1970. */
  readonly expiresMs: number;
}

/** Sessions by the hash of their secret. They end when not used for half an hour, and at the latest after twelve. */
export class SessionStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Sweeps away those that have ended too. */
  async add(hash: string, userId: string, nowMs: number): Promise<void> {
    await this.#db
      .deleteFrom('session')
      .where((is) =>
        is.or([
          is('expires_at', '<=', new Date(nowMs)),
          is('seen_at', '<=', new Date(nowMs - sessionIdleMs)),
        ]),
      )
      .execute();
    const now = isoTime(nowMs);
    await this.#db
      .insertInto('session')
      .values({
        ...{ hash, user_id: userId, created_at: now, seen_at: now },
        expires_at: isoTime(nowMs + sessionLongestMs),
      })
      .execute();
  }

  /** The session, used now; undefined where there is none, where it has ended, and where its user is disabled. */
  async use(hash: string, nowMs: number): Promise<Session | undefined> {
    const row = await this.#db
      .selectFrom('session')
      .innerJoin('app_user', 'app_user.id', 'session.user_id')
      .select([
        'app_user.id',
        'app_user.name',
        'app_user.role',
        'app_user.scope',
        'session.seen_at',
        'session.expires_at',
      ])
      .where('session.hash', '=', hash)
      .where('app_user.disabled', '=', false)
      .where('session.expires_at', '>', new Date(nowMs))
      .where('session.seen_at', '>', new Date(nowMs - sessionIdleMs))
      .executeTakeFirst();
    if (!row) return undefined;
    if (nowMs - row.seen_at.getTime() > seenEveryMs)
      await this.#db
        .updateTable('session')
        .set({ seen_at: isoTime(nowMs) })
        .where('hash', '=', hash)
        .execute();
    const role = parseColumn(roleSchema, row.role, `the role of ${row.name}`);
    return {
      user: {
        ...{ id: row.id, name: row.name, role },
        ...(row.scope ? { scope: parseColumn(jobScopeSchema, row.scope, `the scope of ${row.name}`) } : {}),
      },
      expiresMs: Math.min(row.expires_at.getTime(), nowMs + sessionIdleMs),
    };
  }

  /** What has ended already is success. */
  async end(hash: string): Promise<void> {
    await this.#db.deleteFrom('session').where('hash', '=', hash).execute();
  }
}
