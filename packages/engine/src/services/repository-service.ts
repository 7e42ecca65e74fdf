import { bounded, type ErrorReport, LeewardError, reportOf } from '@leeward/core';
import {
  type CheckedPoint,
  checkRepository,
  initRepository,
  type OpenOptions,
  openRepository,
  type RepairedPack,
  repairRepository,
  type TidyReport,
  tidyRepository,
} from '@leeward/repository';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { RepositoryUsage } from '../store/points.ts';
import type { RegisteredRepository } from '../store/repositories.ts';
import { findOne } from './find.ts';
import { type RemovedRepository, removeRepository } from './remove-repository.ts';
import { type RepositoryRescan, rescanRepository } from './rescan-repository.ts';

export interface AddRepository {
  readonly name: string;
  readonly path: string;
  readonly password: string;
}

export interface InitRepository extends AddRepository {
  /** 256 KiB to 4 MiB; 512 KiB by default. */
  readonly blockSizeBytes?: number | undefined;
}

/** What is left out stays as it is. */
export interface EditRepository {
  readonly path?: string | undefined;
  readonly password?: string | undefined;
}

export interface RepositoryCheck {
  readonly ok: boolean;
  readonly problems: readonly ErrorReport[];
  /** Packs with damage, which `repair` takes out. */
  readonly damagedPacks: readonly string[];
  /** Every point, with the paths in it that cannot be restored completely. */
  readonly points: readonly CheckedPoint[];
  readonly packs: number;
  readonly blobs: number;
  readonly bytesRead: number;
  readonly unusedPacks: number;
}

export interface RepositoryRepair {
  readonly packs: readonly RepairedPackView[];
  readonly indexFilesRemoved: number;
  readonly indexFilesWritten: number;
}

export interface RepairedPackView extends Omit<RepairedPack, 'problem'> {
  readonly problem: ErrorReport;
}

const tidyTimeoutMs = 60_000;

/** Repositories: make, register, change, forget, list, rescan, check, repair, tidy. */
export class RepositoryService {
  readonly #deps: BackupDeps;
  #counting: Promise<readonly RepositoryUsage[]> | undefined;

  constructor(deps: BackupDeps) {
    this.#deps = deps;
  }

  /** Makes a new repository and registers it. */
  async init(input: InitRepository): Promise<RegisteredRepository> {
    await this.#requireFreeName(input.name);
    const { path, password, blockSizeBytes } = input;
    const repository = await initRepository({
      path,
      password,
      ...this.#tools(),
      ...(blockSizeBytes === undefined ? {} : { blockBytes: blockSizeBytes }),
    });
    return this.#register(input, repository.id);
  }

  /** Registers a repository that exists, made by Leeward or by stock restic. */
  async add(input: AddRepository): Promise<RegisteredRepository> {
    await this.#requireFreeName(input.name);
    const { path, password } = input;
    const { id } = await openRepository({ path, password, ...this.#tools() });
    const same = (await this.#deps.store.repositories.list()).find(({ resticId }) => resticId === id);
    if (same) throw new LeewardError('L-CFG-104', { kind: 'repository', name: input.name, other: same.name });
    return this.#register(input, id);
  }

  /** Of every repository, also those without points. Who asks while it is being counted gets the same count. */
  usage(): Promise<readonly RepositoryUsage[]> {
    this.#counting ??= this.#count().finally(() => {
      this.#counting = undefined;
    });
    return this.#counting;
  }

  async #count(): Promise<readonly RepositoryUsage[]> {
    const { store } = this.#deps;
    const [repositories, used] = await Promise.all([store.repositories.list(), store.points.usage()]);
    return repositories.map(
      ({ id: repositoryId }) =>
        used.find((each) => each.repositoryId === repositoryId) ?? {
          repositoryId,
          points: 0,
          storedBytes: 0,
        },
    );
  }

  list(): Promise<readonly RegisteredRepository[]> {
    return this.#deps.store.repositories.list();
  }

  async find(wanted: string): Promise<RegisteredRepository> {
    return findOne('repository', await this.list(), wanted);
  }

  /** Where a registered repository is now, and its password. It is opened by them first, and must be the same. */
  async edit(wanted: string, changes: EditRepository): Promise<RegisteredRepository> {
    if (changes.path === undefined && changes.password === undefined)
      throw new LeewardError('L-CFG-103', { problem: 'nothing to change was given.' });
    const { store } = this.#deps;
    const registered = await this.find(wanted);
    const { id, secretId, resticId: expectedId } = registered;
    const path = changes.path ?? registered.path;
    const password = changes.password ?? (await store.secrets.reveal(secretId));
    await openRepository({ path, password, expectedId, ...this.#tools() });
    await store.registrations.changeRepository({ id, path, secrets: { [secretId]: password } });
    return store.repositories.get(id);
  }

  /** Forgets a repository that nobody needs; what is in it stays. Throws `L-CFG-116`. */
  async remove(wanted: string): Promise<RemovedRepository> {
    return removeRepository(this.#deps, await this.find(wanted));
  }

  /** Makes the points that are known those that are there. */
  async rescan(wanted: string, signal?: AbortSignal): Promise<RepositoryRescan> {
    const registered = await this.find(wanted);
    const repository = await openRepository(await this.#opening(registered));
    return rescanRepository(this.#deps.store, registered.id, repository, signal);
  }

  /** Structure, and with `readData` every byte. Damage is a finding, not an error of the call. */
  async check(
    wanted: string,
    options: { readonly readData: boolean },
    signal?: AbortSignal,
  ): Promise<RepositoryCheck> {
    const repository = await openRepository(await this.#opening(await this.find(wanted)));
    const { problems, ...report } = await checkRepository(repository, {
      ...options,
      ...(signal ? { signal } : {}),
    });
    return { ...report, problems: problems.map(({ error }) => reportOf(error)) };
  }

  /**
   * Takes damaged packs out, so that the next runs store again what was lost with them. Reads every pack, or those that
   * are named. Throws `L-REP-106` when there is something to take out while somebody else uses the repository.
   */
  async repair(
    wanted: string,
    { packs }: { readonly packs?: readonly string[] | undefined } = {},
    signal?: AbortSignal,
  ): Promise<RepositoryRepair> {
    const opening = await this.#opening(await this.find(wanted));
    const report = await repairRepository({ ...opening, packs, signal });
    return {
      ...report,
      packs: report.packs.map((pack) => ({ ...pack, problem: reportOf(pack.problem) })),
    };
  }

  /**
   * Removes what crashes left in a repository and merges small index files; quick when there is nothing to do. What
   * cannot be done now (in use, out of reach, full) is done another time and is no error: it concerns no point.
   */
  async tidy(id: string): Promise<TidyReport | undefined> {
    const repository = await this.find(id);
    const { clock } = this.#deps;
    const bound = { name: `repository ${repository.path} to be tidied`, timeoutMs: tidyTimeoutMs };
    const tidy = async (signal: AbortSignal) =>
      tidyRepository({ ...(await this.#opening(repository)), signal });
    return bounded(clock, bound, tidy).catch(() => undefined);
  }

  /** Opens the registered repository and no other that is at its path meanwhile. */
  async #opening({ path, secretId, resticId: expectedId }: RegisteredRepository): Promise<OpenOptions> {
    const password = await this.#deps.store.secrets.reveal(secretId);
    return { path, password, expectedId, ...this.#tools() };
  }

  #tools() {
    const { clock, randomness } = this.#deps;
    return { clock, randomness };
  }

  async #requireFreeName(name: string): Promise<void> {
    if ((await this.list()).some((each) => each.name === name))
      throw new LeewardError('L-CFG-101', { kind: 'repository', name });
  }

  async #register(input: AddRepository, resticId: string): Promise<RegisteredRepository> {
    const { store } = this.#deps;
    const id = resticId.slice(0, 16);
    const secretId = `repository/${id}`;
    await store.secrets.put(secretId, input.password);
    await store.repositories.add({ id, name: input.name, path: input.path, resticId, secretId });
    return store.repositories.get(id);
  }
}
