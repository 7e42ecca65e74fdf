import { z } from 'zod';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { isHandMade } from '../backup/chain-state.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { endedRunStates } from '../store/runs.ts';
import { endLostRuns } from './lost-runs.ts';
import { type OrphanReport, removeOrphansOnArrays, removeOrphanVmwareSnapshots } from './orphans.ts';
import { releaseRun } from './release.ts';

export const janitorReportSchema = z.object({
  /** Runs whose flow had ended without saying so. */
  endedRuns: z.array(z.string()),
  /** Ended runs whose journal had something open. */
  released: z.array(z.string()),
  orphansRemoved: z.array(z.string()),
  /** What could not be looked at or removed, with the reason. */
  problems: z.array(z.string()),
});

export type JanitorReport = z.infer<typeof janitorReportSchema>;

/** `everything`: arrays are looked through in this round, whenever they were the last time. */
const roundSchema = z.object({ everything: z.boolean() }).nullable();
export type JanitorRound = z.infer<typeof roundSchema>;

export interface JanitorDeps extends BackupDeps {
  readonly engine: Pick<FlowEngine, 'get'>;
}

/** Looking through an array costs it a call per volume. */
const arraysEveryMs = 3_600_000;
const nothing: OrphanReport = { removed: [], problems: [] };

/**
 * Rounds of the janitor: brings runs whose flow ended without saying so to a true end, removes what the journal of
 * ended runs still has open, and what carries our mark although its run is over: on vCenter in each round, on
 * arrays in the first round of a process and then once an hour.
 */
export function janitorFlow(deps: JanitorDeps): FlowDefinition<JanitorRound, JanitorReport> {
  let arraysAt = Number.NEGATIVE_INFINITY;
  return {
    name: 'janitor',
    parseInput: (value) => roundSchema.parse(value),
    async run(context, round) {
      const fence = () => context.ensureOwned();
      return context.step('round', {}, async () => {
        const endedRuns = await endLostRuns(deps);
        const released: string[] = [];
        for (const runId of await deps.store.ledger.openRuns())
          if (await isRunOver(deps, runId)) {
            await releaseRun(deps, runId, fence);
            released.push(runId);
          }
        const onVcenters = await removeOrphanVmwareSnapshots(deps, fence);
        const now = deps.clock.monotonicMs();
        const arraysAreDue = round?.everything === true || now - arraysAt >= arraysEveryMs;
        const onArrays = arraysAreDue ? await removeOrphansOnArrays(deps, fence) : nothing;
        if (arraysAreDue) arraysAt = now;
        return {
          endedRuns,
          released,
          orphansRemoved: [...onVcenters.removed, ...onArrays.removed],
          problems: [...onVcenters.problems, ...onArrays.problems],
        };
      });
    },
  };
}

/** What a user has made is in the journal in no time, or its maker is dead. */
const handMadeMs = 15 * 60_000;

/** What such a run still has, nobody works with. */
export async function isRunOver(deps: BackupDeps, runId: string): Promise<boolean> {
  if (isHandMade(runId)) {
    const [first] = await deps.store.ledger.open(runId);
    return first === undefined || deps.clock.now() - Date.parse(first.createdAt) > handMadeMs;
  }
  const { state } = await deps.store.runs.get(runId);
  return endedRunStates.includes(state);
}
