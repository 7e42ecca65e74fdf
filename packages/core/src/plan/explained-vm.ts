import { LeewardError } from '../errors/leeward-error.ts';
import type { Plan, VmPlan } from './plan.ts';

/**
 * The VM of a plan that is meant: by inventory path, id or name, as in a job. Throws `L-PLN-102` where the name fits
 * several, the problem of a member of the job that could not be resolved, and `L-PLN-151` where the job has no such VM.
 */
export function explainedVm(plan: Plan, wanted: string): VmPlan {
  const exact = plan.vms.filter(({ vm, path }) => path === wanted || vm.moId === wanted);
  const found = exact.length > 0 ? exact : plan.vms.filter(({ name }) => name === wanted);
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (only) {
    const candidates = found.map(({ path, vm }) => `${path} (${vm.moId})`).join(', ');
    throw new LeewardError('L-PLN-102', { member: wanted, candidates });
  }
  const unresolved = plan.unresolved.find(({ member }) => member === wanted);
  if (unresolved) throw new LeewardError(unresolved.problem.code, unresolved.problem.details);
  throw new LeewardError('L-PLN-151', { job: plan.job.name, vm: wanted });
}
