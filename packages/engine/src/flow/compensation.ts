import { isOwnershipLost } from './flow-errors.ts';

/** Where a flow says, next to what it creates, how that is undone. */
export interface Cleanup {
  /** Runs when the work has ended, well or badly. */
  always(name: string, undo: () => Promise<void>): void;
  /** Runs only when the work has failed. */
  onFailure(name: string, undo: () => Promise<void>): void;
}

/**
 * Runs `work`, then its clean-ups in reverse order. A clean-up that fails does not keep the others from running;
 * `onFault` gets its error and MUST record it (the ledger entry stays, so the janitor tries again). When the
 * flow is lost, nothing is cleaned up at all: neither after `work` nor after a clean-up that found it out.
 * Throws what `work` threw.
 */
export async function withCleanup<T>(
  work: (cleanup: Cleanup) => Promise<T>,
  onFault: (name: string, error: unknown) => void | Promise<void>,
): Promise<T> {
  const undos: { name: string; undo: () => Promise<void>; onlyFailure: boolean }[] = [];
  const cleanup: Cleanup = {
    always: (name, undo) => undos.push({ name, undo, onlyFailure: false }),
    onFailure: (name, undo) => undos.push({ name, undo, onlyFailure: true }),
  };
  const outcome = await work(cleanup).then(
    (value) => ({ ok: true as const, value }),
    (error: unknown) => ({ ok: false as const, error }),
  );
  if (!outcome.ok && isOwnershipLost(outcome.error)) throw outcome.error;
  for (const { name, undo, onlyFailure } of undos.reverse()) {
    if (onlyFailure && outcome.ok) continue;
    try {
      await undo();
    } catch (error) {
      if (isOwnershipLost(error)) throw error;
      await onFault(name, error);
    }
  }
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}
