import type { DiskWrite, FrozenLayer } from '../disk/frozen-layer.ts';
import { runHolding } from '../disk/mutex.ts';
import type { SimulatedDisk } from '../disk/simulated-disk.ts';
import { VimFault } from '../soap/fault.ts';
import { Ref } from '../soap/value.ts';
import { checkSnapshotAllowed } from './preconditions.ts';
import { type Quiescing, quiescingOf } from './quiesce.ts';
import type { SimulatedVm } from './simulated-vm.ts';
import { consolidate, forget, type OperationDeps, storageFault } from './snapshot-operations.ts';
import { vmsnBytes, vmsnName } from './vm-files.ts';
import type { VmwareSnapshot } from './vmware-snapshot.ts';
import { manifestBytes, manifestName } from './vss-manifest.ts';
import { vssWrites } from './vss-writers.ts';

export interface SnapshotRequest {
  readonly name: string;
  readonly description: string;
  readonly memory: boolean;
  readonly quiesce: boolean;
}

/**
 * Takes a VMware snapshot: stun, freeze every disk that takes part, redirect writes to children. Where VSS writers take
 * part they write to the frozen state after that, while the guest goes on: it is there already, and not yet complete.
 */
export async function createSnapshot(
  vm: SimulatedVm,
  request: SnapshotRequest,
  deps: OperationDeps,
): Promise<Ref> {
  checkSnapshotAllowed(vm, request);
  deps.progress(10);
  await vm.clock.sleep(deps.durationMs / 2);
  await deps.injected();
  deps.progress(60);
  await vm.clock.sleep(deps.durationMs / 2);
  const disks = vm.disks.filter((disk) => disk.isInSnapshots);
  const number = vm.nextSnapshotNumber();
  const ref = new Ref('VirtualMachineSnapshot', deps.newSnapshotId());
  const all = vm.disks.map((disk) => disk.mutex);
  const quiescing = quiescingOf(vm, request.quiesce);
  const { snapshot, frozen, stunMs } = await runHolding(all, async () => {
    const startMs = vm.clock.monotonicMs();
    await vm.applyTracking();
    const frozen = await freezeAll(vm, disks, number, quiescing);
    const snapshot: VmwareSnapshot = {
      ref,
      number,
      name: request.name,
      description: request.description,
      createdMs: vm.clock.now(),
      isQuiesced: quiescing !== 'none',
      manifestName: quiescing.startsWith('vss') ? manifestName(vm, number) : undefined,
      hasMemory: request.memory && vm.isRunning,
      parent: vm.currentSnapshot,
      disks: frozen.map(({ disk, frozenDisk }) => ({ key: disk.options.key, ...frozenDisk })),
      changeTrackingEnabled: vm.isChangeTrackingEnabled,
      changeVersion: vm.changeVersion,
      powerState: vm.powerState,
    };
    vm.snapshots.push(snapshot);
    vm.currentSnapshot = snapshot;
    await vm.saveConfig();
    const stunMs = vm.clock.monotonicMs() - startMs;
    vm.stuns.push({ atMs: snapshot.createdMs, durationMs: stunMs });
    return { snapshot, frozen, stunMs };
  });
  if (snapshot.manifestName) await endQuiescing(vm, snapshot, frozen, quiescing, deps);
  deps.ledger.add({
    vmInstanceUuid: vm.instanceUuid,
    vmName: vm.config.name,
    snapshotName: request.name,
    snapshotId: ref.id,
    createdAtMs: snapshot.createdMs,
    removedAtMs: undefined,
    stunMs,
    disks: frozen.map(({ disk, frozenDisk: { layer } }) => {
      if (!layer.view) throw new Error(`${layer.descriptorName} is not frozen`);
      return deps.ledger.diskTruth(disk.options.key, disk.options.node, disk.options.sizeBytes, layer.view);
    }),
  });
  return ref;
}

interface FrozenOf {
  readonly disk: SimulatedDisk;
  readonly frozenDisk: FrozenLayer;
  /** What the VSS writers are going to write to it. */
  readonly writes: readonly DiskWrite[];
}

/** All disks or none; first the file with the VM's state. */
async function freezeAll(
  vm: SimulatedVm,
  disks: readonly SimulatedDisk[],
  number: number,
  quiescing: Quiescing,
): Promise<readonly FrozenOf[]> {
  try {
    await vm.folder.putSmall(vmsnName(vm, number), vmsnBytes(vm, number));
  } catch (error) {
    throw storageFault(vm, error);
  }
  const childNumber = vm.freeChildNumber();
  const redoNumber = vm.freeChildNumber(childNumber);
  const results = await Promise.allSettled(
    disks.map(async (disk): Promise<FrozenOf> => {
      if (quiescing !== 'vss-application')
        return { disk, frozenDisk: await disk.freeze(childNumber), writes: [] };
      const seed = (vm.config.guest.seed * 1000 + number) * 100 + vm.disks.indexOf(disk);
      const writes = vssWrites(seed, disk.options.sizeBytes);
      return { disk, frozenDisk: await disk.freezeForVss(childNumber, redoNumber, writes), writes };
    }),
  );
  const frozen = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return frozen;
  for (const { disk, frozenDisk } of frozen) await disk.unfreeze(frozenDisk);
  await vm.folder.remove(vmsnName(vm, number)).catch(() => undefined);
  throw storageFault(vm, failed.reason);
}

/** Has the VSS writers do their work, if they take part, and keeps what VSS said of it. On failure all is undone. */
async function endQuiescing(
  vm: SimulatedVm,
  snapshot: VmwareSnapshot,
  frozen: readonly FrozenOf[],
  quiescing: Quiescing,
  deps: OperationDeps,
): Promise<void> {
  try {
    if (quiescing === 'vss-application') {
      deps.progress(80);
      await Promise.all(frozen.map((each) => writeAsWriters(vm, each, deps.durationMs)));
      await deps.injected();
    }
    // The host cannot tell whether writers that went down with the guest had ended.
    if (!vm.isRunning)
      throw new VimFault('ApplicationQuiesceFault', {}, 'The guest stopped while it was being quiesced.');
    await vm.folder.putSmall(manifestName(vm, snapshot.number), manifestBytes(vm, quiescing));
    vm.touch();
  } catch (error) {
    await forget(vm, [snapshot], deps);
    await consolidate(vm, { ...deps, injected: async () => undefined }).catch(() => undefined);
    await vm.saveConfig();
    throw storageFault(vm, error);
  }
}

async function writeAsWriters(vm: SimulatedVm, { disk, frozenDisk, writes }: FrozenOf, durationMs: number) {
  for (const write of writes) {
    await vm.clock.sleep(durationMs / writes.length);
    if (!vm.isRunning) return;
    await disk.writeRedo(frozenDisk, write);
  }
  await disk.endRedo(frozenDisk);
}
