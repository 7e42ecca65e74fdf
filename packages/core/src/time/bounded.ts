import { LeewardError } from '../errors/leeward-error.ts';
import type { Clock } from './clock.ts';

export interface Bound {
  /** Appears in the error when the bound is reached: what was waited for, in plain words. */
  readonly name: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` under a name, a bound and an abort signal. The signal handed to `work` aborts when the caller
 * aborts or the bound is reached; `work` MUST then stop and clean up. Throws `L-RUN-101` at the bound and the
 * caller's abort reason on abort.
 */
export async function bounded<T>(
  clock: Clock,
  bound: Bound,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  bound.signal?.throwIfAborted();
  const controller = new AbortController();
  const onAbort = () => controller.abort(bound.signal?.reason);
  bound.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = clock.after(bound.timeoutMs, () =>
    controller.abort(new LeewardError('L-RUN-101', { wait: bound.name, timeoutMs: bound.timeoutMs })),
  );
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(controller.signal), aborted]);
  } finally {
    timer.cancel();
    bound.signal?.removeEventListener('abort', onAbort);
  }
}
