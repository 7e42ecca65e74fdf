/** Who ends early when a signal aborts. */
export interface Abortable {
  aborted(reason: unknown): void;
  /** Where it is among those who wait: 0 at first, then set by `AbortWatch` alone. It waits in one watch at a time. */
  watchIndex: number;
}

/** Who waits for one signal. */
interface Group {
  readonly members: Abortable[];
  end(): void;
}

/**
 * Lets any number wait for the same few signals at the cost of one listener for each signal: adding and removing
 * listeners of a signal takes time with their number, and is done for each read.
 */
export class AbortWatch {
  readonly #groups = new Map<AbortSignal, Group>();

  /** `member.aborted` is called once when `signal`, which MUST NOT be aborted yet, aborts before `remove`. */
  add(signal: AbortSignal, member: Abortable): void {
    const { members } = this.#groups.get(signal) ?? this.#watch(signal);
    member.watchIndex = members.length;
    members.push(member);
  }

  /** Idempotent. */
  remove(signal: AbortSignal, member: Abortable): void {
    const group = this.#groups.get(signal);
    if (!group || group.members[member.watchIndex] !== member) return;
    const last = group.members.pop();
    if (last && last !== member) {
      group.members[member.watchIndex] = last;
      last.watchIndex = member.watchIndex;
    }
    if (group.members.length > 0) return;
    this.#groups.delete(signal);
    group.end();
  }

  #watch(signal: AbortSignal): Group {
    const members: Abortable[] = [];
    const onAbort = () => {
      this.#groups.delete(signal);
      for (const member of members) member.aborted(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const group = { members, end: () => signal.removeEventListener('abort', onAbort) };
    this.#groups.set(signal, group);
    return group;
  }
}
