import {
  type HopPlan,
  LeewardError,
  objectKey,
  type VmPlan,
  type VolumeId,
  vmKey,
  vmwareSnapshotsAtOnce,
} from '@leeward/core';
import type { StepCall } from '../flow/flow.ts';
import { askChanges } from './changed-areas-step.ts';
import { failVm, type GroupState, liesOn, vmsOnVolume } from './group-state.ts';
import { warnOverBudget } from './lifetime-warning.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { takePlaces } from './place-step.ts';
import { lostLater } from './present-group.ts';
import { releaseVm } from './release-vm-step.ts';
import { takeStorageSnapshots } from './storage-snapshot-step.ts';
import { transferToSecondary } from './transfer-step.ts';
import { turnToStandard } from './turn-to-standard.ts';
import { takeVmwareSnapshot } from './vmware-snapshot-step.ts';

/** One half, or both, could not be made. */
const lostSecondary: ReadonlySet<string> = new Set(['L-ARR-204', 'L-ARR-205']);
const vmwareTaskTimeoutMs = 30 * 60_000;

/**
 * VMware snapshots of all VMs of the group, once there is room for all of them at once; a VM whose snapshot fails leaves the
 * group.
 */
export async function freezeVms(state: GroupState): Promise<void> {
  if ([...state.vms.values()].every(({ freezeOnly }) => freezeOnly)) return;
  await takePlaces(state);
  const { deps, context, runId, plan, group } = state;
  const vms = [...state.vms.values()].filter(({ freezeOnly }) => !freezeOnly);
  const outcomes = await context.steps(
    vms.map((vm) => ({
      name: `${group.id}: VMware snapshot of ${vmKey(vm.vm)}`,
      cancellable: true,
      timeoutMs: vmwareTaskTimeoutMs,
      work: (signal: AbortSignal) =>
        outcomeOf(
          () =>
            deps.store.runLog.step(runId, [vmKey(vm.vm)], 'vmware-snap', () =>
              takeVmwareSnapshot(deps, runId, plan, vm, signal),
            ),
          signal,
        ),
    })),
    vmwareSnapshotsAtOnce,
  );
  for (const [at, vm] of vms.entries()) {
    const outcome = outcomes[at];
    if (outcome?.ok) state.frozen.set(vmKey(vm.vm), outcome.value);
    else if (outcome) await failVm(state, vm, outcome.problem);
  }
}

/**
 * The storage snapshot of all volumes. When it fails the VMs go the standard way where their job allows it (R6), but for
 * those that lose a secondary of a synchronous relation thereby (R2); the others fail.
 */
export async function freezeVolumes(state: GroupState): Promise<string | undefined> {
  const { deps, context, runId, plan, group } = state;
  const scopes = [...state.vms.keys()];
  const outcome = await context.step(
    `${group.id}: storage snapshot`,
    { timeoutMs: vmwareTaskTimeoutMs },
    (signal) =>
      outcomeOf(async () => {
        // Not cut off on cancel: an array that got the call makes the storage snapshot, whoever waits for it.
        if (await context.cancelRequested()) throw new LeewardError('L-RUN-102');
        return deps.store.runLog.step(runId, scopes, 'array-snap', () =>
          takeStorageSnapshots(deps, runId, plan, group, signal),
        );
      }, signal),
  );
  if (outcome.ok) return outcome.value;
  const { problem } = outcome;
  const isLost = lostSecondary.has(problem.code);
  for (const vm of [...state.vms.values()])
    if (isLost) await failVm(state, vm, lostLater(vm, problem));
    else await turnToStandard(state, vm, problem);
  return undefined;
}

/** Asks CBT while the VMware snapshots exist; a VM that cannot be asked at all leaves the group. */
export async function askVms(state: GroupState): Promise<void> {
  const { deps, context, runId, plan, group } = state;
  const vms = [...state.vms.values()];
  const outcomes = await context.steps(
    vms.map((vm) => ({
      name: `${group.id}: changed areas of ${vmKey(vm.vm)}`,
      cancellable: true,
      timeoutMs: vmwareTaskTimeoutMs,
      work: (signal: AbortSignal) =>
        outcomeOf(async () => {
          const frozen = state.frozen.get(vmKey(vm.vm));
          if (!frozen) return { incremental: [], fullBecause: {} };
          return deps.store.runLog.step(runId, [vmKey(vm.vm)], 'changed-areas', () =>
            askChanges(deps, runId, vm, frozen, plan.job, signal),
          );
        }, signal),
    })),
    vmwareSnapshotsAtOnce,
  );
  for (const [at, vm] of vms.entries()) {
    const outcome = outcomes[at];
    if (outcome?.ok) state.bases.set(vmKey(vm.vm), outcome.value);
    else if (outcome) await failVm(state, vm, outcome.problem);
  }
}

/**
 * Side by side: removes the VMware snapshots, also those of VMs that failed meanwhile, and transfers the storage
 * snapshots. Neither waits for the other, so that a VMware snapshot's life does not depend on the transfer.
 */
export async function releaseAndTransfer(state: GroupState, storageSnapshotName: string): Promise<void> {
  const { planned } = state;
  // What the array froze along has no VM that could have failed.
  const isNeeded = (volume: VolumeId) =>
    vmsOnVolume(state, volume).length > 0 || !planned.some((vm) => liesOn(vm, volume));
  const transfers = state.group.volumes.filter(
    ({ volume, relation }) => relation?.kind === 'transfer' && isNeeded(volume),
  );
  const outcomes = await state.context.steps<Outcome<null>>([
    ...planned.map((vm) => releaseCall(state, vm)),
    ...transfers.map((volume) => transferCall(state, volume, storageSnapshotName)),
  ]);
  for (const [at, vm] of planned.entries()) {
    const outcome = outcomes[at];
    if (outcome && !outcome.ok && state.vms.has(vmKey(vm.vm))) await failVm(state, vm, outcome.problem);
  }
  for (const [at, { volume }] of transfers.entries()) {
    const outcome = outcomes[planned.length + at];
    if (outcome && !outcome.ok) state.secondaryProblem.set(objectKey(volume), outcome.problem);
  }
}

function releaseCall(state: GroupState, vm: VmPlan): StepCall<Outcome<null>> {
  const { deps, runId, group } = state;
  const key = vmKey(vm.vm);
  const isWanted = state.vms.has(key);
  return {
    name: `${group.id}: removal of the VMware snapshot of ${key}`,
    timeoutMs: vmwareTaskTimeoutMs,
    work: (signal) =>
      outcomeOf(async () => {
        try {
          await releaseVm(deps, runId, vm, isWanted, signal);
        } finally {
          if (!signal.aborted) await deps.store.places.release(runId, [key]);
        }
        await warnOverBudget(deps, runId, vm, state.plan.job);
        return null;
      }, signal),
  };
}

function transferCall(
  state: GroupState,
  volume: GroupState['group']['volumes'][number],
  storageSnapshotName: string,
): StepCall<Outcome<null>> {
  const { deps, context, runId, group, plan } = state;
  const scopes = vmsOnVolume(state, volume.volume).map((vm) => vmKey(vm.vm));
  const { relation } = volume;
  return {
    name: `${group.id}: transfer of ${objectKey(volume.volume)}`,
    cancellable: true,
    work: (signal) =>
      outcomeOf(async () => {
        if (!relation) return null;
        const onBytes = (bytesTransferred: number, { arrayName }: HopPlan) =>
          context.progress({ phase: 'transfer', volume: volume.volumeName, to: arrayName, bytesTransferred });
        await deps.store.runLog.step(runId, scopes, 'transfer', () =>
          transferToSecondary(
            deps,
            { runId, groupId: group.id, plan, volume, relation, storageSnapshotName, onBytes },
            signal,
          ),
        );
        return null;
      }, signal),
  };
}
