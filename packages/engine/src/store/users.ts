import { isoTime, LeewardError } from '@leeward/core';
import type { JobScope } from '@leeward/core/access/job-scope';
import { type Role, roles } from '@leeward/core/access/role';
import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

export const roleSchema = z.enum(roles);

export const jobScopeSchema = z.object({ jobs: z.array(z.string()) }) satisfies z.ZodType<JobScope>;

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Missing: all jobs. */
  readonly scope?: JobScope;
  /** Signs in with a password kept here, or at a provider of OpenID Connect. */
  readonly signsIn: 'password' | 'provider';
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly signedInAt?: string;
}

export interface NewUser extends Omit<User, 'signedInAt' | 'disabled' | 'signsIn' | 'scope'> {
  readonly scope?: JobScope | undefined;
  /** One of these. */
  readonly passwordHash?: string;
  readonly subject?: string;
}

export interface UserChanges {
  readonly role?: Role | undefined;
  /** `null`: all jobs. */
  readonly scope?: JobScope | null | undefined;
  readonly disabled?: boolean | undefined;
  readonly passwordHash?: string | undefined;
}

/** Users, of whom one administrator with a password who can sign in always stays once there is one. */
export class UserStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  async list(): Promise<readonly User[]> {
    const rows = await this.#db.selectFrom('app_user').selectAll().orderBy('name').execute();
    return rows.map(userOf);
  }

  /** Names differ by more than case. */
  async byName(
    name: string,
  ): Promise<{ readonly user: User; readonly passwordHash: string | undefined } | undefined> {
    const row = await this.#db.selectFrom('app_user').selectAll().where(sameName(name)).executeTakeFirst();
    return row && { user: userOf(row), passwordHash: row.password_hash ?? undefined };
  }

  /** Who signs in at a provider. */
  async bySubject(subject: string): Promise<User | undefined> {
    const query = this.#db.selectFrom('app_user').selectAll().where('subject', '=', subject);
    const row = await query.executeTakeFirst();
    return row && userOf(row);
  }

  /** `onlyFirst`: nothing is done, and the answer is false, where there is an administrator already. */
  async add(user: NewUser, { onlyFirst = false } = {}): Promise<boolean> {
    return this.#alone(async (db) => {
      if (onlyFirst && (await administrators(db)).length > 0) return false;
      const { id, name, role, scope, passwordHash, subject, createdAt } = user;
      const same = await db.selectFrom('app_user').select('id').where(sameName(name)).executeTakeFirst();
      if (same) throw new LeewardError('L-CFG-101', { kind: 'user', name });
      await db
        .insertInto('app_user')
        .values({
          ...{ id, name, role, disabled: false, created_at: createdAt },
          ...{ password_hash: passwordHash ?? null, subject: subject ?? null },
          scope: scope ? JSON.stringify(scope) : null,
        })
        .execute();
      return true;
    });
  }

  /** A new password and the loss of the right to sign in end every session. `L-AUT-106`. */
  async change({ id, name }: Pick<User, 'id' | 'name'>, changes: UserChanges): Promise<void> {
    await this.#alone(async (db) => {
      const { role, scope, disabled, passwordHash } = changes;
      if (disabled === true || (role !== undefined && role !== 'administrator'))
        await keepOne(db, { id, name });
      await db
        .updateTable('app_user')
        .set({
          id,
          ...(role === undefined ? {} : { role }),
          ...(scope === undefined ? {} : { scope: scope && JSON.stringify(scope) }),
          ...(disabled === undefined ? {} : { disabled }),
          ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
        })
        .where('id', '=', id)
        .execute();
      if (passwordHash !== undefined || disabled === true)
        await db.deleteFrom('session').where('user_id', '=', id).execute();
    });
  }

  /** With sessions and tokens. `L-AUT-106`. */
  async remove({ id, name }: Pick<User, 'id' | 'name'>): Promise<void> {
    await this.#alone(async (db) => {
      await keepOne(db, { id, name });
      await db.deleteFrom('app_user').where('id', '=', id).execute();
    });
  }

  async signedIn(id: string, atMs: number): Promise<void> {
    await this.#db
      .updateTable('app_user')
      .set({ signed_in_at: isoTime(atMs) })
      .where('id', '=', id)
      .execute();
  }

  /** What is decided by who else there is, is decided one after the other. */
  #alone<T>(work: (db: Transaction<StoreSchema>) => Promise<T>): Promise<T> {
    return this.#db.transaction().execute(async (db) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('users', 0))`.execute(db);
      return work(db);
    });
  }
}

/** Folded by the database on both sides, as in its unique index: it knows other letters than JavaScript. */
function sameName(name: string) {
  return sql<boolean>`lower(name) = lower(${name})`;
}

async function administrators(db: Kysely<StoreSchema>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('app_user')
    .select('id')
    .where('role', '=', 'administrator')
    .where('disabled', '=', false)
    // A provider may be away, or change its mind.
    .where('password_hash', 'is not', null)
    .execute();
  return rows.map(({ id }) => id);
}

async function keepOne(db: Kysely<StoreSchema>, { id, name }: Pick<User, 'id' | 'name'>): Promise<void> {
  const [only, ...others] = await administrators(db);
  if (only === id && others.length === 0) throw new LeewardError('L-AUT-106', { name });
}

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly scope: object | null;
  readonly subject: string | null;
  readonly disabled: boolean;
  readonly created_at: Date;
  readonly signed_in_at: Date | null;
}

function userOf(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    role: parseColumn(roleSchema, row.role, `the role of ${row.name}`),
    ...(row.scope ? { scope: parseColumn(jobScopeSchema, row.scope, `the scope of ${row.name}`) } : {}),
    signsIn: row.subject === null ? 'password' : 'provider',
    disabled: row.disabled,
    createdAt: row.created_at.toISOString(),
    ...(row.signed_in_at ? { signedInAt: row.signed_in_at.toISOString() } : {}),
  };
}
