import type { ErrorCode } from '../errors/catalogue.ts';
import { type ErrorDetails, LeewardError, reportOf } from '../errors/leeward-error.ts';
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
  const full = (code: ErrorCode, details: ErrorDetails = {}) => ({
    fullBecause: reportOf(new LeewardError(code, details)),
  });
  if (!last || !before) return full('L-SRC-110');
  if (!vm.cbtSupported || !vm.cbtEnabled) return full('L-SRC-111');
  if (before.fileName !== disk.fileName) return full('L-SRC-113');
  if (before.sizeBytes > disk.sizeBytes) return full('L-SRC-114');
  if (before.distrustedBy !== undefined) return full('L-SRC-116', { run: before.distrustedBy });
  if (!before.changeId) return full('L-SRC-112');
  return { since: { pointId: last.id, changeId: before.changeId, sizeBytes: before.sizeBytes } };
}
