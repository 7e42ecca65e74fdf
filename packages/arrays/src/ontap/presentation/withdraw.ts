import type { PresentationPlan } from '../../contract/presentation.ts';
import { Attempts } from '../../turns/attempts.ts';
import type { RuleChanges } from '../exports/change-rules.ts';
import type { OntapArray } from '../ontap-array.ts';
import { type ClonePlan, findClone, removeClone } from './clone.ts';
import { removeOwnPolicy } from './own-policy.ts';
import { detailOf } from './plan-detail.ts';

/**
 * Undoes all that `present` may have done, by the plan alone: clone, then its policy, then our rules, except
 * those that other presentations still need. Goes on after a failure, so that as little as possible stays, and
 * throws the first one at the end.
 */
export async function withdraw(
  array: OntapArray,
  rules: RuleChanges,
  plan: PresentationPlan,
  active: readonly PresentationPlan[],
  signal?: AbortSignal,
): Promise<void> {
  const { svm, clone, rules: planned } = detailOf(plan);
  await array.ownId(plan.request.volume, signal);
  const needed = new Set(
    active
      .filter(({ request }) => request.name !== plan.request.name)
      .flatMap((other) => detailOf(other).rules.map(keyOf)),
  );
  const attempts = new Attempts(signal);
  if (clone) await attempts.run(() => withdrawClone(array, svm.uuid, clone, signal));
  for (const rule of planned.filter((candidate) => !needed.has(keyOf(candidate))))
    await attempts.run(() => rules.remove(rule.policyId, rule.address, signal));
  attempts.end();
}

async function withdrawClone(array: OntapArray, svmUuid: string, clone: ClonePlan, signal?: AbortSignal) {
  const volume = await findClone(array, svmUuid, clone, undefined, signal);
  if (volume) await removeClone(array, volume, signal);
  await removeOwnPolicy(array, svmUuid, clone.name, signal);
}

function keyOf({ policyId, address }: { readonly policyId: number; readonly address: string }): string {
  return `${policyId} ${address}`;
}
