import { textAt, valuesAt } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import { made } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { invalidValue, missingField, notFound, RestError } from '../rest/rest-error.ts';
import {
  type ExportPolicy,
  type ExportRule,
  insertRule,
  nextIndex,
  sameRule,
} from '../storage/export-policy.ts';
import { policyInPath } from './export-policy-resources.ts';
import {
  checkAnonymous,
  checkClient,
  checkDistinct,
  readClients,
  readRule,
  ruleRecord,
} from './export-rule-record.ts';

const rulesPath = '/protocols/nfs/export-policies/{policy.id}/rules';

function ruleInPath(call: Call): { policy: ExportPolicy; rule: ExportRule } {
  const policy = policyInPath(call, 'policy.id');
  const rule = policy.rules.find((one) => String(one.index) === param(call, 'index'));
  if (!rule) throw notFound('index');
  return { policy, rule };
}

function create(call: Call): Reply {
  const policy = policyInPath(call, 'policy.id');
  const rule = readRule(call.body, nextIndex(policy));
  if (policy.rules.some((one) => sameRule(one, rule)))
    throw new RestError(409, 1704070, 'An identical export rule exists in this policy.');
  insertRule(policy, rule);
  return made(
    call,
    `/api/protocols/nfs/export-policies/${policy.id}/rules/${rule.index}`,
    ruleRecord(policy, rule),
  );
}

function modify(call: Call): Reply {
  const { policy, rule } = ruleInPath(call);
  const { body } = call;
  const list = (field: string) => valuesAt(body, [field]).flat().map(String);
  const clients = body['clients'] === undefined ? rule.clients : readClients(body);
  checkDistinct(clients);
  const changed: ExportRule = {
    ...rule,
    clients,
    protocols: body['protocols'] === undefined ? rule.protocols : list('protocols'),
    ro: body['ro_rule'] === undefined ? rule.ro : list('ro_rule'),
    rw: body['rw_rule'] === undefined ? rule.rw : list('rw_rule'),
    superuser: body['superuser'] === undefined ? rule.superuser : list('superuser'),
    anonymousUser: checkAnonymous(textAt(body, 'anonymous_user') ?? rule.anonymousUser),
  };
  Object.assign(rule, changed);
  const target = call.query.get('new_index');
  if (target !== null) move(policy, rule, target);
  return { status: 200, body: {} };
}

function move(policy: ExportPolicy, rule: ExportRule, target: string): void {
  const index = Number(target);
  if (index === 0) throw new RestError(400, 3277162, 'Rule index 0 is not allowed.', 'new_index');
  if (!Number.isInteger(index) || index < 0) throw invalidValue(target, 'new_index');
  policy.rules = policy.rules.filter((one) => one !== rule);
  rule.index = index;
  insertRule(policy, rule);
}

function remove(call: Call): Reply {
  const { policy, rule } = ruleInPath(call);
  policy.rules = policy.rules.filter((one) => one !== rule);
  return { status: 200, body: {} };
}

function addClient(call: Call): Reply {
  const { policy, rule } = ruleInPath(call);
  const match = textAt(call.body, 'match');
  if (match === undefined) throw missingField('match');
  const added = match.split(',').map((one) => checkClient(one.trim()));
  checkDistinct([...rule.clients, ...added]);
  rule.clients.push(...added);
  const location = `/api/protocols/nfs/export-policies/${policy.id}/rules/${rule.index}/clients/${encodeURIComponent(match)}`;
  return made(call, location, { match, index: rule.index, policy: { id: policy.id } });
}

function removeClient(call: Call): Reply {
  const { rule } = ruleInPath(call);
  const match = param(call, 'match');
  if (!rule.clients.includes(match)) throw notFound('match');
  if (rule.clients.length === 1)
    throw new RestError(400, 1704036, 'A rule must keep at least one client match.', 'match', [match]);
  rule.clients = rule.clients.filter((one) => one !== match);
  return { status: 200, body: {} };
}

export const exportRuleRoutes: readonly Route[] = [
  ...listing({
    collectionPath: rulesPath,
    instancePath: `${rulesPath}/{index}`,
    records: (call) => {
      const policy = policyInPath(call, 'policy.id');
      return policy.rules.map((rule) => ruleRecord(policy, rule));
    },
    always: ['index', 'policy.id'],
    keys: { 'policy.id': 'policy.id', index: 'index' },
  }),
  { method: 'POST', path: rulesPath, handle: create },
  { method: 'PATCH', path: `${rulesPath}/{index}`, handle: modify },
  { method: 'DELETE', path: `${rulesPath}/{index}`, handle: remove },
  ...listing({
    collectionPath: `${rulesPath}/{index}/clients`,
    records: (call) => {
      const { policy, rule } = ruleInPath(call);
      return rule.clients.map((match) => ({ match, index: rule.index, policy: { id: policy.id } }));
    },
    always: ['match'],
    keys: { match: 'match' },
  }),
  { method: 'POST', path: `${rulesPath}/{index}/clients`, handle: addClient },
  { method: 'DELETE', path: `${rulesPath}/{index}/clients/{match}`, handle: removeClient },
];
