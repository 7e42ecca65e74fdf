import { type Clock, LeewardError, retry } from '@leeward/core';
import { refusedWith } from './refused.ts';

/** What `ensure` needs to know of the array it asks. */
export interface EnsuringRest {
  readonly clock: Clock;
  readonly host: string;
  /** Codes by which the array says that an object of that name or content exists. */
  readonly existsCodes: ReadonlySet<string>;
}

export interface Ensure<T> {
  /** What shall exist, for errors. */
  readonly object: string;
  /** Looks it up; MUST throw when what it finds is not ours. */
  readonly find: () => Promise<T | undefined>;
  /** Creates it; its answer is not needed. */
  readonly create: () => Promise<unknown>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes sure that exactly one object of ours exists: looks it up, creates it when it is missing, looks it up
 * again. Safe when the answer to the create was lost, since the next attempt finds what it did.
 */
export function ensure<T>(rest: EnsuringRest, { object, find, create, signal }: Ensure<T>): Promise<T> {
  const policy = { attempts: 5, firstDelayMs: 1_000, maxDelayMs: 8_000, signal };
  return retry(rest.clock, policy, async () => {
    const before = await find();
    if (before !== undefined) return before;
    let refused: unknown;
    try {
      await create();
    } catch (error) {
      if (!refusedWith(error, rest.existsCodes)) throw error;
      refused = error;
    }
    const after = await find();
    if (after !== undefined) return after;
    throw (
      refused ?? new LeewardError('L-ARR-017', { host: rest.host, work: `creating ${object}`, timeoutMs: 0 })
    );
  });
}
