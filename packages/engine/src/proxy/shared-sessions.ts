/** What is shared: a backup session, as far as sharing needs to know it. */
export interface Session {
  /** False when everything further would fail. */
  readonly isUsable: boolean;
  close(): Promise<void>;
}

interface Shared<S> {
  readonly session: Promise<S>;
  users: number;
}

/**
 * One backup session for each repository that a proxy writes to, shared by all VMs that are read at the same time:
 * one index and one set of workers and buffers in memory, however many VMs there are. It ends with its last user.
 */
export class SharedSessions<S extends Session> {
  readonly #byRepository = new Map<string, Shared<S>>();

  /** Runs `work` in the session of the repository; `open` makes it where there is none that still works. */
  async use<T>(repositoryId: string, open: () => Promise<S>, work: (session: S) => Promise<T>): Promise<T> {
    const shared = await this.#join(repositoryId, open);
    try {
      return await work(await shared.session);
    } finally {
      await this.#leave(repositoryId, shared);
    }
  }

  async #join(repositoryId: string, open: () => Promise<S>): Promise<Shared<S>> {
    for (;;) {
      const known = this.#byRepository.get(repositoryId);
      if (!known) break;
      const session = await known.session.catch(() => undefined);
      if (session?.isUsable && this.#byRepository.get(repositoryId) === known) {
        known.users++;
        return known;
      }
      // Who is in it ends it; nobody joins any more.
      if (this.#byRepository.get(repositoryId) === known) this.#byRepository.delete(repositoryId);
    }
    const made: Shared<S> = { session: open(), users: 1 };
    made.session.catch(() => undefined);
    this.#byRepository.set(repositoryId, made);
    return made;
  }

  async #leave(repositoryId: string, shared: Shared<S>): Promise<void> {
    shared.users--;
    if (shared.users > 0) return;
    if (this.#byRepository.get(repositoryId) === shared) this.#byRepository.delete(repositoryId);
    const session = await shared.session.catch(() => undefined);
    await session?.close();
  }
}
