import { isObject, type Json, type JsonObject, textAt } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import { made } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { missingField, notFound, RestError } from '../rest/rest-error.ts';
import { type ExportPolicy, nextIndex } from '../storage/export-policy.ts';
import { readRule, ruleRecord } from './export-rule-record.ts';
import { svmOf } from './references.ts';
import { svmReference } from './svm-resources.ts';

function policyRecord(policy: ExportPolicy): JsonObject {
  const rules = policy.rules.map((rule) => {
    const { policy: _, svm: __, ...fields } = ruleRecord(policy, rule);
    return fields;
  });
  return {
    id: policy.id,
    name: policy.name,
    svm: svmReference(policy.svm),
    rules: rules.length > 0 ? rules : undefined,
  };
}

/** The policy whose id is in the path, within the caller's scope. */
export function policyInPath(call: Call, name: string): ExportPolicy {
  const policy = call.world.cluster.policies.get(Number(param(call, name)));
  const hidden = !policy || (call.session.svm && policy.svm !== call.session.svm);
  if (hidden) throw notFound(name);
  return policy;
}

function create(call: Call): Reply {
  const { body, world } = call;
  const svm = svmOf(call, body);
  const name = textAt(body, 'name');
  if (name === undefined) throw missingField('name');
  if (!/^[\w.-]+$/.test(name)) throw new RestError(400, 2, `Invalid policy name "${name}".`, 'name', [name]);
  if (world.cluster.policyOf(svm, name))
    throw new RestError(409, 1, `An export policy named "${name}" exists in this SVM.`, 'name', [name]);
  const rules = listAt(body['rules']).map((rule, at) => readRule(rule, at + 1));
  const policy = world.cluster.addPolicy(svm, name);
  for (const rule of rules) policy.rules.push({ ...rule, index: nextIndex(policy) });
  return made(
    call,
    `/api/protocols/nfs/export-policies/?name=${name}&svm.uuid=${svm.uuid}`,
    policyRecord(policy),
  );
}

function listAt(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function modify(call: Call): Reply {
  const policy = policyInPath(call, 'id');
  const name = textAt(call.body, 'name');
  if (name !== undefined && name !== policy.name) {
    if (call.world.cluster.policyOf(policy.svm, name))
      throw new RestError(409, 1, `An export policy named "${name}" exists in this SVM.`, 'name', [name]);
    if (policy.name === 'default') throw new RestError(400, 1703945, 'The default policy cannot be renamed.');
  }
  const rules = call.body['rules'];
  const replaced = rules === undefined ? undefined : listAt(rules).map((rule, at) => readRule(rule, at + 1));
  if (name !== undefined) policy.name = name;
  if (replaced) policy.rules = replaced.map((rule, at) => ({ ...rule, index: at + 1 }));
  return { status: 200, body: {} };
}

function remove(call: Call): Reply {
  const policy = policyInPath(call, 'id');
  const { cluster } = call.world;
  const users = [...cluster.volumes.values()].filter((volume) => volume.policy === policy);
  if (policy.name === 'default')
    throw new RestError(409, 1703945, 'The default export policy cannot be deleted.');
  if (users.length > 0)
    throw new RestError(
      409,
      1703945,
      `Export policy "${policy.name}" is in use by volume "${users[0]?.name}".`,
    );
  cluster.policies.delete(policy.id);
  return { status: 200, body: {} };
}

export const exportPolicyRoutes: readonly Route[] = [
  ...listing({
    collectionPath: '/protocols/nfs/export-policies',
    instancePath: '/protocols/nfs/export-policies/{id}',
    records: ({ world }) => [...world.cluster.policies.values()].map(policyRecord),
    always: ['id', 'name'],
    keys: { id: 'id' },
  }),
  { method: 'POST', path: '/protocols/nfs/export-policies', handle: create },
  { method: 'PATCH', path: '/protocols/nfs/export-policies/{id}', handle: modify },
  { method: 'DELETE', path: '/protocols/nfs/export-policies/{id}', handle: remove },
];
