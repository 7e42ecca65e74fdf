import { isPermanent } from '../errors/leeward-error.ts';
import type { Clock } from './clock.ts';

export interface RetryPolicy {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
}

/**
 * The only retry loop of the product. Repeats `work` with doubling delays until it succeeds, fails with an
 * error that `isPermanent`, or the attempts are used up; then the last error is thrown. `work` MUST be safe to
 * repeat.
 */
export async function retry<T>(
  clock: Clock,
  policy: RetryPolicy,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    policy.signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      if (policy.signal?.aborted || isPermanent(error) || attempt >= policy.attempts) throw error;
      const delayMs = Math.min(policy.firstDelayMs * 2 ** (attempt - 1), policy.maxDelayMs);
      policy.onRetry?.(error, attempt, delayMs);
      await clock.sleep(delayMs, policy.signal);
    }
  }
}
