import { runHolding } from '../disk/mutex.ts';
import { VimFault } from '../soap/fault.ts';
import type { Ref } from '../soap/value.ts';
import { isReferenced, mergeUnreferenced, needsMerge } from './merge.ts';
import type { SimulatedVm } from './simulated-vm.ts';
import type { TruthLedger } from './truth-ledger.ts';
import { vmsnName } from './vm-files.ts';
import type { VmwareSnapshot } from './vmware-snapshot.ts';

export interface OperationDeps {
  readonly ledger: TruthLedger;
  readonly newSnapshotId: () => string;
  /** Throws the fault that the lab wants this operation to end with, at the point where real hosts meet it. */
  readonly injected: () => Promise<void>;
  readonly progress: (percent: number) => void;
  /** How long the slow part takes. */
  readonly durationMs: number;
}

/** Removes a VMware snapshot (and its children), then merges what nobody needs any more. */
export async function removeSnapshot(
  vm: SimulatedVm,
  ref: Ref,
  options: { readonly removeChildren: boolean; readonly consolidate: boolean },
  deps: OperationDeps,
): Promise<void> {
  const snapshot = vm.snapshot(ref);
  if (!snapshot) throw new VimFault('ManagedObjectNotFound', { obj: ref });
  const going = options.removeChildren ? vm.snapshots.filter((each) => isBelow(each, snapshot)) : [snapshot];
  await forget(vm, going, deps);
  if (options.consolidate) await consolidate(vm, deps);
  else vm.isConsolidationNeeded = needsMerge(vm);
  await vm.saveConfig();
}

export async function removeAllSnapshots(
  vm: SimulatedVm,
  consolidateToo: boolean,
  deps: OperationDeps,
): Promise<void> {
  await forget(vm, [...vm.snapshots], deps);
  if (consolidateToo) await consolidate(vm, deps);
  else vm.isConsolidationNeeded = needsMerge(vm);
  await vm.saveConfig();
}

/** Merges files that no VMware snapshot needs. On failure `consolidationNeeded` says so and files stay. */
export async function consolidate(vm: SimulatedVm, deps: OperationDeps): Promise<void> {
  try {
    deps.progress(20);
    await vm.clock.sleep(deps.durationMs / 2);
    await deps.injected();
    await mergeUnreferenced(vm, deps.progress);
    vm.isConsolidationNeeded = false;
  } catch (error) {
    vm.isConsolidationNeeded = true;
    for (const disk of vm.disks) disk.abandonMerge();
    await vm.saveConfig();
    throw storageFault(vm, error);
  }
}

/** Throws away what was written since; a VM without a memory image is off afterwards. */
export async function revertToSnapshot(vm: SimulatedVm, ref: Ref, deps: OperationDeps): Promise<void> {
  const snapshot = vm.snapshot(ref);
  if (!snapshot) throw new VimFault('ManagedObjectNotFound', { obj: ref });
  await deps.injected();
  await vm.clock.sleep(deps.durationMs);
  const all = vm.disks.map((disk) => disk.mutex);
  await runHolding(all, async () => {
    vm.powerState = snapshot.hasMemory ? 'poweredOn' : 'poweredOff';
    vm.changed();
    const childNumber = vm.freeChildNumber();
    for (const frozen of snapshot.disks) await vm.disk(frozen.key)?.revertTo(frozen, childNumber);
    vm.currentSnapshot = snapshot;
    vm.isChangeTrackingEnabled = snapshot.changeTrackingEnabled;
    await vm.applyTracking();
    await mergeDropsOnly(vm);
    await vm.saveConfig();
  });
}

/** Takes VMware snapshots out of the tree; their frozen files stay until they are merged. */
export async function forget(
  vm: SimulatedVm,
  going: readonly VmwareSnapshot[],
  deps: OperationDeps,
): Promise<void> {
  for (const snapshot of going) {
    for (const each of vm.snapshots) if (each.parent === snapshot) each.parent = snapshot.parent;
    vm.snapshots.splice(vm.snapshots.indexOf(snapshot), 1);
    if (vm.currentSnapshot === snapshot) vm.currentSnapshot = snapshot.parent;
    await vm.folder.remove(vmsnName(vm, snapshot.number));
    if (snapshot.manifestName) await vm.folder.remove(snapshot.manifestName);
    deps.ledger.removed(snapshot.ref.id);
  }
  await vm.saveConfig();
}

/** After a revert the abandoned current files are gone; frozen ones stay for their VMware snapshots. */
async function mergeDropsOnly(vm: SimulatedVm): Promise<void> {
  for (const disk of vm.disks) {
    const merge = disk.nextMerge((layer) => isReferenced(vm, disk, layer));
    if (!merge || merge.child) continue;
    await disk.dropUnused(merge.parent);
    await disk.discard(merge.parent);
  }
}

function isBelow(snapshot: VmwareSnapshot, ancestor: VmwareSnapshot): boolean {
  for (let at: VmwareSnapshot | undefined = snapshot; at; at = at.parent) if (at === ancestor) return true;
  return false;
}

/** Trouble with the datastore as the API reports it. */
export function storageFault(vm: SimulatedVm, error: unknown): VimFault {
  if (error instanceof VimFault) return error;
  const file = vm.datastorePath(vm.vmxName);
  if (vm.folder.files.isOutOfSpace(error))
    return new VimFault(
      'NoDiskSpace',
      { file, datastore: vm.datastore.name },
      `There is not enough space in the file system of datastore ${vm.datastore.name}.`,
    );
  const reason = error instanceof Error ? error.message : String(error);
  return new VimFault('CannotAccessFile', { file }, `Unable to access file ${file}: ${reason}`);
}
