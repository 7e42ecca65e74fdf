import { LeewardError } from '../errors/leeward-error.ts';
import type { VirtualMachine, VmDisk } from '../words/virtual-machine.ts';

export interface Eligibility {
  /** Set when the VM cannot be read from storage snapshots at all (R14). */
  readonly problem?: LeewardError;
  readonly disks: readonly VmDisk[];
  readonly skipped: readonly { readonly disk: VmDisk; readonly reason: LeewardError }[];
}

/** Whether a VM can be read from storage snapshots, which disks count and which are left out with a warning. */
export function eligibility(vm: VirtualMachine): Eligibility {
  const problem = vmProblem(vm);
  const skipped = vm.disks
    .filter(isSkipped)
    .map((disk) => ({ disk, reason: new LeewardError('L-PLN-120', { disk: disk.label, vm: vm.name }) }));
  const disks = vm.disks.filter((disk) => !isSkipped(disk));
  if (problem) return { problem, disks, skipped };
  if (disks.length === 0) return { problem: new LeewardError('L-PLN-119', { vm: vm.name }), disks, skipped };
  for (const disk of disks) {
    const cause = diskProblem(vm, disk);
    if (cause) return { problem: cause, disks, skipped };
  }
  return { disks, skipped };
}

/** vSphere itself allows no more. */
const maxParents = 32;

function vmProblem(vm: VirtualMachine): LeewardError | undefined {
  if (!vm.connected) return new LeewardError('L-PLN-115', { vm: vm.name });
  if (vm.isTemplate) return new LeewardError('L-PLN-110', { vm: vm.name });
  if (vm.encrypted) return new LeewardError('L-PLN-111', { vm: vm.name });
  return undefined;
}

/** vRDM and independent disks are left out; physical-mode RDMs that are not independent stop the VM. */
function isSkipped(disk: VmDisk): boolean {
  return disk.independent || disk.backing === 'rdm-virtual';
}

function diskProblem(vm: VirtualMachine, disk: VmDisk): LeewardError | undefined {
  const details = { disk: disk.label, vm: vm.name };
  if (disk.backing === 'rdm-physical')
    return new LeewardError('L-PLN-114', { ...details, kind: 'a raw device in physical mode' });
  if (disk.shared) return new LeewardError('L-PLN-114', { ...details, kind: 'shared between VMs' });
  if (disk.parents.length > maxParents)
    return new LeewardError('L-PLN-113', { ...details, parents: disk.parents.length, limit: maxParents });
  if (disk.backing !== 'flat' && disk.backing !== 'sparse')
    return new LeewardError('L-PLN-114', { ...details, kind: 'of an unknown kind' });
  return undefined;
}
