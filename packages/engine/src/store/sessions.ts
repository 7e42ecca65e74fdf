import { isError, isoTime } from '@leeward/core';
import type { JobScope } from '@leeward/core/access/job-scope';
import type { Role } from '@leeward/core/access/role';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { seal, unseal } from '../secrets/seal.ts';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';
import { jobScopeSchema, roleSchema } from './users.ts';

export const sessionIdleMs = 30 * 60_000;
export const sessionLongestMs = 12 * 3_600_000;
/** So precisely is it known when a session was used last; spares a write for each request. */
const seenEveryMs = 60_000;

/** Where and how a session that began at a provider ends there too. */
const providerSessionSchema = z.object({
  issuer: z.string(),
  /** The `end_session_endpoint` of the provider when the session began. */
  endpoint: z.string(),
  /** Tells the provider which session is meant, so that it need not ask; missing: too long for an address. */
  idToken: z.string().optional(),
});

export type ProviderSession = z.infer<typeof providerSessionSchema>;

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
  readonly #secretKey: Buffer;

  constructor(db: Kysely<StoreSchema>, secretKey: Buffer) {
    this.#db = db;
    this.#secretKey = secretKey;
  }

  /** Sweeps away those that have ended too. `provider`: where it began. */
  async add(hash: string, userId: string, nowMs: number, provider?: ProviderSession): Promise<void> {
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
        provider: provider ? seal(this.#secretKey, sealId(hash), JSON.stringify(provider)) : null,
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

  /** What has ended already is success. Where it began at a provider: how it ends there. */
  async end(hash: string): Promise<ProviderSession | undefined> {
    const query = this.#db.deleteFrom('session').where('hash', '=', hash).returning('provider');
    const { provider } = (await query.executeTakeFirst()) ?? {};
    if (!provider) return undefined;
    try {
      const plain = unseal(this.#secretKey, sealId(hash), provider);
      return parseColumn(providerSessionSchema, JSON.parse(plain), 'a session at a provider');
    } catch (error) {
      // The key is another one by now. Here the session has ended, and that is what matters.
      if (isError(error, 'L-CFG-113')) return undefined;
      throw error;
    }
  }
}

/** Bound to what is sealed, so that rows cannot be swapped. */
function sealId(hash: string): string {
  return `session/${hash}`;
}
