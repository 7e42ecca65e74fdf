import { LeewardError } from '@leeward/core';
import type { Kysely, Selectable } from 'kysely';
import type { StoreSchema } from './schema.ts';

export interface RegisteredRepository {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** The id in the repository's own config, to notice another repository at the same path. */
  readonly resticId: string;
  readonly secretId: string;
}

export class RepositoryStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  async add(repository: RegisteredRepository): Promise<void> {
    const { id, name, path, resticId, secretId } = repository;
    await this.#db
      .insertInto('repository')
      .values({ id, name, path, restic_id: resticId, secret_id: secretId })
      .execute();
  }

  async list(): Promise<readonly RegisteredRepository[]> {
    return (await this.#db.selectFrom('repository').selectAll().orderBy('name').execute()).map(toRepository);
  }

  async get(id: string): Promise<RegisteredRepository> {
    const row = await this.#db.selectFrom('repository').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new LeewardError('L-CFG-102', { kind: 'repository', name: id });
    return toRepository(row);
  }
}

function toRepository(row: Selectable<StoreSchema['repository']>): RegisteredRepository {
  return { id: row.id, name: row.name, path: row.path, resticId: row.restic_id, secretId: row.secret_id };
}
