import { vmKey } from '../words/virtual-machine.ts';
import type { Plan } from './plan.ts';
import { matchingVms } from './scope.ts';

/** The part of a job that one run is about. JSON. */
export interface RunScope {
  /** Members of the job, as it names them. */
  readonly members: readonly string[];
  /** The VMs that they were; for a job that names them otherwise by now. */
  readonly vmKeys: readonly string[];
}

/**
 * What of the job has to be done again after a run with this plan: the VMs with these keys, and members that were no VM
 * then.
 */
export function scopeOfVms({ job, vms, unresolved }: Plan, vmKeys: ReadonlySet<string>): RunScope {
  const places = vms.map(({ vm: id, name, path }) => ({ vm: { id, name, path } }));
  const isMeant = (member: string) =>
    unresolved.some((each) => each.member === member) ||
    matchingVms(member, places).some(({ vm }) => vmKeys.has(vmKey(vm.id)));
  return {
    members: job.vms.filter(isMeant),
    vmKeys: vms.map(({ vm }) => vmKey(vm)).filter((key) => vmKeys.has(key)),
  };
}
