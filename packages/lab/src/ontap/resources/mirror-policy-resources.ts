import { isObject, type JsonObject, textAt } from '../../json.ts';
import {
  type MirrorKind,
  type MirrorPolicy,
  policyType,
  type RetentionRule,
  syncTypes,
} from '../mirror/mirror-policy.ts';
import { listing } from '../rest/collection.ts';
import { operate } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { missingField, notFound, RestError } from '../rest/rest-error.ts';
import { parseDuration } from '../rest/times.ts';
import { svmOf } from './references.ts';
import { svmReference } from './svm-resources.ts';

const flags = [
  'copy_all_source_snapshots',
  'copy_latest_source_snapshot',
  'create_snapshot_on_source',
] as const;

function policyRecord(policy: MirrorPolicy): JsonObject {
  const { kind, rules, svm } = policy;
  return {
    uuid: policy.uuid,
    name: policy.name,
    scope: svm ? 'svm' : 'cluster',
    svm: svm && svmReference(svm),
    type: policyType(kind),
    comment: policy.comment || undefined,
    throttle: policy.throttle,
    copy_all_source_snapshots: kind === 'mirror-all' ? true : undefined,
    copy_latest_source_snapshot: kind === 'mirror-latest' ? true : undefined,
    create_snapshot_on_source: kind === 'vault' ? false : undefined,
    sync_type: syncTypes.get(kind),
    network_compression_enabled: false,
    retention: rules.length === 0 ? undefined : rules.map(ruleRecord),
  };
}

function ruleRecord(rule: RetentionRule): JsonObject {
  return { label: rule.label, count: rule.count, preserve: rule.preserve, period: rule.period };
}

/** Rules that would make storage snapshots on the destination by themselves are not simulated: refused. */
function readRule(rule: JsonObject): RetentionRule {
  for (const field of ['creation_schedule', 'prefix', 'warn'])
    if (rule[field] !== undefined)
      throw new RestError(400, 13304118, `Field "${field}" is not supported here.`, `retention.${field}`);
  const period = textAt(rule, 'period');
  if (period !== undefined && parseDuration(period) === undefined)
    throw new RestError(400, 13304092, `"${period}" is not a valid period.`, 'retention.period', [period]);
  return {
    label: textAt(rule, 'label') ?? '',
    count: Number(textAt(rule, 'count') ?? 1),
    preserve: rule['preserve'] === true,
    ...(period === undefined ? {} : { period }),
  };
}

function readRules(body: JsonObject): RetentionRule[] {
  const list = body['retention'];
  const rules = (Array.isArray(list) ? list : []).filter(isObject).map(readRule);
  for (const rule of rules) {
    if (rule.label === '') throw missingField('retention.label');
    if (rule.label.length > 31)
      throw new RestError(400, 13304092, 'The label of a rule is too long.', 'retention.label');
    if (rule.count < 1 || rule.count > 1019)
      throw new RestError(400, 13304126, 'The count of a rule is out of range.', 'retention.count');
  }
  if (rules.length > 10)
    throw new RestError(400, 13303887, 'A policy can have at most 10 rules.', 'retention');
  const total = rules.reduce((sum, rule) => sum + rule.count, 0);
  if (total > 1019) throw new RestError(400, 13304130, 'The counts of all rules exceed 1019.', 'retention');
  return rules;
}

function kindOf(body: JsonObject): MirrorKind {
  const type = textAt(body, 'type') ?? 'async';
  const given = flags.filter((flag) => body[flag] !== undefined);
  if (given.length > 1)
    throw new RestError(400, 13304082, `Fields ${given.join(', ')} exclude each other.`, given[0]);
  if (type === 'continuous') return 'continuous';
  if (type === 'sync') return syncKindOf(body, given);
  for (const flag of given) {
    const allowed = flag !== 'create_snapshot_on_source';
    if (body[flag] !== allowed)
      throw new RestError(400, 13304083, `Field "${flag}" can only be ${allowed}.`, flag);
  }
  if (given[0] === 'copy_all_source_snapshots') return 'mirror-all';
  if (given[0] === 'copy_latest_source_snapshot') return 'mirror-latest';
  return given[0] === 'create_snapshot_on_source' ? 'vault' : 'mirror-vault';
}

function syncKindOf(body: JsonObject, given: readonly string[]): MirrorKind {
  const wanted = textAt(body, 'sync_type') ?? 'sync';
  const [kind] = [...syncTypes].find(([, name]) => name === wanted) ?? [];
  if (!kind) throw new RestError(400, 262197, `The value "${wanted}" is invalid`, 'sync_type', [wanted]);
  if (given[0] !== undefined)
    throw new RestError(400, 13304085, `Field "${given[0]}" is not for policies of type "sync".`, given[0]);
  return kind;
}

function create(call: Call): Promise<Reply> {
  const { body, world } = call;
  const name = textAt(body, 'name');
  if (name === undefined) throw missingField('name');
  const svm = body['svm'] === undefined && !call.session.svm ? undefined : svmOf(call, body);
  const kind = kindOf(body);
  const given = readRules(body);
  const rules =
    kind === 'mirror-vault' && !given.some((rule) => rule.label === 'sm_created')
      ? [{ label: 'sm_created', count: 1, preserve: false }, ...given]
      : given;
  if (kind === 'vault' && rules.length === 0)
    throw new RestError(400, 13304050, 'A vault policy must have at least one rule.', 'retention');
  const taken = () => [...world.engine.policies.values()].some((one) => one.name === name && one.svm === svm);
  const refuse = () =>
    new RestError(409, 6621060, `A SnapMirror policy named "${name}" exists.`, 'name', [name]);
  if (taken()) throw refuse();
  return operate(call, {
    svm,
    location: `/api/snapmirror/policies/?name=${encodeURIComponent(name)}`,
    run: () => {
      if (taken()) throw refuse();
      return policyRecord(
        world.engine.addPolicy({ name, kind, rules, svm, comment: textAt(body, 'comment') ?? '' }),
      );
    },
  });
}

function policyInPath(call: Call): MirrorPolicy {
  const policy = call.world.engine.policies.get(param(call, 'uuid'));
  const hidden = policy && call.session.svm && policy.svm && policy.svm !== call.session.svm;
  if (!policy || hidden) throw notFound('uuid');
  return policy;
}

function modify(call: Call): Promise<Reply> {
  const policy = policyInPath(call);
  const { body } = call;
  for (const flag of flags)
    if (body[flag] !== undefined)
      throw new RestError(400, 262196, `Field "${flag}" cannot be set in this operation`, flag);
  const rules = body['retention'] === undefined ? undefined : readRules(body);
  if (policy.kind === 'vault' && rules?.length === 0)
    throw new RestError(400, 13304050, 'A vault policy must have at least one rule.', 'retention');
  return operate(call, {
    svm: policy.svm,
    run: () => {
      if (rules) policy.rules = rules;
      policy.comment = textAt(body, 'comment') ?? policy.comment;
      policy.throttle = Number(textAt(body, 'throttle') ?? policy.throttle);
      return policyRecord(policy);
    },
  });
}

function remove(call: Call): Promise<Reply> {
  const policy = policyInPath(call);
  const { engine } = call.world;
  return operate(call, {
    svm: policy.svm,
    run: () => {
      const used = [...engine.relations.values()].some((relation) => relation.policy === policy);
      if (used || !policy.svm)
        throw new RestError(
          409,
          8,
          `SnapMirror policy "${policy.name}" is in use or belongs to the cluster.`,
        );
      engine.policies.delete(policy.uuid);
      return undefined;
    },
  });
}

export const mirrorPolicyRoutes: readonly Route[] = [
  ...listing({
    collectionPath: '/snapmirror/policies',
    instancePath: '/snapmirror/policies/{uuid}',
    records: ({ world }) => [...world.engine.policies.values()].map(policyRecord),
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
  { method: 'POST', path: '/snapmirror/policies', handle: create },
  { method: 'PATCH', path: '/snapmirror/policies/{uuid}', handle: modify },
  { method: 'DELETE', path: '/snapmirror/policies/{uuid}', handle: remove },
];
