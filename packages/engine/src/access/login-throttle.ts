import { isIPv6 } from 'node:net';
import { type Clock, LeewardError } from '@leeward/core';

interface Limit {
  /** Failures that cost nothing. */
  readonly free: number;
  readonly longestMs: number;
}

/** Who guesses at one user is slowed down without locking the user out for long; who guesses at many, for longer. */
const limits = {
  user: { free: 5, longestMs: 60_000 },
  address: { free: 20, longestMs: 900_000 },
} as const satisfies Record<string, Limit>;

const firstMs = 1_000;
/** So long after the last failure nothing is remembered. */
const forgottenMs = 3_600_000;
const rememberedAtMost = 10_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
  readonly notBeforeMs: number;
}

export interface LoginAttempt {
  readonly username: string;
  readonly address: string;
}

/** Slows down who tries passwords: the delay doubles with each failure, by user and by address. Memory is bounded. */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #known = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Counts as failed until the function that it gives is called, so that attempts side by side count too. Throws
   * `L-AUT-104` while no attempt is taken; that is no further failure.
   */
  begin({ username, address }: LoginAttempt): () => void {
    const keys = [
      { key: `user ${username.toLowerCase()}`, limit: limits.user },
      { key: `from ${networkOf(address)}`, limit: limits.address },
    ];
    const nowMs = this.#clock.monotonicMs();
    const waitMs = Math.max(...keys.map(({ key }) => (this.#known.get(key)?.notBeforeMs ?? 0) - nowMs));
    if (waitMs > 0) throw new LeewardError('L-AUT-104', { seconds: Math.ceil(waitMs / 1_000) });
    const before = keys.map(({ key }) => this.#known.get(key));
    for (const { key, limit } of keys) this.#count(key, limit, nowMs);
    return () => {
      const [user, from] = keys;
      if (user) this.#known.delete(user.key);
      // Other failures from there stay: one's own account must not buy guesses at those of others.
      if (from) this.#takeBack(from.key, before[1]);
    };
  }

  /** How many users and addresses are remembered. */
  get size(): number {
    return this.#known.size;
  }

  #count(key: string, { free, longestMs }: Limit, nowMs: number): void {
    const known = this.#known.get(key);
    const count = (known && nowMs - known.lastMs < forgottenMs ? known.count : 0) + 1;
    const delayMs = count < free ? 0 : Math.min(longestMs, firstMs * 2 ** Math.min(count - free, 30));
    this.#put(key, { count, lastMs: nowMs, notBeforeMs: nowMs + delayMs });
  }

  #takeBack(key: string, before: Failures | undefined): void {
    const known = this.#known.get(key);
    if (!known || known.count <= 1) this.#known.delete(key);
    else this.#put(key, { ...known, count: known.count - 1, notBeforeMs: before?.notBeforeMs ?? 0 });
  }

  /** The one that was longest without a failure makes room. */
  #put(key: string, failures: Failures): void {
    this.#known.delete(key);
    this.#known.set(key, failures);
    const [oldest] = this.#known.keys();
    if (this.#known.size > rememberedAtMost && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Of IPv6 the /64, all of which one guesser has; of IPv4 the address, also where it comes as IPv6. */
export function networkOf(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped) return mapped;
  const [plain = address] = address.split('%');
  if (!isIPv6(plain)) return address;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const rest = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups(head).length - rest.length);
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
