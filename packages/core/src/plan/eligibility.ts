import { LeewardError } from '../errors/leeward-error.ts';
import type { VirtualMachine, VmDisk } from '../words/virtual-machine.ts';
import { diskHindrance, isLeftOut } from './eligibility-disk.ts';
import { vmHindrance } from './eligibility-vm.ts';

/** Why a VM, or a disk of it, cannot be read. */
export interface Hindrance {
  readonly reason: LeewardError;
  /**
   * `storage-snapshots`: the standard way is the regular one then (R13, R14). `every-path`: no VMware snapshot can be
   * made, there is nothing to read now, or what the files of its datastores hold is not the content of its disks.
   */
  readonly bars: 'storage-snapshots' | 'every-path';
}

export interface Eligibility {
  /** What concerns the VM as a whole. */
  readonly hindrance?: Hindrance;
  /** The disks that count, each with what keeps the whole VM from being read (R13). */
  readonly disks: readonly { readonly disk: VmDisk; readonly hindrance?: Hindrance }[];
  /** Disks that are left out with a warning. */
  readonly skipped: readonly { readonly disk: VmDisk; readonly reason: LeewardError }[];
}

/** Whether a VM can be read from storage snapshots, which disks count and which are left out with a warning (R14). */
export function eligibility(vm: VirtualMachine): Eligibility {
  const disks: { disk: VmDisk; hindrance?: Hindrance }[] = [];
  const skipped: { disk: VmDisk; reason: LeewardError }[] = [];
  for (const disk of vm.disks) {
    const hindrance = diskHindrance(vm, disk);
    if (isLeftOut(disk)) {
      const code = disk.independent ? 'L-PLN-120' : 'L-PLN-131';
      skipped.push({ disk, reason: new LeewardError(code, { disk: disk.label, vm: vm.name }) });
    } else disks.push(hindrance ? { disk, hindrance } : { disk });
  }
  const hindrance = vmHindrance(vm) ?? sharedBus(vm) ?? (disks.length === 0 ? noDisk(vm) : undefined);
  return { ...(hindrance ? { hindrance } : {}), disks, skipped };
}

/** The one that leaves the fewest paths; of equal ones the first. */
export function worst(hindrances: readonly (Hindrance | undefined)[]): Hindrance | undefined {
  const all = hindrances.filter((each) => each !== undefined);
  return all.find(({ bars }) => bars === 'every-path') ?? all[0];
}

/** A shared bus forbids VMware snapshots of the whole VM, whatever the mode of the disks on it. */
function sharedBus(vm: VirtualMachine): Hindrance | undefined {
  const disk = vm.disks.find(({ shared }) => shared === 'bus');
  return disk && diskHindrance(vm, disk);
}

function noDisk(vm: VirtualMachine): Hindrance {
  return { reason: new LeewardError('L-PLN-119', { vm: vm.name }), bars: 'every-path' };
}
