import { LeewardError, placeText, vmKey } from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';
import { failVm, type GroupState } from './group-state.ts';
import { outcomeOf } from './outcome.ts';

const pollMs = 1_000;
/** A night and a day: whoever waits longer waits for something that does not end. */
const roomTimeoutMs = 24 * 3_600_000;

/**
 * Waits until vSphere has room for the VMware snapshots of all VMs of the group, as the limits of the installation say,
 * and takes it. Nothing is held meanwhile. Where there never is room the VMs fail.
 */
export async function takePlaces(state: GroupState): Promise<void> {
  const { deps, context, group } = state;
  const vms = [...state.vms.values()];
  if (vms.length === 0) return;
  const options = { cancellable: true, timeoutMs: roomTimeoutMs };
  const outcome = await context.step(`${requestOf(state)}: room for VMware snapshots`, options, (signal) =>
    outcomeOf(async () => {
      await waitForRoom(deps, state, signal);
      return null;
    }, signal),
  );
  if (outcome.ok) return;
  context.log('no room for VMware snapshots', { group: group.id });
  for (const vm of vms) await failVm(state, vm, outcome.problem);
}

async function waitForRoom(deps: BackupDeps, state: GroupState, signal: AbortSignal): Promise<void> {
  const { store, clock } = deps;
  const { runId } = state;
  const vms = [...state.vms.values()];
  const scopes = vms.map(({ vm }) => vmKey(vm));
  const holds = Object.fromEntries(vms.map(({ vm, places }) => [vmKey(vm), places ?? []]));
  const ask = async () => {
    const limits = await store.settings.limits();
    const crowded = await store.places.take({ id: `${runId}/${requestOf(state)}`, runId, holds }, limits);
    return crowded && { place: placeText(crowded.place, limits), runIds: crowded.runIds };
  };
  const crowded = await ask();
  if (!crowded) return;
  // Its own VMs that are in front are the order of a run, and no news.
  const others = crowded.runIds.filter((id) => id !== runId);
  const holders = `${others.length === 1 ? 'run' : 'runs'} ${others.join(', ')}`;
  const told = new LeewardError('L-RUN-150', { place: crowded.place, holders });
  for (const scope of others.length > 0 ? scopes : []) await store.runLog.event(runId, scope, told);
  const wait = async () => {
    do await clock.sleep(pollMs, signal);
    while (await ask());
  };
  await store.runLog.step(runId, scopes, 'vmware-snap-room', wait, () => ({ waitedFor: crowded.place }));
}

/** Of the VMs on the standard way each is a group of its own, all of one name. */
function requestOf({ group }: GroupState): string {
  return `${group.id}/${group.vmKeys[0] ?? ''}`;
}
