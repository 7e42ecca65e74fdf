import { LeewardError } from '@leeward/core';
import type { Kysely } from 'kysely';
import type { StoreSchema } from '../store/schema.ts';
import { seal, unseal } from './seal.ts';

/** Passwords of foreign systems and repositories, encrypted at rest. Values leave only through `reveal` and `all`. */
export class SecretStore {
  readonly #db: Kysely<StoreSchema>;
  readonly #key: Buffer;

  constructor(db: Kysely<StoreSchema>, key: Buffer) {
    this.#db = db;
    this.#key = key;
  }

  async put(id: string, plain: string): Promise<void> {
    const sealed = seal(this.#key, id, plain);
    await this.#db
      .insertInto('secret')
      .values({ id, sealed })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ sealed }))
      .execute();
  }

  async reveal(id: string): Promise<string> {
    const row = await this.#db.selectFrom('secret').select('sealed').where('id', '=', id).executeTakeFirst();
    if (!row) throw new LeewardError('L-CFG-114', { id });
    return unseal(this.#key, id, row.sealed);
  }

  /** Every value, for hiding it in texts of others. Never to be shown. */
  async all(): Promise<readonly string[]> {
    const rows = await this.#db.selectFrom('secret').selectAll().execute();
    return rows.map(({ id, sealed }) => unseal(this.#key, id, sealed));
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('secret').where('id', '=', id).execute();
  }
}
