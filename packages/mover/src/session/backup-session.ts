import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Clock, isError, type LeewardError, type Randomness, reportOf, type Timer } from '@leeward/core';
import {
  BlobWriter,
  defaultPackBytes,
  flatMasterKeys,
  IndexWriter,
  idBytes,
  loadIndex,
  type OpenOptions,
  openRepository,
  type PackContent,
  type Repository,
  RepositoryLock,
} from '@leeward/repository';
import { type CommitPointOptions, type CommittedPoint, commitPoint } from './commit-point.ts';
import { DiskBackup } from './disk-backup.ts';
import type { DiskBackupOptions, DiskBackupResult } from './disk-backup-options.ts';
import { distrustOf, noteDistrust } from './distrust-note.ts';
import type { SessionContext } from './session-context.ts';
import { WorkerHandle } from './worker-handle.ts';
import { WorkerPool } from './worker-pool.ts';

export interface BackupSessionOptions {
  readonly repository: Pick<OpenOptions, 'path' | 'password' | 'expectedId'>;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Threads of the data path; by default one a core, at most 4. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Target size of packs; 16 MiB by default. */
  readonly packBytes?: number | undefined;
  readonly checkpointEveryMs?: number | undefined;
}

const defaultCheckpointMs = 10_000;
const checkpointPacks = 64;

/**
 * One process writing into one repository: opened once, one index, one shared lock, one pool of workers. Any number
 * of disks at the same time. Nothing is visible before `commitPoint`; after a crash at any moment the repository is
 * sound, and what was stored is used again.
 */
export class BackupSession {
  readonly #context: SessionContext;
  readonly #lock: RepositoryLock;
  readonly #checkpointMs: number;
  /** Index files that could not be read when the session began; what only they knew is stored again. */
  readonly indexDamage: readonly LeewardError[];
  readonly #backups = new Set<DiskBackup>();
  #packsSinceCheckpoint = 0;
  #checkpointing: Promise<void> | undefined;
  #committing: Promise<unknown> = Promise.resolve();
  #timer: Timer | undefined;
  #failure: unknown;

  private constructor(
    context: SessionContext,
    lock: RepositoryLock,
    ms: number,
    damage: readonly LeewardError[],
  ) {
    this.#context = context;
    this.#lock = lock;
    this.#checkpointMs = ms;
    this.indexDamage = damage;
    this.#schedule();
  }

  /**
   * Errors: those of opening (`L-REP-101` to `L-REP-105`, `L-REP-133`) and of a lock that is there already (`L-REP-106`); of one that
   * comes at the same moment everything that the session does next fails. The caller closes it.
   */
  static async open(options: BackupSessionOptions): Promise<BackupSession> {
    // They load their code while the password is turned into a key, which takes as long.
    const workers = Array.from(
      { length: options.workers ?? Math.min(availableParallelism(), 4) },
      () => new WorkerHandle(),
    );
    try {
      return await BackupSession.#open(options, workers);
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.stop(options.clock)));
      throw error;
    }
  }

  static async #open(
    options: BackupSessionOptions,
    workers: readonly WorkerHandle[],
  ): Promise<BackupSession> {
    const { clock, randomness, signal, packBytes = defaultPackBytes } = options;
    const repository = await openRepository({ ...options.repository, clock, randomness });
    const { lock, confirmed: ready } = await RepositoryLock.request(repository, {
      exclusive: false,
      ...(signal ? { signal } : {}),
    });
    try {
      const { index, damage } = await loadIndex(repository, signal);
      const indexWriter = new IndexWriter(repository);
      const blobs = new BlobWriter(repository, index, indexWriter, { packBytes, ready });
      let session: BackupSession | undefined;
      const pool = new WorkerPool({
        clock,
        workers,
        setUp: setUpOf(repository, packBytes),
        ready,
        claim: (ids) => claimAll(ids, (at) => index.claim('data', ids, at)),
        onPack: (pack) => {
          index.addPack(pack);
          indexWriter.add(pack);
          session?.packStored(pack);
        },
      });
      const zeros = new Map<number, Promise<Uint8Array>>();
      const storedZeros = (bytes: number) => {
        const known = zeros.get(bytes) ?? blobs.add('data', new Uint8Array(bytes)).then(({ id }) => id);
        zeros.set(bytes, known);
        return known;
      };
      const checkpoint = async () => session?.checkpoint();
      const shared = { repository, index, indexWriter, blobs, pool, clock, randomness };
      const context = { ...shared, storedZeros, checkpoint };
      session = new BackupSession(context, lock, options.checkpointEveryMs ?? defaultCheckpointMs, damage);
      return session;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  get repository(): Repository {
    return this.#context.repository;
  }

  /** False once the lock was lost or the repository failed: everything further would fail too. */
  get isUsable(): boolean {
    return !this.#lock.lost.aborted && this.#failure === undefined && !this.#context.pool.isBroken;
  }

  /** Stores one disk; nothing references it before `commitPoint`. What it returns is durable, also across crashes. */
  async backupDisk(options: DiskBackupOptions): Promise<DiskBackupResult> {
    const { parent, checkpointFolder } = options;
    const known = parent ? await distrustOf(checkpointFolder, parent) : undefined;
    if (known) return this.#backUpInFull(options, known);
    try {
      return await this.#backUp(options);
    } catch (error) {
      if (!parent || !isError(error, 'L-SRC-115')) throw error;
      await noteDistrust(checkpointFolder, parent, error);
      return this.#backUpInFull(options, error);
    }
  }

  /** What change tracking said is not believed any more: neither what changed nor, with it, the parent. */
  async #backUpInFull(options: DiskBackupOptions, reason: LeewardError): Promise<DiskBackupResult> {
    await options.onFull?.(reason);
    const result = await this.#backUp({
      ...options,
      ...{ changed: 'all', parent: undefined, sample: undefined },
      checkpointFolder: join(options.checkpointFolder, 'full'),
    });
    const fullBecause = reportOf(reason);
    return { ...result, fullBecause, warnings: [fullBecause, ...result.warnings] };
  }

  async #backUp(options: DiskBackupOptions): Promise<DiskBackupResult> {
    this.#throwIfFailed();
    const signals = [this.#lock.lost, ...(options.signal ? [options.signal] : [])];
    const backup = new DiskBackup(this.#context, { ...options, signal: AbortSignal.any(signals) });
    this.#backups.add(backup);
    try {
      return await backup.run();
    } finally {
      this.#backups.delete(backup);
    }
  }

  commitPoint(options: CommitPointOptions): Promise<CommittedPoint> {
    const commit = this.#committing.then(() => {
      this.#throwIfFailed();
      return commitPoint(this.#context, options);
    });
    this.#committing = commit.catch(() => undefined);
    return commit;
  }

  /** Idempotent. Disks under way end with an error. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.checkpoint().catch(() => undefined);
    await this.#context.pool.stop();
    await this.#context.blobs.discard();
    await this.#lock.release();
  }

  /** Makes what is durable now count after a crash. Happens by itself every few seconds and 64 packs. */
  async checkpoint(): Promise<void> {
    await this.#checkpointing;
    this.#throwIfFailed();
    this.#startCheckpoint();
    await this.#checkpointing;
    this.#throwIfFailed();
  }

  packStored(_pack: PackContent): void {
    this.#packsSinceCheckpoint++;
    if (this.#packsSinceCheckpoint >= checkpointPacks) this.#startCheckpoint();
  }

  #throwIfFailed(): void {
    this.#lock.lost.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #schedule(): void {
    this.#timer = this.#context.clock.after(this.#checkpointMs, () => {
      this.#startCheckpoint();
      this.#schedule();
    });
  }

  #startCheckpoint(): void {
    if (this.#checkpointing) return;
    this.#packsSinceCheckpoint = 0;
    this.#checkpointing = this.#checkpoint()
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#checkpointing = undefined;
      });
  }

  /** Packs are durable already; now the index names them, and only then the recipes count on them. */
  async #checkpoint(): Promise<void> {
    const taken = [...this.#backups].flatMap(({ queue }) =>
      queue ? [{ queue, batches: queue.takeDurable() }] : [],
    );
    await this.#context.indexWriter.flush();
    for (const { queue, batches } of taken) await queue.append(batches);
  }
}

function setUpOf(repository: Repository, packBytes: number) {
  const { backend, keys, blockBytes } = repository;
  return { locator: backend.locator, keys: flatMasterKeys(keys), blockBytes, packBytes };
}

function claimAll(ids: Uint8Array, claim: (at: number) => boolean): Uint8Array {
  const wanted = new Uint8Array(ids.length / idBytes);
  for (let block = 0; block < wanted.length; block++) wanted[block] = claim(block * idBytes) ? 1 : 0;
  return wanted;
}
