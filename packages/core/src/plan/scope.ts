import { LeewardError } from '../errors/leeward-error.ts';
import type { VirtualMachine } from '../words/virtual-machine.ts';
import { vmKey } from '../words/virtual-machine.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import type { RunScope } from './run-scope.ts';

export interface ResolvedVm {
  readonly vm: VirtualMachine;
  readonly vcenterName: string;
}

export interface Scope {
  /** Each VM once, in the order of the job's members. */
  readonly vms: readonly ResolvedVm[];
  readonly unresolved: readonly { readonly member: string; readonly problem: LeewardError }[];
}

/**
 * The VMs a job means. A member is an inventory path, a managed object id or a name; a name that fits several
 * VMs resolves to none of them, since guessing would back up the wrong one.
 * @param only what of the job is meant; absent: all
 */
export function resolveScope(
  members: readonly string[],
  inventory: PlanningInventory,
  only?: RunScope,
): Scope {
  const all = inventory.vcenters.flatMap((vcenter) =>
    vcenter.vms.map((vm) => ({ vm, vcenterName: vcenter.name })),
  );
  const broken = inventory.vcenters.find((vcenter) => vcenter.problem);
  const chosen = new Map<string, ResolvedVm>();
  const unresolved: { member: string; problem: LeewardError }[] = [];
  for (const member of members) {
    const found = matchingVms(member, all);
    const [one] = found;
    const isNamed = only === undefined || only.members.includes(member);
    if (one && found.length === 1) {
      const key = vmKey(one.vm.id);
      if (isNamed || only.vmKeys.includes(key)) chosen.set(key, one);
    } else if (!isNamed) {
      // Another run sees to it.
    } else if (found.length > 1) {
      const candidates = found.map(({ vm }) => vm.path).join(', ');
      unresolved.push({ member, problem: new LeewardError('L-PLN-102', { member, candidates }) });
    } else if (broken?.problem) {
      const details = { vcenter: broken.name, reason: broken.problem.what };
      unresolved.push({ member, problem: new LeewardError('L-PLN-125', details) });
    } else {
      unresolved.push({ member, problem: new LeewardError('L-PLN-101', { member }) });
    }
  }
  return { vms: [...chosen.values()], unresolved };
}

/** Those that a member of a job may mean. */
export function matchingVms<T extends { readonly vm: Pick<VirtualMachine, 'id' | 'name' | 'path'> }>(
  member: string,
  all: readonly T[],
): readonly T[] {
  const exact = all.filter(({ vm }) => vm.path === member || vm.id.moId === member);
  return exact.length > 0 ? exact : all.filter(({ vm }) => vm.name === member);
}
