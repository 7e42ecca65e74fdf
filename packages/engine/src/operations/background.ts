import type { Clock } from '@leeward/core';
import type { FlowLog } from '../flow/flow-log.ts';

/** Something that is looked at now and then; MUST be safe to repeat. */
export interface BackgroundTask {
  readonly name: string;
  readonly everyMs: number;
  readonly look: (signal: AbortSignal) => Promise<void>;
}

/** Runs tasks side by side until `signal` aborts; what fails is told and done another time. */
export async function inBackground(
  tasks: readonly BackgroundTask[],
  { clock, log }: { readonly clock: Clock; readonly log: FlowLog },
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    tasks.map(async ({ name, everyMs, look }) => {
      while (!signal.aborted) {
        await look(signal).catch((error: unknown) => {
          if (!signal.aborted) log.warn(`${name} failed; it is done another time`, { error: String(error) });
        });
        await clock.sleep(everyMs, signal).catch(() => undefined);
      }
    }),
  );
}
