import type { NfsPresentation, PresentationPlan } from '../../contract/presentation.ts';
import type { RuleChanges } from '../exports/change-rules.ts';
import type { OntapArray } from '../ontap-array.ts';
import { ensureClone } from './clone.ts';
import { ensureOwnPolicy } from './own-policy.ts';
import { detailOf } from './plan-detail.ts';

/**
 * Carries out a plan. All rules come before anything the proxy could try to mount: the array remembers a
 * refusal for up to an hour.
 */
export async function present(
  array: OntapArray,
  rules: RuleChanges,
  plan: PresentationPlan,
  signal?: AbortSignal,
): Promise<NfsPresentation> {
  const { request } = plan;
  const { svm, clone, rules: planned, addresses, nfsPort, mountPort, exportPath, rootPath } = detailOf(plan);
  await array.ownId(request.volume, signal);
  for (const { policyId, address } of planned) await rules.add(policyId, address, signal);
  if (clone) {
    await ensureOwnPolicy(array, rules, svm.uuid, clone.name, request.proxyAddresses, signal);
    const nas = { path: clone.path, export_policy: { name: clone.name } };
    await ensureClone(array, svm.uuid, { ...clone, nas }, request, signal);
  }
  return {
    protocol: 'nfs',
    addresses,
    ...(nfsPort === undefined ? {} : { nfsPort }),
    ...(mountPort === undefined ? {} : { mountPort }),
    exportPath,
    rootPath,
  };
}
