import { LeewardError, reportOf } from '../errors/leeward-error.ts';
import type { VirtualMachine, VmDisk } from '../words/virtual-machine.ts';
import type { DiskPlan } from './plan.ts';
import type { PlanningPoint } from './planning-inventory.ts';

/** Whether a disk can be read by changes since the last point, or in full and for which named cause. */
export function changeBase(
  vm: VirtualMachine,
  disk: VmDisk,
  last: PlanningPoint | undefined,
): Pick<DiskPlan, 'since' | 'fullBecause'> {
  const before = last?.disks.find(({ key }) => key === disk.key);
  const full = (code: 'L-SRC-110' | 'L-SRC-111' | 'L-SRC-112' | 'L-SRC-113') => ({
    fullBecause: reportOf(new LeewardError(code)),
  });
  if (!last || !before) return full('L-SRC-110');
  if (!vm.cbtSupported || !vm.cbtEnabled) return full('L-SRC-111');
  if (before.fileName !== disk.fileName || before.sizeBytes > disk.sizeBytes) return full('L-SRC-113');
  if (!before.changeId) return full('L-SRC-112');
  return { since: { pointId: last.id, changeId: before.changeId, sizeBytes: before.sizeBytes } };
}
