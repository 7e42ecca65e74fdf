import { isoTime, LeewardError } from '@leeward/core';
import { type Role, roles } from '@leeward/core/access/role';
import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

export const roleSchema = z.enum(roles);

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly signedInAt?: string;
}

export interface NewUser extends Omit<User, 'signedInAt' | 'disabled'> {
  readonly passwordHash: string;
}

export interface UserChanges {
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly passwordHash?: string | undefined;
}

/** Users, of whom one administrator who can sign in always stays once there is one. */
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
  async byName(name: string): Promise<{ readonly user: User; readonly passwordHash: string } | undefined> {
    const row = await this.#db
      .selectFrom('app_user')
      .selectAll()
      .where(sql`lower(name)`, '=', name.toLowerCase())
      .executeTakeFirst();
    return row && { user: userOf(row), passwordHash: row.password_hash };
  }

  /** `onlyFirst`: nothing is done, and the answer is false, where there is an administrator already. */
  async add(user: NewUser, { onlyFirst = false } = {}): Promise<boolean> {
    return this.#alone(async (db) => {
      if (onlyFirst && (await administrators(db)).length > 0) return false;
      const { id, name, role, passwordHash, createdAt } = user;
      const same = await db
        .selectFrom('app_user')
        .select('id')
        .where(sql`lower(name)`, '=', name.toLowerCase())
        .executeTakeFirst();
      if (same) throw new LeewardError('L-CFG-101', { kind: 'user', name });
      await db
        .insertInto('app_user')
        .values({ id, name, role, password_hash: passwordHash, disabled: false, created_at: createdAt })
        .execute();
      return true;
    });
  }

  /** A new password and the loss of the right to sign in end every session. `L-AUT-106`. */
  async change({ id, name }: Pick<User, 'id' | 'name'>, changes: UserChanges): Promise<void> {
    await this.#alone(async (db) => {
      const { role, disabled, passwordHash } = changes;
      if (disabled === true || (role !== undefined && role !== 'administrator'))
        await keepOne(db, { id, name });
      await db
        .updateTable('app_user')
        .set({
          id,
          ...(role === undefined ? {} : { role }),
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

async function administrators(db: Kysely<StoreSchema>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('app_user')
    .select('id')
    .where('role', '=', 'administrator')
    .where('disabled', '=', false)
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
  readonly disabled: boolean;
  readonly created_at: Date;
  readonly signed_in_at: Date | null;
}

function userOf(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    role: parseColumn(roleSchema, row.role, `the role of ${row.name}`),
    disabled: row.disabled,
    createdAt: row.created_at.toISOString(),
    ...(row.signed_in_at ? { signedInAt: row.signed_in_at.toISOString() } : {}),
  };
}
