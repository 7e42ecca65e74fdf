import {
  type ErrorReport,
  keepsChainOnPrimary,
  keepsChainOnSecondary,
  LeewardError,
  objectKey,
  reportOf,
  type VmPlan,
  vmKey,
} from '@leeward/core';
import { parseColumn } from '../store/json.ts';
import type { RunVmFacts } from '../store/run-vms.ts';
import { freezeVms, freezeVolumes, releaseAndTransfer } from './freeze-group.ts';
import { failVm, type GroupState, liesOn, vmsOnVolume } from './group-state.ts';
import { keptOfVolume, noteHeldVms, noteMoments } from './held-vms.ts';
import { outcomeOf } from './outcome.ts';
import { requireUnmoved } from './release-vm-step.ts';
import { settle } from './settle-step.ts';
import { storageSnapshotDetailSchema, storageSnapshotLedgerId } from './storage-snapshot-detail.ts';

const lookTimeoutMs = 5 * 60_000;

/**
 * A group of a snapshot-only job (R11): VMware snapshots of those VMs that need one, storage snapshots, transfers where a
 * chain on the secondary is asked for; then everything that holds a VM becomes a link of its chain. Nothing is presented
 * and nothing is read.
 */
export async function keepGroup(state: GroupState): Promise<void> {
  await freezeVms(state);
  if (state.vms.size === 0) return;
  await settle(state);
  const name = await freezeVolumes(state);
  if (name === undefined) return;
  await noteMoments(state);
  await releaseAndTransfer(state, name);
  for (const vm of [...state.vms.values()]) await requireKept(state, vm);
  await keepOnPrimary(state);
  await noteHeldVms(state);
  for (const vm of [...state.vms.values()]) await conclude(state, vm);
}

/** A VM without a VMware snapshot must not have moved; one that misses the secondary stays only if its job allows that. */
async function requireKept(state: GroupState, vm: VmPlan): Promise<void> {
  const { deps, context, runId, group } = state;
  const key = vmKey(vm.vm);
  if (vm.freezeOnly) {
    const options = { cancellable: true, timeoutMs: lookTimeoutMs };
    const stayed = await context.step(`${group.id}: ${key} is where it was`, options, (signal) =>
      outcomeOf(async () => {
        await requireUnmoved(await deps.doors.vcenter(vm.vm.vcenterId), vm, signal);
        return null;
      }, signal),
    );
    if (!stayed.ok) return failVm(state, vm, stayed.problem);
  }
  const lost = lostSecondary(state, vm);
  if (!lost) return;
  const { job } = state.plan;
  if (!job.failoverToPrimary || !keepsChainOnPrimary(job)) return failVm(state, vm, lost);
  const details = { vm: vm.name, reason: lost.what };
  if (job.failOnDowngrade) return failVm(state, vm, reportOf(new LeewardError('L-SRC-103', details)));
  await context.step(`${group.id}: ${key} downgraded`, {}, () =>
    deps.store.runLog.event(runId, key, new LeewardError('L-SRC-130', details)),
  );
}

/** Why no storage snapshot of some volume of the VM is on a secondary although the job asks for that. */
function lostSecondary({ plan, group, secondaryProblem }: GroupState, vm: VmPlan): ErrorReport | undefined {
  if (!keepsChainOnSecondary(plan.job)) return undefined;
  const planned = vm.notTaken.find(({ path }) => path === 'secondary')?.reason;
  for (const { volume, relation } of group.volumes.filter((each) => liesOn(vm, each.volume))) {
    const happened = secondaryProblem.get(objectKey(volume));
    if (happened) return happened;
    // Only where the plan found nothing that could be tried.
    if (!relation) return planned ?? reportOf(new LeewardError('L-PLN-204'));
  }
  return undefined;
}

/** What is on the primary and holds a VM stays there as a link, where the job keeps a chain. */
async function keepOnPrimary(state: GroupState): Promise<void> {
  const { deps, context, runId, group, plan } = state;
  if (!keepsChainOnPrimary(plan.job)) return;
  await context.step(`${group.id}: chain on the primary`, {}, async () => {
    for (const { volume, relation, arrayId } of group.volumes) {
      const entry = await deps.store.ledger.get(storageSnapshotLedgerId(runId, group.id, volume));
      if (entry?.state !== 'present' || vmsOnVolume(state, volume).length === 0) continue;
      const detail = parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id);
      const { capabilities } = await deps.doors.array(arrayId);
      const alone = relation === undefined || !capabilities.transferStartsWithSnapshot;
      await deps.store.ledger.mark(entry.id, 'kept', { ...detail, role: 'long-term', alone });
    }
    return null;
  });
}

/** The VM is done: says which storage snapshots hold it. */
async function conclude(state: GroupState, vm: VmPlan): Promise<void> {
  const { deps, context, runId, group } = state;
  const key = vmKey(vm.vm);
  await context.step(`${group.id}: ${key} kept`, {}, async () => {
    const facts = await factsOf(state, vm);
    await deps.store.runVms.put({ runId, vmKey: key, name: vm.name, state: 'success' }, facts);
    return null;
  });
  state.vms.delete(key);
}

async function factsOf(state: GroupState, vm: VmPlan): Promise<RunVmFacts> {
  const volumes = state.group.volumes.filter(({ volume }) => liesOn(vm, volume));
  const kept = (await Promise.all(volumes.map((volume) => keptOfVolume(state, volume)))).flat();
  const held = kept.flatMap(({ detail }) => detail.vms ?? []).find((each) => each.vmKey === vmKey(vm.vm));
  const isOnSecondary = volumes.every(
    ({ relation, volume }) => relation && !state.secondaryProblem.has(objectKey(volume)),
  );
  const relation = volumes.find((each) => each.relation)?.relation;
  return {
    source: isOnSecondary ? 'secondary' : 'primary',
    ...(isOnSecondary && relation
      ? { relation: { kind: relation.kind, policy: relation.policy, secondary: relation.arrayName } }
      : {}),
    ...(held ? { frozenAt: held.frozenAt, consistency: held.consistency } : {}),
    storageSnapshots: kept.map(({ entry, detail, place, arrayName }) => {
      return { name: entry.name, place, arrayName, volumeName: detail.volumeName };
    }),
  };
}
