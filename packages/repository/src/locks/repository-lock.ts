import { isError, isoTime, LeewardError, type Timer } from '@leeward/core';
import { type LockFile, lockSchema } from '../format/lock-file.ts';
import { hostIdentity } from '../open/host-identity.ts';
import type { Repository } from '../open/repository.ts';

export const lockStaleMs = 30 * 60_000;
const refreshMs = 5 * 60_000;
/** After so long without a refresh others may soon take the lock for stale: stop before that. */
const lostMs = 25 * 60_000;
const recheckMs = 200;
/** Who merges index files has the repository for himself for moments; who wants to share it waits so long. */
const sharedTries = 25;

export interface LockOptions {
  readonly exclusive: boolean;
  readonly signal?: AbortSignal;
}

export interface RequestedLock {
  readonly lock: RepositoryLock;
  /** The second look found no conflict. Rejects like `acquire`. */
  readonly confirmed: Promise<void>;
}

/**
 * A held lock, refreshed until `release`. `lost` aborts (reason `L-REP-125`) when it could not be refreshed for so
 * long that it no longer protects: whoever writes MUST stop then.
 */
export class RepositoryLock {
  readonly #repository: Repository;
  readonly #exclusive: boolean;
  readonly #lost = new AbortController();
  #name: string;
  #refreshedMs: number;
  #timer: Timer | undefined;
  #refreshing: Promise<void> = Promise.resolve();
  #released = false;

  private constructor(repository: Repository, exclusive: boolean, name: string) {
    this.#repository = repository;
    this.#exclusive = exclusive;
    this.#name = name;
    this.#refreshedMs = repository.tools.clock.monotonicMs();
    this.#schedule();
  }

  /**
   * Takes a shared or exclusive lock: look, write, wait, look again. Throws `L-REP-106`, naming the holder, when
   * another lock conflicts; the caller decides whether to try again. Who only wants a share waits some seconds for an
   * exclusive lock to go. Stale locks do not count and are removed.
   */
  static async acquire(repository: Repository, options: LockOptions): Promise<RepositoryLock> {
    const { lock, confirmed } = await RepositoryLock.request(repository, options);
    await confirmed;
    return lock;
  }

  /**
   * The same without its wait, which the caller uses: the lock file is there, so nobody can begin to prune, and
   * reading is allowed at once. What was read counts, and anything may be written, only after `confirmed`; when that
   * rejects, the lock is gone already.
   */
  static async request(repository: Repository, options: LockOptions): Promise<RequestedLock> {
    await waitForConflicts(repository, options);
    const name = await writeLock(repository, options.exclusive);
    const lock = new RepositoryLock(repository, options.exclusive, name);
    const confirmed = lock.#confirm(options.signal);
    confirmed.catch(() => undefined);
    return { lock, confirmed };
  }

  async #confirm(signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#repository.tools.clock.sleep(recheckMs, signal);
      await refuseConflicts(this.#repository, this.#exclusive, this.#name);
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Idempotent. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    this.#timer?.cancel();
    await this.#refreshing;
    await this.#repository.backend.remove('locks', this.#name);
  }

  #schedule(): void {
    this.#timer = this.#repository.tools.clock.after(refreshMs, () => {
      this.#refreshing = this.#refresh();
    });
  }

  /** The new file is there before the old one goes, so the repository is never unlocked in between. */
  async #refresh(): Promise<void> {
    const { clock } = this.#repository.tools;
    try {
      const old = this.#name;
      this.#name = await writeLock(this.#repository, this.#exclusive);
      this.#refreshedMs = clock.monotonicMs();
      await this.#repository.backend.remove('locks', old);
    } catch {
      if (clock.monotonicMs() - this.#refreshedMs > lostMs) {
        const minutes = Math.round((clock.monotonicMs() - this.#refreshedMs) / 60_000);
        this.#lost.abort(new LeewardError('L-REP-125', { minutes }));
      }
    }
    if (!this.#released && !this.#lost.signal.aborted) this.#schedule();
  }
}

function writeLock(repository: Repository, exclusive: boolean): Promise<string> {
  const lock: LockFile = {
    time: isoTime(repository.tools.clock.now()),
    exclusive,
    ...hostIdentity(),
    pid: process.pid,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
  };
  return repository.saveJson('locks', lock);
}

async function waitForConflicts(repository: Repository, { exclusive, signal }: LockOptions): Promise<void> {
  for (let tries = exclusive ? 1 : sharedTries; ; tries--) {
    try {
      return await refuseConflicts(repository, exclusive);
    } catch (error) {
      if (!isError(error, 'L-REP-106') || tries <= 1) throw error;
      await repository.tools.clock.sleep(recheckMs, signal);
    }
  }
}

async function refuseConflicts(repository: Repository, exclusive: boolean, own?: string): Promise<void> {
  for await (const { name } of repository.backend.list('locks')) {
    const lock = name === own ? undefined : await readLock(repository, name, exclusive);
    if (!lock) continue;
    if (isStale(lock, repository.tools.clock.now())) await repository.backend.remove('locks', name);
    else if (exclusive || lock.exclusive) throw lockedBy(lock);
  }
}

/** A lock that vanished is no lock; one that cannot be read only stops who wants the repository for himself. */
async function readLock(
  repository: Repository,
  name: string,
  exclusive: boolean,
): Promise<LockFile | undefined> {
  try {
    return await repository.loadJson('locks', name, lockSchema);
  } catch (error) {
    if (isError(error, 'L-REP-110')) return undefined;
    if (isError(error, 'L-REP-111') && !exclusive) return undefined;
    throw error;
  }
}

function isStale(lock: LockFile, nowMs: number): boolean {
  if (nowMs - Date.parse(lock.time) > lockStaleMs) return true;
  return lock.pid > 0 && lock.hostname === hostIdentity().hostname && !isAlive(lock.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function lockedBy(lock: LockFile): LeewardError {
  return new LeewardError('L-REP-106', {
    lockKind: lock.exclusive ? 'exclusively' : 'shared',
    holder: `${lock.username || 'unknown'}@${lock.hostname || 'unknown'} (process ${lock.pid})`,
    since: lock.time,
  });
}
