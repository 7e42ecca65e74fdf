import { isError } from '@leeward/core';
import { unescapeName } from '../model/inventory-name.ts';
import { describeSnapshots, flattenSnapshots, type VmwareSnapshot } from '../model/vmware-snapshot.ts';
import { readAllBelow, readObject } from '../session/collector.ts';
import type { CallOptions, SessionHandle } from '../session/session-call.ts';
import { isGone, refuseUnread } from './missing-object.ts';
import { type TaskWatch, type Vcenter, waitForQuietVm } from './tasks.ts';
import { type OperationOptions, operateOnVm, runTask, vmRef } from './vm-operation.ts';

export interface NewVmwareSnapshot {
  /** MUST be unique to this run and VM: it is how a snapshot whose answer was lost is found again. */
  readonly name: string;
  readonly description: string;
  readonly quiesce: boolean;
}

export interface CreatedVmwareSnapshot {
  readonly moId: string;
  readonly createTime: string;
  /** False also when quiescing was asked for but could not be: VM off, or no running Tools. */
  readonly quiesced: boolean;
  /** True when one of that name was there already, e.g. from before a crash. */
  readonly existed: boolean;
}

/** Which VMware snapshots to remove: by id, by exact name (all of that name), or only when both match. */
export type SnapshotChoice =
  | { readonly moId: string; readonly name?: string }
  | { readonly moId?: undefined; readonly name: string };

export interface FoundVmwareSnapshot {
  readonly vmMoId: string;
  readonly vmName: string;
  readonly moId: string;
  readonly name: string;
  readonly description: string;
  readonly createTime: string;
}

const createTimeoutMs = 30 * 60_000;
const removeTimeoutMs = 6 * 60 * 60_000;

/** Makes a VMware snapshot without memory, or finds the one of that exact name. */
export function createVmwareSnapshot(
  vcenter: Vcenter,
  vmMoId: string,
  wanted: NewVmwareSnapshot,
  options: OperationOptions,
): Promise<CreatedVmwareSnapshot> {
  const vm = vmRef(vmMoId);
  const params = { ...wanted, memory: false };
  const bound = { timeoutMs: createTimeoutMs, ...options };
  let tries = 0;
  return operateOnVm(vcenter, 'creating the VMware snapshot', vmMoId, bound, async (watch) => {
    tries++;
    // A call of ours whose answer was lost, in this try or before a crash, may still be at work.
    await waitForQuietVm(vcenter, vm, watch);
    const [existing] = await ofName(vcenter, vmMoId, wanted.name, watch);
    if (existing) return { ...created(existing), existed: tries === 1 };
    const method = 'CreateSnapshot_Task';
    await runTask(
      vcenter,
      { target: vm, method },
      (handle, how) => handle.call(vm, method, params, how),
      watch,
    );
    const [made, ...extra] = (await ofName(vcenter, vmMoId, wanted.name, watch)).reverse();
    // Two of one name: an earlier call was cut off, but took effect after we had looked for it.
    for (const { moId } of extra) await removeOne(vcenter, moId, watch);
    if (made) return { ...created(made), existed: false };
    throw await lost(vcenter, vmMoId, watch);
  });
}

/**
 * Removes VMware snapshots and merges their data; what is gone already counts as removed. Waits for tasks that
 * run on the VM. Returns whether delta files stayed behind: then `consolidate` is needed, now or later.
 */
export function removeVmwareSnapshot(
  vcenter: Vcenter,
  vmMoId: string,
  choice: SnapshotChoice,
  options: OperationOptions,
): Promise<{ readonly consolidationNeeded: boolean }> {
  const bound = { timeoutMs: removeTimeoutMs, ...options };
  return operateOnVm(vcenter, 'removing the VMware snapshot', vmMoId, bound, async (watch) => {
    await waitForQuietVm(vcenter, vmRef(vmMoId), watch);
    for (const { moId } of await chosen(vcenter, vmMoId, choice, watch))
      try {
        await removeOne(vcenter, moId, watch);
      } catch (error) {
        // A merge that failed leaves delta files, but no VMware snapshot: consolidation finishes it.
        const left = await chosen(vcenter, vmMoId, { moId }, watch);
        if (left.length > 0) throw error;
      }
    return { consolidationNeeded: await needsConsolidation(vcenter, vmMoId, watch) };
  }).catch((error) => {
    // With the VM went all its VMware snapshots.
    if (isError(error, 'L-VC-201')) return { consolidationNeeded: false };
    throw error;
  });
}

/** Merges delta files that belong to no VMware snapshot. Nothing to merge is success. */
export function consolidate(
  vcenter: Vcenter,
  vmMoId: string,
  options: OperationOptions,
): Promise<{ readonly consolidationNeeded: boolean }> {
  const bound = { timeoutMs: removeTimeoutMs, ...options };
  return operateOnVm(vcenter, 'consolidating the disks', vmMoId, bound, async (watch) => {
    await waitForQuietVm(vcenter, vmRef(vmMoId), watch);
    if (!(await needsConsolidation(vcenter, vmMoId, watch))) return { consolidationNeeded: false };
    const target = vmRef(vmMoId);
    const method = 'ConsolidateVMDisks_Task';
    await runTask(vcenter, { target, method }, (handle, how) => handle.call(target, method, {}, how), watch);
    return { consolidationNeeded: await needsConsolidation(vcenter, vmMoId, watch) };
  });
}

/** Every VMware snapshot whose name begins with the prefix, of all VMs that the account sees. */
export async function findVmwareSnapshots(
  handle: SessionHandle,
  namePrefix: string,
  options: CallOptions,
): Promise<FoundVmwareSnapshot[]> {
  const found: FoundVmwareSnapshot[] = [];
  const hidden: string[] = [];
  const request = { VirtualMachine: ['name', 'snapshot'] } as const;
  await readAllBelow(
    handle,
    handle.content.rootFolder,
    request,
    (object) => {
      if (object.type !== 'VirtualMachine') return;
      if (object.unread.length > 0) hidden.push(object.moId);
      const vmName = unescapeName(object.values.name ?? object.moId);
      for (const { children, quiesced, ...rest } of flattenSnapshots(
        describeSnapshots(object.values.snapshot),
      ))
        if (rest.name.startsWith(namePrefix)) found.push({ vmMoId: object.moId, vmName, ...rest });
    },
    options,
  );
  if (hidden.length === 0) return found;
  // An incomplete answer would read as "no leftovers".
  throw handle.problem('L-VC-110', {
    privilege: 'System.Read',
    object: `VirtualMachine ${hidden.slice(0, 5).join(', ')}`,
  });
}

async function snapshotsOf(vcenter: Vcenter, vmMoId: string, watch: CallOptions): Promise<VmwareSnapshot[]> {
  return vcenter.session.run(async (handle) => {
    const vm = await readObject(handle, 'VirtualMachine', vmMoId, ['snapshot'], watch);
    refuseUnread(handle, vm);
    return flattenSnapshots(describeSnapshots(vm.values.snapshot));
  }, watch.signal);
}

/** Oldest first, as each is a descendant of the one before. */
async function ofName(vcenter: Vcenter, vmMoId: string, name: string, watch: CallOptions) {
  return (await snapshotsOf(vcenter, vmMoId, watch)).filter((snapshot) => snapshot.name === name);
}

async function chosen(vcenter: Vcenter, vmMoId: string, choice: SnapshotChoice, watch: CallOptions) {
  const all = await snapshotsOf(vcenter, vmMoId, watch);
  return all.filter(
    ({ moId, name }) =>
      (choice.moId === undefined || choice.moId === moId) &&
      (choice.name === undefined || choice.name === name),
  );
}

async function removeOne(vcenter: Vcenter, moId: string, watch: TaskWatch): Promise<void> {
  const target = { type: 'VirtualMachineSnapshot', moId };
  const method = 'RemoveSnapshot_Task';
  const params = { removeChildren: false, consolidate: true };
  try {
    await runTask(
      vcenter,
      { target, method },
      (handle, how) => handle.call(target, method, params, how),
      watch,
    );
  } catch (error) {
    if (!isGone(error, moId)) throw error;
  }
}

async function needsConsolidation(vcenter: Vcenter, vmMoId: string, watch: CallOptions): Promise<boolean> {
  const path = 'runtime.consolidationNeeded';
  return vcenter.session.run(async (handle) => {
    const vm = await readObject(handle, 'VirtualMachine', vmMoId, [path], watch);
    refuseUnread(handle, vm);
    return vm.values[path] ?? false;
  }, watch.signal);
}

function created({ moId, createTime, quiesced }: VmwareSnapshot) {
  return { moId, createTime, quiesced };
}

async function lost(vcenter: Vcenter, vmMoId: string, watch: CallOptions) {
  const details = { operation: 'CreateSnapshot', object: `VirtualMachine ${vmMoId}` };
  return vcenter.session.run(async (handle) => handle.problem('L-VC-308', details), watch.signal);
}
