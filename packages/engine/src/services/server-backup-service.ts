import { LeewardError } from '@leeward/core';
import { openRepository } from '@leeward/repository';
import type { Kysely } from 'kysely';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { lastServerBackup, type MadeServerBackup, noteServerBackup } from '../server-backup/last-backup.ts';
import { writeServerBackup } from '../server-backup/write-server-backup.ts';
import type { StoreSchema } from '../store/schema.ts';
import { findOne } from './find.ts';

export interface ServerBackupDeps extends Omit<BackupDeps, 'doors'> {
  readonly db: Kysely<StoreSchema>;
  readonly version: string;
}

export class ServerBackupService {
  readonly #deps: ServerBackupDeps;
  #before: Promise<unknown> = Promise.resolve();

  constructor(deps: ServerBackupDeps) {
    this.#deps = deps;
  }

  /** Into a repository, by name or id; left out: the one of the settings. One after the other. */
  make(wanted?: string, signal?: AbortSignal): Promise<MadeServerBackup> {
    const made = this.#before.then(() => this.#make(wanted, signal));
    this.#before = made.catch(() => undefined);
    return made;
  }

  /** The newest that was made, whether or not it is still in its repository. */
  last(): Promise<MadeServerBackup | null> {
    return lastServerBackup(this.#deps.store);
  }

  /** Makes one where the settings want it and the last one is old enough. */
  async makeDue(signal?: AbortSignal): Promise<void> {
    const { store, clock } = this.#deps;
    const { repositoryId, everyHours } = await store.settings.serverBackup();
    if (repositoryId === null) return;
    const last = await this.last();
    if (last && clock.now() - Date.parse(last.madeAt) < everyHours * 3_600_000) return;
    await this.make(repositoryId, signal);
  }

  async #make(wanted: string | undefined, signal: AbortSignal | undefined): Promise<MadeServerBackup> {
    const { store, db, clock, randomness, version } = this.#deps;
    const { repositoryId, keep } = await store.settings.serverBackup();
    const name = wanted ?? repositoryId;
    if (name === null)
      throw new LeewardError('L-CFG-103', {
        problem: 'no repository is given, and none is in the settings.',
      });
    const registered = findOne('repository', await store.repositories.list(), name);
    const { path, resticId: expectedId, secretId } = registered;
    const password = await store.secrets.reveal(secretId);
    const repository = await openRepository({ path, password, expectedId, clock, randomness });
    const { installationId } = store;
    const written = await writeServerBackup({
      ...{ db, repository, clock, version, installationId, keep, signal },
    });
    const { snapshotId, madeAt, tables, rows, sizeBytes } = written;
    const made = { repository: registered.name, snapshotId, madeAt, tables, rows, sizeBytes };
    await noteServerBackup(store, made);
    return made;
  }
}
