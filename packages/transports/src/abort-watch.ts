/** Who ends early when a signal aborts. */
export interface Abortable {
  aborted(reason: unknown): void;
}

/**
 * Lets any number wait for the same few signals at the cost of one listener for each signal: adding and removing
 * listeners of a signal takes time with their number, and is done for each read.
 */
export class AbortWatch {
  readonly #groups = new Map<AbortSignal, { readonly members: Set<Abortable>; end(): void }>();

  /** `member.aborted` is called once when `signal`, which MUST NOT be aborted yet, aborts before `remove`. */
  add(signal: AbortSignal, member: Abortable): void {
    const group = this.#groups.get(signal);
    if (group) group.members.add(member);
    else this.#watch(signal, member);
  }

  /** Idempotent. */
  remove(signal: AbortSignal, member: Abortable): void {
    const group = this.#groups.get(signal);
    if (!group?.members.delete(member) || group.members.size > 0) return;
    this.#groups.delete(signal);
    group.end();
  }

  #watch(signal: AbortSignal, first: Abortable): void {
    const members = new Set([first]);
    const onAbort = () => {
      this.#groups.delete(signal);
      for (const member of members) member.aborted(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#groups.set(signal, { members, end: () => signal.removeEventListener('abort', onAbort) });
  }
}
