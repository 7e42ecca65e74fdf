import {
  type AccessProtocol,
  type ErrorReport,
  LeewardError,
  objectKey,
  reportOf,
  sameObject,
  type VmPlan,
  type VolumeId,
  type VolumePlan,
  vmKey,
  volumesOf,
} from '@leeward/core';
import { initiatorNameOf } from '../proxy/initiator-name.ts';
import type { RegisteredProxy } from '../store/proxies.ts';
import {
  accessesOf,
  accessKey,
  failVm,
  type GroupState,
  type Presented,
  vmsOnVolume,
} from './group-state.ts';
import { outcomeOf } from './outcome.ts';
import { presentToProxies } from './present-step.ts';
import { pairOf } from './sync-pair.ts';

const presentTimeoutMs = 10 * 60_000;

/**
 * Lets the proxies reach what the VMs are read from: first each secondary volume; then, for VMs whose secondary
 * cannot be read and only if the job allows it, the primary's storage snapshot (R1). VMs without any path fail, as do
 * those of a synchronous relation whose secondary was detected at the start and is lost now (R2).
 */
export async function presentGroup(state: GroupState, storageSnapshotName: string): Promise<void> {
  for (const volume of state.group.volumes) {
    const { relation, protocols } = volume;
    const key = objectKey(volume.volume);
    if (!relation) continue;
    const target = { arrayId: relation.arrayId, volume: relation.volume };
    for (const protocol of protocols) {
      const isNeeded = vmsOnVolume(state, volume.volume).length > 0;
      if (!isNeeded || state.secondaryProblem.has(key)) continue;
      const presented = await present(state, volume, protocol, target, storageSnapshotName);
      if ('problem' in presented) state.secondaryProblem.set(key, presented.problem);
      else state.onSecondary.set(accessKey(volume.volume, protocol), presented);
    }
  }
  for (const vm of [...state.vms.values()]) await chooseSource(state, vm, storageSnapshotName);
}

async function chooseSource(state: GroupState, vm: VmPlan, storageSnapshotName: string): Promise<void> {
  const paired = coordinatedVolumesOf(state, vm);
  const isReadable = accessesOf(vm).every(({ volume, protocol }) =>
    state.onSecondary.has(accessKey(volume, protocol)),
  );
  const planned = vm.notTaken.find(({ path }) => path === 'secondary')?.reason;
  // What is shown to a proxy that does not reach it cannot be read.
  const isInReach = vm.source === 'secondary' || planned?.code !== 'L-PLN-109';
  // A transfer is tried whatever the plan says (R1); what was seen at the start of a synchronous one decides (R2).
  if (isReadable && isInReach && (vm.source === 'secondary' || paired.length === 0)) return;
  const happened = volumesOf(vm)
    .map((volume) => state.secondaryProblem.get(objectKey(volume)))
    .find((problem) => problem !== undefined);
  const reason = happened ?? planned ?? reportOf(new LeewardError('L-PLN-121'));
  const isLost = paired.some((volume) => state.secondaryProblem.has(objectKey(volume)));
  await turnToPrimary(state, vm, reason, storageSnapshotName, isLost);
}

/** Volumes of a VM that were frozen on both sides of a `sync` relation, as their secondaries were detected. */
export function coordinatedVolumesOf(state: GroupState, vm: VmPlan): readonly VolumeId[] {
  return volumesOf(vm).filter((volume) =>
    state.group.volumes.some((each) => sameObject(each.volume, volume) && pairOf(each) !== undefined),
  );
}

/** Why a VM fails that lost a secondary after it was detected (R2). */
export function lostLater({ name }: VmPlan, { what }: ErrorReport): ErrorReport {
  return reportOf(new LeewardError('L-SRC-118', { vm: name, reason: what }));
}

/**
 * Has the VM read on the primary because of `reason`, if the job allows it. True when it can be read there now; else
 * the VM has failed and left the group.
 * @param isLost a secondary that was detected at the start is lost: no failover, only `finishOnPrimary` goes on
 */
export async function turnToPrimary(
  state: GroupState,
  vm: VmPlan,
  reason: ErrorReport,
  storageSnapshotName: string,
  isLost: boolean,
): Promise<boolean> {
  const fail = async (problem: ErrorReport) => {
    await failVm(state, vm, problem);
    return false;
  };
  const { job } = state.plan;
  if (isLost && !job.finishOnPrimary) return fail(lostLater(vm, reason));
  if (!isLost && !job.failoverToPrimary) return fail(reason);
  if (job.failOnDowngrade)
    return fail(reportOf(new LeewardError('L-SRC-103', { vm: vm.name, reason: reason.what })));
  const downgrade = new LeewardError(isLost ? 'L-SRC-119' : 'L-SRC-101', {
    vm: vm.name,
    reason: reason.what,
  });
  await state.context.step(`${state.group.id}: ${vmKey(vm.vm)} downgraded`, {}, () =>
    state.deps.store.runLog.event(state.runId, vmKey(vm.vm), downgrade),
  );
  for (const { volume, protocol } of accessesOf(vm)) {
    const key = accessKey(volume, protocol);
    const planned = state.group.volumes.find((each) => objectKey(each.volume) === objectKey(volume));
    if (!planned || state.onPrimary.has(key)) continue;
    const target = { arrayId: planned.arrayId, volume };
    const presented = await present(state, planned, protocol, target, storageSnapshotName);
    if ('problem' in presented) return fail(presented.problem);
    state.onPrimary.set(key, presented);
  }
  state.onPrimaryVms.add(vmKey(vm.vm));
  return true;
}

async function present(
  state: GroupState,
  { volume: primaryVolume, lunPaths }: VolumePlan,
  protocol: AccessProtocol,
  target: { readonly arrayId: string; readonly volume: VolumeId },
  storageSnapshotName: string,
): Promise<Presented | { readonly problem: ErrorReport }> {
  const { deps, context, runId, plan, group } = state;
  const users = vmsOnVolume(state, primaryVolume);
  const proxyIds = new Set(users.map(({ proxyId }) => proxyId));
  const outcome = await context.step(
    `${group.id}: present ${accessKey(target.volume, protocol)}`,
    { cancellable: true, timeoutMs: presentTimeoutMs },
    (signal) =>
      outcomeOf(async () => {
        const proxies = (await deps.store.proxies.list()).filter(({ id }) => proxyIds.has(id));
        const proxyAddresses = proxies.flatMap((proxy) => addressesTowards(proxy, target.arrayId));
        const initiatorNames = proxies.map(initiatorNameOf);
        const access = { protocol, proxyAddresses, initiatorNames, lunPaths };
        const step = { runId, groupId: group.id, plan, storageSnapshotName, ...access, ...target };
        const scopes = users.map((vm) => vmKey(vm.vm));
        return deps.store.runLog.step(runId, scopes, 'mount', () => presentToProxies(deps, step, signal));
      }, signal),
  );
  if (!outcome.ok) return { problem: outcome.problem };
  return { arrayId: target.arrayId, presentation: outcome.value };
}

/** Where the proxy was seen to connect from when it was probed; what it is configured with before that. */
function addressesTowards(proxy: RegisteredProxy, arraySerial: string): readonly string[] {
  const proved = proxy.reach
    .filter(
      ({ protocol, reached, ...proof }) => protocol === 'nfs' && reached && proof.arraySerial === arraySerial,
    )
    .flatMap(({ sourceAddress }) => (sourceAddress === undefined ? [] : [sourceAddress]));
  return proved.length > 0 ? [...new Set(proved)] : proxy.settings.addresses;
}
