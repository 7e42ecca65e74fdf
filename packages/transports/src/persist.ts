import { type Clock, isPermanent, retry } from '@leeward/core';

export interface Persistence {
  readonly clock: Clock;
  /** How long after the first failure it is still tried. */
  readonly giveUpAfterMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The error when time is up. */
  gaveUp(last: unknown): Error;
}

const firstDelayMs = 100;
const maxDelayMs = 5_000;

/**
 * Repeats `work` while it fails with errors that may pass, at once the first time, then with growing delays,
 * until `giveUpAfterMs` after the first failure. A fast path in front of `retry`: as long as nothing fails it
 * costs next to nothing. `work` MUST be safe to repeat and MUST NOT throw but reject; it learns how often it
 * failed before.
 */
export function persist<T>(
  persistence: Persistence,
  work: (failures: number, signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  return work(0, persistence.signal).catch((error: unknown) => persistAfter(error, persistence, work));
}

/** As `persist`, once the first try has failed with `first`. */
export async function persistAfter<T>(
  first: unknown,
  { clock, giveUpAfterMs, signal: callers, gaveUp }: Persistence,
  work: (failures: number, signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (callers?.aborted || isPermanent(first)) throw first;
  const deadline = new AbortController();
  const timer = clock.after(giveUpAfterMs, () => deadline.abort());
  const signal = callers ? AbortSignal.any([callers, deadline.signal]) : deadline.signal;
  let last = first;
  try {
    return await retry(
      clock,
      { attempts: Number.POSITIVE_INFINITY, firstDelayMs, maxDelayMs, signal },
      async (attempt) => {
        try {
          return await work(attempt, signal);
        } catch (error) {
          if (!signal.aborted) last = error;
          throw error;
        }
      },
    );
  } catch (error) {
    if (deadline.signal.aborted && !callers?.aborted) throw gaveUp(last);
    throw error;
  } finally {
    timer.cancel();
  }
}
