import { type GroupPlan, isError, LeewardError, objectKey, type Plan, reportOf, vmKey } from '@leeward/core';
import type { FlowContext } from '../flow/flow.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { releaseRun } from '../janitor/release.ts';
import type { LedgerEntry } from '../store/ledger.ts';
import type { BackupDeps } from './backup-deps.ts';
import { askVms, freezeVms, freezeVolumes, releaseAndTransfer } from './freeze-group.ts';
import type { GroupState } from './group-state.ts';
import { noteHeldVms } from './held-vms.ts';
import { keepGroup } from './keep-group.ts';
import { presentGroup } from './present-group.ts';
import { readGroup } from './read-group.ts';
import { rotateChains } from './rotate-chain.ts';
import { settle } from './settle-step.ts';
import { turnedVms } from './turn-to-standard.ts';

/**
 * One group from VMware snapshots to points (DESIGN.md section 2). Whatever happens, everything that the group
 * made and no chain keeps is removed at the end; only loss of the flow to another process leaves it, since then
 * that process goes on with it. Returns the keys of the VMs that go the standard way from here.
 */
export async function runGroup(
  deps: BackupDeps,
  context: FlowContext,
  runId: string,
  plan: Plan,
  group: GroupPlan,
  work: (state: GroupState) => Promise<void> = plan.job.snapshotOnly ? keepGroup : workThrough,
): Promise<readonly string[]> {
  const planned = plan.vms.filter((vm) => group.vmKeys.includes(vmKey(vm.vm)));
  const state: GroupState = {
    deps,
    context,
    runId,
    plan,
    group,
    planned,
    vms: new Map(planned.map((vm) => [vmKey(vm.vm), vm])),
    frozen: new Map(),
    moments: new Map(),
    bases: new Map(),
    secondaryProblem: new Map(),
    onSecondary: new Map(),
    onPrimary: new Map(),
    onPrimaryVms: new Set(),
    toStandard: new Map(),
  };
  try {
    await work(state);
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    await endUnfinished(state, error);
  }
  await cleanUp(state);
  return turnedVms(state);
}

async function workThrough(state: GroupState): Promise<void> {
  await freezeVms(state);
  await askVms(state);
  if (state.vms.size === 0) return;
  await settle(state);
  const name = await freezeVolumes(state);
  if (name === undefined) return;
  await releaseAndTransfer(state, name);
  await noteHeldVms(state);
  await presentGroup(state, name);
  await readGroup(state, name);
}

/** Cancelled, or an error that no single VM is to blame for. */
async function endUnfinished(state: GroupState, error: unknown): Promise<void> {
  const { deps, context, runId, group } = state;
  const cancelled = isError(error, 'L-RUN-102');
  const problem = cancelled ? reportOf(new LeewardError('L-RUN-102')) : reportOf(error);
  for (const [key, vm] of state.vms)
    await context.step(`${group.id}: ${key} ended`, {}, () =>
      deps.store.runVms.put(
        { runId, vmKey: key, name: vm.name, state: cancelled ? 'cancelled' : 'failed' },
        {},
        problem,
      ),
    );
}

async function cleanUp(state: GroupState): Promise<void> {
  const { deps, context, runId, plan, group } = state;
  const fence = () => context.ensureOwned();
  await context.step(`${group.id}: clean-up`, {}, () =>
    deps.store.runLog.step(runId, group.vmKeys, 'cleanup', async () => {
      await releaseRun(deps, runId, fence, { only: (entry) => belongsTo(entry, group) });
      await deps.store.places.release(runId, group.vmKeys);
    }),
  );
  const silent = new Set<string>();
  for (const volume of group.volumes) {
    const { relation } = volume;
    // Without a relation there are chains of snapshot-only jobs alone.
    if (!relation && !plan.job.snapshotOnly) continue;
    await context.step(`${group.id}: chains of ${objectKey(volume.volume)}`, {}, () =>
      rotateChains(deps, runId, plan, volume, relation, fence, silent),
    );
  }
}

/** Ledger ids name the group, or the VM for VMware snapshots. */
function belongsTo(entry: LedgerEntry, group: GroupPlan): boolean {
  const [, kind, ...place] = entry.id.split('/');
  return kind === 'vmware-snapshot' ? group.vmKeys.includes(place.join('/')) : place[0] === group.id;
}
