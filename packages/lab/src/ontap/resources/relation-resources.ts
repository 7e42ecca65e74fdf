import { type JsonObject, textAt } from '../../json.ts';
import { PeerUnreachable } from '../intercluster/client.ts';
import { isVaultKind, type MirrorPolicy, policyType } from '../mirror/mirror-policy.ts';
import type { Relation } from '../mirror/relation.ts';
import { changeState } from '../mirror/relation-states.ts';
import { listing } from '../rest/collection.ts';
import { operate } from '../rest/operation.ts';
import { type Call, flag, param, type Reply, type Route } from '../rest/request.ts';
import { notFound, RestError } from '../rest/rest-error.ts';
import { changeGroupState, groupRelationOf, groupRelationRecord } from './group-relation-resources.ts';
import { createRelation } from './relation-create.ts';
import { destinationRecord, relationRecord } from './relation-record.ts';

function relationRecords(call: Call): JsonObject[] {
  const { world, session } = call;
  if (!flag(call, 'list_destinations_only'))
    return [
      ...[...world.engine.relations.values()]
        .filter(({ group }) => group === undefined)
        .map((relation) => relationRecord(world, relation)),
      ...[...world.engine.groupRelations.values()].map((group) => groupRelationRecord(world, group)),
    ];
  // From 9.12.1 on, calls confined to an SVM by headers do not list them.
  if (session.tunnelled && world.cluster.release[1] >= 12) return [];
  const records = [...world.source.destinations.values()].map((known) => destinationRecord(world, known));
  // The volumes of one relation between groups are one record.
  return [...new Map(records.map((record) => [record['uuid'], record])).values()];
}

export function relationInPath(call: Call, name: string): Relation {
  const relation = call.world.engine.relations.get(param(call, name));
  const { svm } = call.session;
  if (!relation || relation.group || (svm && relation.destination.svm !== svm)) throw notFound(name);
  return relation;
}

/** Policies of the SVM go before the cluster's of the same name. */
export function policyNamed(
  call: Call,
  wanted: JsonObject,
  relation: Pick<Relation, 'destination'>,
): MirrorPolicy {
  const name = textAt(wanted, 'name');
  const uuid = textAt(wanted, 'uuid');
  const { svm } = relation.destination;
  const candidates = [...call.world.engine.policies.values()].filter(
    (one) =>
      (one.svm === undefined || one.svm === svm) &&
      (uuid === undefined ? one.name === name : one.uuid === uuid),
  );
  const found = candidates.find((one) => one.svm) ?? candidates[0];
  if (!found)
    throw new RestError(400, 13303866, `SnapMirror policy "${name ?? uuid}" does not exist.`, 'policy');
  return found;
}

function modify(call: Call): Promise<Reply> {
  const { body, world } = call;
  const group = groupRelationOf(call, param(call, 'uuid'));
  if (group)
    return operate(call, {
      svm: group.svm,
      run: async () => {
        if (flag(call, 'failover')) {
          await world.sync.failOver(group);
          return undefined;
        }
        if (typeof body['state'] === 'string') await changeGroupState(world, group, body['state']);
        return groupRelationRecord(world, group);
      },
    });
  const relation = relationInPath(call, 'uuid');
  const policy =
    body['policy'] === undefined ? undefined : policyNamed(call, objectOf(body['policy']), relation);
  if (policy && !compatible(relation.policy, policy))
    throw new RestError(
      400,
      13303867,
      'The policy of a relationship cannot be changed to one of another kind.',
      'policy',
    );
  return operate(call, {
    svm: relation.destination.svm,
    run: async () => {
      if (!world.engine.relations.has(relation.uuid)) throw notFound('uuid');
      if (policy) relation.policy = policy;
      const { throttle, state } = body;
      if (typeof throttle === 'number') relation.throttle = throttle;
      if (typeof state === 'string')
        await changeState(world.engine, relation, state, textAt(body, 'restore_to_snapshot'));
      return relationRecord(world, relation);
    },
  });
}

function compatible(from: MirrorPolicy, to: MirrorPolicy): boolean {
  return policyType(from.kind) === policyType(to.kind) && isVaultKind(from.kind) === isVaultKind(to.kind);
}

const objectOf = (value: JsonObject[string]): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

function remove(call: Call): Promise<Reply> {
  const { world } = call;
  const uuid = param(call, 'uuid');
  const known = world.source.destinations.get(uuid);
  if (known && (flag(call, 'source_only') || flag(call, 'source_info_only')))
    return operate(call, {
      svm: undefined,
      run: async () => {
        await world.sync.answer({ method: 'release', relation: uuid });
        return undefined;
      },
    });
  const group = groupRelationOf(call, uuid);
  const relation = group ? undefined : relationInPath(call, 'uuid');
  const keepSource = flag(call, 'destination_only');
  return operate(call, {
    svm: group?.svm ?? relation?.destination.svm,
    run: async () => {
      if (relation && !world.engine.relations.has(relation.uuid)) throw notFound('uuid');
      try {
        if (group) await world.engine.removeGroupRelation(group, keepSource);
        if (relation) await world.engine.removeRelation(relation, keepSource);
      } catch (error) {
        if (error instanceof PeerUnreachable)
          throw new RestError(500, 13303822, 'Releasing the relationship on the source cluster failed.');
        throw error;
      }
      return undefined;
    },
  });
}

export const relationRoutes: readonly Route[] = [
  ...listing({
    collectionPath: '/snapmirror/relationships',
    instancePath: '/snapmirror/relationships/{uuid}',
    records: relationRecords,
    always: ['uuid', 'source.path', 'destination.path'],
    keys: { uuid: 'uuid' },
    scope: 'destination.svm.uuid',
  }),
  { method: 'POST', path: '/snapmirror/relationships', handle: createRelation },
  { method: 'PATCH', path: '/snapmirror/relationships/{uuid}', handle: modify },
  { method: 'DELETE', path: '/snapmirror/relationships/{uuid}', handle: remove },
];
