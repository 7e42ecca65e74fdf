import { bounded, LeewardError, retry } from '@leeward/core';
import type { Execution } from './execution.ts';
import type { StepOptions } from './flow.ts';
import { isOwnershipLost } from './flow-errors.ts';
import { type Recorded, recordError, recordValue } from './recorded-value.ts';

/** How long a work that is told to stop may take for it before the flow goes on without it. */
const stopMs = 30_000;

/** Runs the work of a step to its recorded outcome. Throws nothing but `OwnershipLost`. */
export async function runStep<T>(
  execution: Execution,
  name: string,
  options: StepOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Recorded> {
  try {
    return recordValue(await attempts(execution, name, options, work));
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    // Whatever a work throws once the flow is lost is a consequence of that and MUST NOT be recorded.
    execution.lost.throwIfAborted();
    return recordError(error);
  }
}

async function attempts<T>(
  execution: Execution,
  name: string,
  { retry: policy, timeoutMs, cancellable }: StepOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, lost, cancelled } = execution;
  if (cancellable && (await execution.isCancelRequested())) throw new LeewardError('L-RUN-102');
  const signal = cancellable ? AbortSignal.any([lost, cancelled]) : lost;
  const once = () => {
    if (timeoutMs === undefined) return stoppable(execution, signal, work);
    return bounded(clock, { name, timeoutMs, signal: lost }, (bound) =>
      stoppable(execution, cancellable ? AbortSignal.any([bound, cancelled]) : bound, work),
    );
  };
  return policy ? retry(clock, { ...policy, signal }, once) : once();
}

/**
 * Ends at once when the flow is lost. When it is only cancelled, the work is given time to stop, so that the
 * clean-up that follows does not run beside it; a result that it brings nevertheless is kept.
 */
async function stoppable<T>(
  execution: Execution,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, lost } = execution;
  signal.throwIfAborted();
  const running = work(signal);
  execution.track(running);
  const given = Promise.withResolvers<never>();
  const giveUp = () => {
    if (lost.aborted) return given.reject(lost.reason);
    clock.after(stopMs, () => given.reject(signal.reason));
  };
  signal.addEventListener('abort', giveUp, { once: true });
  lost.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([running, given.promise]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', giveUp);
    lost.removeEventListener('abort', giveUp);
  }
}
