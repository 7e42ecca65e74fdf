import type { Layer } from '../disk/layer.ts';
import { runHolding } from '../disk/mutex.ts';
import type { SimulatedDisk } from '../disk/simulated-disk.ts';
import type { SimulatedVm } from './simulated-vm.ts';

/**
 * Merges deltas into their parents until every frozen file belongs to a VMware snapshot. The copying runs beside
 * the guest; only the switch of files is done while it stands still.
 */
export async function mergeUnreferenced(vm: SimulatedVm, progress: (percent: number) => void): Promise<void> {
  for (let round = 0; ; round++) {
    const steps = vm.disks.flatMap((disk) => {
      const step = disk.nextMerge((layer) => isReferenced(vm, disk, layer));
      return step ? [{ disk, ...step }] : [];
    });
    if (steps.length === 0) return;
    progress(Math.min(95, 30 + round * 15));
    await Promise.all(
      steps.map(({ disk, parent, child }) => (child ? disk.copyIntoParent(parent, child) : undefined)),
    );
    await runHolding(
      vm.disks.map((disk) => disk.mutex),
      async () => {
        const startMs = vm.clock.monotonicMs();
        for (const { parent, child } of steps)
          for (const snapshot of vm.snapshots)
            for (const frozen of snapshot.disks) if (child && frozen.layer === child) frozen.layer = parent;
        await Promise.all(
          steps.map(({ disk, parent, child }) =>
            child ? disk.finishMerge(parent, child) : disk.dropUnused(parent),
          ),
        );
        await vm.applyTracking();
        await vm.saveConfig();
        vm.stuns.push({ atMs: vm.clock.now(), durationMs: vm.clock.monotonicMs() - startMs });
      },
    );
    await Promise.all(steps.map(({ disk, parent, child }) => disk.discard(child ?? parent)));
  }
}

/** True when a VMware snapshot of the VM froze this layer. */
export function isReferenced(vm: SimulatedVm, disk: SimulatedDisk, layer: Layer): boolean {
  return vm.snapshots.some((snapshot) =>
    snapshot.disks.some((frozen) => frozen.key === disk.options.key && frozen.layer === layer),
  );
}

/** True when files are there that no VMware snapshot needs. */
export function needsMerge(vm: SimulatedVm): boolean {
  return vm.disks.some((disk) => disk.nextMerge((layer) => isReferenced(vm, disk, layer)) !== undefined);
}
