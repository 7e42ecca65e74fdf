import { settlePauseOf } from '@leeward/core';
import type { GroupState } from './group-state.ts';

/** Beyond the pause itself, which `work` bounds by its own arithmetic. */
const slackMs = 60_000;

/**
 * Waits until the group's VMware snapshots are as old as the job wants before the storage snapshot of VMs on VMFS is
 * taken: hosts write down meanwhile where the data of the frozen disks lies. What was done since counts. Ends early,
 * with `L-RUN-102`, when the run is cancelled; after a restart it waits for what is left.
 */
export async function settle(state: GroupState): Promise<void> {
  const { deps, context, runId, plan, group } = state;
  const pauseMs = settlePauseOf({ ...plan, vms: [...state.vms.values()] }, group);
  const frozenAtMs = Math.max(...[...state.frozen.values()].map(({ createdAt }) => Date.parse(createdAt)));
  if (pauseMs === 0 || !Number.isFinite(frozenAtMs)) return;
  const name = `${group.id}: settle pause`;
  await context.step(name, { cancellable: true, timeoutMs: pauseMs + slackMs }, async (signal) => {
    const leftMs = Math.min(pauseMs, frozenAtMs + pauseMs - deps.clock.now());
    if (leftMs <= 0) return null;
    await deps.store.runLog.step(runId, [...state.vms.keys()], 'settle', () =>
      deps.clock.sleep(leftMs, signal),
    );
    return null;
  });
}
