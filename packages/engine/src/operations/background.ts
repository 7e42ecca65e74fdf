import type { Clock } from '@leeward/core';
import type { Kysely } from 'kysely';
import type { FlowLog } from '../flow/flow-log.ts';
import type { StoreSchema } from '../store/schema.ts';
import { onOneServer } from './on-one-server.ts';

/** Something that is looked at now and then; MUST be safe to repeat. */
export interface BackgroundTask {
  readonly name: string;
  readonly everyMs: number;
  /** By one server at a time, where several share the database. */
  readonly isAlone?: true;
  readonly look: (signal: AbortSignal) => Promise<void>;
}

export interface BackgroundTools {
  readonly clock: Clock;
  readonly log: FlowLog;
  readonly db: Kysely<StoreSchema>;
}

/** Runs tasks side by side until `signal` aborts; what fails is told and done another time. */
export async function inBackground(
  tasks: readonly BackgroundTask[],
  { clock, log, db }: BackgroundTools,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    tasks.map(async ({ name, everyMs, isAlone, look }) => {
      const work = () => look(signal);
      while (!signal.aborted) {
        await (isAlone ? onOneServer(db, name, work) : work()).catch((error: unknown) => {
          if (!signal.aborted) log.warn(`${name} failed; it is done another time`, { error: String(error) });
        });
        await clock.sleep(everyMs, signal).catch(() => undefined);
      }
    }),
  );
}
