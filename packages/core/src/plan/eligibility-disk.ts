import { LeewardError } from '../errors/leeward-error.ts';
import type { VirtualMachine, VmDisk } from '../words/virtual-machine.ts';
import type { Hindrance } from './eligibility.ts';

/** vSphere itself allows no more. */
const maxParents = 32;
/** Largest virtual disk of vSphere; only raw devices in physical mode may be larger. */
const maxDiskBytes = 62 * 2 ** 40;

/** vRDM and independent disks are left out; other disks that cannot be read stop the VM. */
export function isLeftOut(disk: VmDisk): boolean {
  return disk.independent || disk.backing === 'rdm-virtual';
}

const strangeKinds: Partial<Record<VmDisk['backing'], string>> = {
  hosted: 'of the hosted format (as Workstation and Fusion write it)',
  pmem: 'in persistent memory of a host',
  other: 'of a kind that Leeward does not know',
};

export function diskHindrance(vm: VirtualMachine, disk: VmDisk): Hindrance | undefined {
  const details = { disk: disk.label, vm: vm.name };
  const everyPath = (reason: LeewardError): Hindrance => ({ reason, bars: 'every-path' });
  if (disk.shared === 'bus') return everyPath(new LeewardError('L-PLN-134', details));
  if (disk.backing === 'rdm-physical') return everyPath(new LeewardError('L-PLN-132', details));
  if (disk.shared) return everyPath(new LeewardError('L-PLN-133', details));
  if (disk.sizeBytes > maxDiskBytes)
    return everyPath(new LeewardError('L-PLN-145', { ...details, sizeBytes: disk.sizeBytes }));
  const parents = disk.parents.length;
  if (parents > maxParents)
    return everyPath(new LeewardError('L-PLN-113', { ...details, parents, limit: maxParents }));
  const kind = strangeKinds[disk.backing];
  return kind ? everyPath(new LeewardError('L-PLN-114', { ...details, kind })) : undefined;
}
