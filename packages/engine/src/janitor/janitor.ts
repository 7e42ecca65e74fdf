import { parseOwnership } from '@leeward/arrays';
import { LeewardError, reportOf } from '@leeward/core';
import { z } from 'zod';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { vmwareSnapshotPrefix } from '../backup/names.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { endedRunStates } from '../store/runs.ts';
import { releaseRun } from './release.ts';

export interface JanitorReport {
  readonly endedRuns: readonly string[];
  readonly released: readonly string[];
  readonly orphansRemoved: readonly string[];
}

export interface JanitorDeps extends BackupDeps {
  readonly engine: Pick<FlowEngine, 'get'>;
}

/**
 * Rounds of the janitor: brings runs whose flow ended without saying so to a true end, removes what the journal
 * of ended runs still has open, and removes VMware snapshots with our mark whose run is over or unknown to this
 * installation's journal. Objects without our mark, or with another installation's, are never touched.
 */
export function janitorFlow(deps: JanitorDeps): FlowDefinition<null, JanitorReport> {
  return {
    name: 'janitor',
    parseInput: (value) => z.null().parse(value),
    async run(context) {
      const fence = () => context.ensureOwned();
      return context.step('round', {}, async () => {
        const endedRuns = await endLostRuns(deps);
        const released: string[] = [];
        for (const runId of await deps.store.ledger.openRuns())
          if (await isOver(deps, runId)) {
            await releaseRun(deps, runId, fence);
            released.push(runId);
          }
        return { endedRuns, released, orphansRemoved: await removeOrphanVmwareSnapshots(deps, fence) };
      });
    },
  };
}

/** A run that is not ended although its flow is: killed by an emergency stop of the engine, or lost. */
async function endLostRuns(deps: JanitorDeps): Promise<readonly string[]> {
  const { store, engine, clock } = deps;
  const ended: string[] = [];
  for (const run of await store.runs.unfinished()) {
    const flow = await engine.get(run.id);
    if (!flow || flow.state === 'queued' || flow.state === 'running') continue;
    const problem = flow.error ?? reportOf(new LeewardError('L-RUN-106', { run: run.id }));
    const state = flow.state === 'cancelled' ? 'cancelled' : 'failed';
    await store.runs.end(run.id, state, new Date(clock.now()).toISOString(), problem);
    ended.push(run.id);
  }
  return ended;
}

async function isOver(deps: JanitorDeps, runId: string): Promise<boolean> {
  const { state } = await deps.store.runs.get(runId);
  return endedRunStates.includes(state);
}

async function removeOrphanVmwareSnapshots(
  deps: JanitorDeps,
  fence: () => Promise<void>,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const system of await deps.store.systems.list('vcenter')) {
    if (system.problem) continue;
    const door = await deps.doors.vcenter(system.id);
    for (const orphan of await door.findVmwareSnapshots(vmwareSnapshotPrefix)) {
      const owner = parseOwnership(orphan.description);
      if (owner?.installationId !== deps.store.installationId) continue;
      const run = (await deps.store.runs.list()).find(({ id }) => id === owner.runId);
      if (run && !endedRunStates.includes(run.state)) continue;
      await fence();
      await door.removeVmwareSnapshot(orphan.vmMoId, orphan.name);
      removed.push(`${orphan.vmMoId}/${orphan.name}`);
    }
  }
  return removed;
}
