import type { Kysely, Transaction } from 'kysely';
import { SecretStore } from '../secrets/secret-store.ts';
import type { StoreSchema } from './schema.ts';
import type { SystemSettings } from './systems.ts';

/** A secret by its id; `undefined` removes it. */
export type SecretChanges = Readonly<Record<string, string | undefined>>;

export interface ChangedSystem {
  readonly id: string;
  readonly settings: SystemSettings;
  readonly secrets: SecretChanges;
}

export interface ChangedRepository {
  readonly id: string;
  readonly path: string;
  readonly secrets: SecretChanges;
}

/**
 * Changes of what is registered that concern settings and secrets: both or, after a crash too, neither; an account's
 * name never stands beside another one's password.
 */
export class RegistrationStore {
  readonly #db: Kysely<StoreSchema>;
  readonly #key: Buffer;

  constructor(db: Kysely<StoreSchema>, key: Buffer) {
    this.#db = db;
    this.#key = key;
  }

  async changeSystem({ id, settings, secrets }: ChangedSystem): Promise<void> {
    await this.#together(secrets, async (transaction) => {
      await transaction
        .updateTable('system')
        .set({ settings: JSON.stringify(settings) })
        .where('id', '=', id)
        .execute();
    });
  }

  /** With its cached inventory. What is gone already is success. */
  async removeSystem(id: string, secretIds: readonly string[]): Promise<void> {
    const secrets = Object.fromEntries(secretIds.map((secretId) => [secretId, undefined]));
    await this.#together(secrets, async (transaction) => {
      await transaction.deleteFrom('system').where('id', '=', id).execute();
    });
  }

  async changeRepository({ id, path, secrets }: ChangedRepository): Promise<void> {
    await this.#together(secrets, async (transaction) => {
      await transaction.updateTable('repository').set({ path }).where('id', '=', id).execute();
    });
  }

  /** With what is known of its points; returns how many they were. What is gone already is success. */
  removeRepository(id: string, secretId: string): Promise<number> {
    return this.#together({ [secretId]: undefined }, async (transaction) => {
      const points = await transaction.deleteFrom('point').where('repository_id', '=', id).executeTakeFirst();
      await transaction.deleteFrom('repository').where('id', '=', id).execute();
      return Number(points.numDeletedRows);
    });
  }

  #together<T>(
    secrets: SecretChanges,
    change: (transaction: Transaction<StoreSchema>) => Promise<T>,
  ): Promise<T> {
    return this.#db.transaction().execute(async (transaction) => {
      const store = new SecretStore(transaction, this.#key);
      const result = await change(transaction);
      for (const [secretId, plain] of Object.entries(secrets))
        await (plain === undefined ? store.remove(secretId) : store.put(secretId, plain));
      return result;
    });
  }
}
