import { isoTime, LeewardError } from '@leeward/core';
import type { JobScope } from '@leeward/core/access/job-scope';
import type { Role } from '@leeward/core/access/role';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';
import { jobScopeSchema, roleSchema } from './users.ts';

const scopesSchema = z.array(jobScopeSchema);

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly readOnly: boolean;
  /** Of its own, beside that of its owner; all of them hold. Missing: none. */
  readonly scopes?: readonly JobScope[];
  /** Missing: made by the owner of the data folder. */
  readonly owner?: {
    readonly id: string;
    readonly name: string;
    readonly role: Role;
    readonly scope?: JobScope;
  };
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly usedAt?: string;
}

export interface NewApiToken extends Pick<ApiToken, 'id' | 'name' | 'role' | 'readOnly' | 'createdAt'> {
  readonly hash: string;
  readonly scopes: readonly JobScope[];
  readonly ownerId: string | undefined;
  readonly expiresAt: string;
}

/** So precisely is it known when a token was used last; spares a write for each request. */
const usedEveryMs = 60_000;

/** API tokens by the hash of their secret. */
export class ApiTokenStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Also those that have expired. */
  async list(): Promise<readonly ApiToken[]> {
    return (await this.#rows().orderBy('api_token.name').execute()).map(tokenOf);
  }

  /** Throws `L-CFG-101` for a name that another one has. */
  async add({ ownerId, readOnly, scopes, createdAt, expiresAt, ...token }: NewApiToken): Promise<void> {
    const { numInsertedOrUpdatedRows: added } = await this.#db
      .insertInto('api_token')
      .values({
        ...token,
        scopes: scopes.length > 0 ? JSON.stringify(scopes) : null,
        ...{ user_id: ownerId ?? null, read_only: readOnly, created_at: createdAt, expires_at: expiresAt },
      })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow();
    if (added === 0n) throw new LeewardError('L-CFG-101', { kind: 'token', name: token.name });
  }

  /** Undefined where there is none, where it has expired, and where its owner is disabled. */
  async use(hash: string, nowMs: number): Promise<ApiToken | undefined> {
    const row = await this.#rows()
      .where('api_token.hash', '=', hash)
      .where('api_token.expires_at', '>', new Date(nowMs))
      .where((is) => is.or([is('app_user.id', 'is', null), is('app_user.disabled', '=', false)]))
      .executeTakeFirst();
    if (!row) return undefined;
    if (nowMs - (row.used_at?.getTime() ?? 0) > usedEveryMs)
      await this.#db
        .updateTable('api_token')
        .set({ used_at: isoTime(nowMs) })
        .where('hash', '=', hash)
        .execute();
    return tokenOf(row);
  }

  /** What is gone already is success. */
  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('api_token').where('id', '=', id).execute();
  }

  #rows() {
    return this.#db
      .selectFrom('api_token')
      .leftJoin('app_user', 'app_user.id', 'api_token.user_id')
      .selectAll('api_token')
      .select(['app_user.name as owner', 'app_user.role as owner_role', 'app_user.scope as owner_scope']);
  }
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly user_id: string | null;
  readonly role: string;
  readonly read_only: boolean;
  readonly scopes: object | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly owner: string | null;
  readonly owner_role: string | null;
  readonly owner_scope: object | null;
}

function tokenOf(row: TokenRow): ApiToken {
  const role = (value: string) => parseColumn(roleSchema, value, `a role of the token ${row.name}`);
  return {
    id: row.id,
    name: row.name,
    role: role(row.role),
    readOnly: row.read_only,
    ...(row.scopes ? { scopes: parseColumn(scopesSchema, row.scopes, `scopes of ${row.name}`) } : {}),
    ...(row.user_id !== null && row.owner !== null && row.owner_role !== null
      ? {
          owner: {
            ...{ id: row.user_id, name: row.owner, role: role(row.owner_role) },
            ...(row.owner_scope
              ? { scope: parseColumn(jobScopeSchema, row.owner_scope, `the scope of ${row.owner}`) }
              : {}),
          },
        }
      : {}),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.used_at ? { usedAt: row.used_at.toISOString() } : {}),
  };
}
