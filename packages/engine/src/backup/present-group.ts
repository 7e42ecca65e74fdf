import type { NfsPresentation } from '@leeward/arrays';
import { type ErrorReport, LeewardError, reportOf, type VmPlan, vmKey } from '@leeward/core';
import type { RegisteredProxy } from '../store/proxies.ts';
import { failVm, type GroupState, vmsOnVolume, volumesOf } from './group-state.ts';
import { outcomeOf } from './outcome.ts';
import { presentToProxies } from './present-step.ts';
import { objectKey } from './storage-snapshot-step.ts';

const presentTimeoutMs = 10 * 60_000;

/**
 * Lets the proxies reach what the VMs are read from: first each secondary volume; then, for VMs whose secondary
 * cannot be read and only if the job allows it, the primary's storage snapshot (R1). VMs without any path fail.
 */
export async function presentGroup(state: GroupState, storageSnapshotName: string): Promise<void> {
  for (const volume of state.group.volumes) {
    const { relation } = volume;
    const key = objectKey(volume.volume);
    if (!relation || state.secondaryProblem.has(key) || vmsOnVolume(state, volume.volume).length === 0)
      continue;
    const target = { arrayId: relation.arrayId, volume: relation.volume };
    const presented = await present(state, volume.volume, target, storageSnapshotName);
    if ('problem' in presented) state.secondaryProblem.set(key, presented.problem);
    else state.onSecondary.set(key, presented);
  }
  for (const vm of [...state.vms.values()]) await chooseSource(state, vm, storageSnapshotName);
}

async function chooseSource(state: GroupState, vm: VmPlan, storageSnapshotName: string): Promise<void> {
  const keys = volumesOf(vm).map(objectKey);
  if (keys.every((key) => state.onSecondary.has(key))) return;
  const planned = vm.notTaken.find(({ path }) => path === 'secondary')?.reason;
  const happened = keys
    .map((key) => state.secondaryProblem.get(key))
    .find((problem) => problem !== undefined);
  const reason = happened ?? planned ?? reportOf(new LeewardError('L-PLN-121'));
  const { job } = state.plan;
  if (!job.failoverToPrimary) return failVm(state, vm, reason);
  if (job.failOnDowngrade) {
    const refused = new LeewardError('L-SRC-103', { vm: vm.name, reason: reason.what });
    return failVm(state, vm, reportOf(refused));
  }
  const downgrade = new LeewardError('L-SRC-101', { vm: vm.name, reason: reason.what });
  await state.context.step(`${state.group.id}: ${vmKey(vm.vm)} downgraded`, {}, () =>
    state.deps.store.runLog.event(state.runId, vmKey(vm.vm), downgrade),
  );
  for (const volume of volumesOf(vm)) {
    const key = objectKey(volume);
    if (state.onPrimary.has(key)) continue;
    const planned = state.group.volumes.find((each) => objectKey(each.volume) === key);
    if (!planned) continue;
    const presented = await present(state, volume, { arrayId: planned.arrayId, volume }, storageSnapshotName);
    if ('problem' in presented) return failVm(state, vm, presented.problem);
    state.onPrimary.set(key, presented);
  }
}

/** True when the VM is read on the primary. */
export function readsPrimary(state: GroupState, vm: VmPlan): boolean {
  return !volumesOf(vm).every((volume) => state.onSecondary.has(objectKey(volume)));
}

async function present(
  state: GroupState,
  primaryVolume: Parameters<typeof vmsOnVolume>[1],
  target: { readonly arrayId: string; readonly volume: Parameters<typeof vmsOnVolume>[1] },
  storageSnapshotName: string,
): Promise<NfsPresentation | { readonly problem: ErrorReport }> {
  const { deps, context, runId, plan, group } = state;
  const users = vmsOnVolume(state, primaryVolume);
  const proxyIds = new Set(users.map(({ proxyId }) => proxyId));
  const outcome = await context.step(
    `${group.id}: present ${objectKey(target.volume)}`,
    { cancellable: true, timeoutMs: presentTimeoutMs },
    (signal) =>
      outcomeOf(async () => {
        const proxies = (await deps.store.proxies.list()).filter(({ id }) => proxyIds.has(id));
        const proxyAddresses = proxies.flatMap((proxy) => addressesTowards(proxy, target.arrayId));
        const step = { runId, groupId: group.id, plan, storageSnapshotName, proxyAddresses, ...target };
        const scopes = users.map((vm) => vmKey(vm.vm));
        return deps.store.runLog.step(runId, scopes, 'mount', () => presentToProxies(deps, step, signal));
      }, signal),
  );
  return outcome.ok ? outcome.value : { problem: outcome.problem };
}

/** Where the proxy was seen to connect from when it was probed; what it is configured with before that. */
function addressesTowards(proxy: RegisteredProxy, arraySerial: string): readonly string[] {
  const proved = proxy.reach
    .filter((proof) => proof.arraySerial === arraySerial && proof.reached)
    .flatMap(({ sourceAddress }) => (sourceAddress === undefined ? [] : [sourceAddress]));
  return proved.length > 0 ? [...new Set(proved)] : proxy.settings.addresses;
}
