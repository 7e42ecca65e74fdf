import { exitCodes } from '../output/exit-codes.ts';
import { Interrupted } from './interrupted.ts';

export interface Interruption {
  /** Aborts, with `Interrupted` as its reason, at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Back to the way signals were before. */
  end(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns the first signal into an orderly end; the second one ends the process at once. */
export function interruption(): Interruption {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitCodes.cancelled);
    controller.abort(new Interrupted());
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    end() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
