import { withStandardPlaces } from './limits.ts';
import type { VmPlan } from './plan.ts';

/** A VM that was planned to be read from storage snapshots, as it is read through vCenter and the ESXi host. */
export function turnedToStandard(vm: VmPlan): VmPlan {
  const { groupId: _, ...rest } = vm;
  return {
    ...rest,
    source: 'standard',
    disks: [],
    standardDisks: vm.disks.map(({ located: _at, parents: _on, ...disk }) => disk),
    notTaken: [],
    ...(vm.places ? { places: withStandardPlaces(vm.places) } : {}),
  };
}
