import { ensure } from '../../rest/ensure.ts';
import type { RuleChanges } from '../exports/change-rules.ts';
import { exportPoliciesPath, findExportPolicy } from '../exports/policy-record.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change, remove } from '../rest/change.ts';

/** An export policy of our own that lets the addresses read and nobody else. */
export async function ensureOwnPolicy(
  array: OntapArray,
  rules: RuleChanges,
  svmUuid: string,
  name: string,
  addresses: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const path = exportPoliciesPath;
  const body = { name, svm: { uuid: svmUuid } };
  const policy = await ensure(array.rest, {
    object: `the export policy ${name}`,
    find: () => findExportPolicy(array, svmUuid, name, signal),
    create: () => change(array.rest, { method: 'POST', path, body, mayBecomeJob: false, signal }),
    signal,
  });
  for (const address of addresses) await rules.add(policy.id, address, signal);
}

/** Removes it with its rules; nothing may use it any more. */
export async function removeOwnPolicy(
  array: OntapArray,
  svmUuid: string,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const policy = await findExportPolicy(array, svmUuid, name, signal);
  if (!policy) return;
  await remove(array.rest, { path: `${exportPoliciesPath}/${policy.id}`, mayBecomeJob: false, signal });
}
