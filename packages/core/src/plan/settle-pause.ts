import { vmKey } from '../words/virtual-machine.ts';
import type { GroupPlan, Plan } from './plan.ts';

/** How long a group waits between its VMware snapshots and its storage snapshot: only where one of its VMs is on VMFS. */
export function settlePauseOf({ job, vms }: Pick<Plan, 'job' | 'vms'>, group: GroupPlan): number {
  const isOnVmfs = vms.some(
    (vm) => group.vmKeys.includes(vmKey(vm.vm)) && vm.disks.some(({ located }) => located.vmfs !== undefined),
  );
  return isOnVmfs ? job.settlePauseMs : 0;
}
