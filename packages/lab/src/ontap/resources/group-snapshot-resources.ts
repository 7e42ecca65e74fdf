import { type JsonObject, textAt } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import { operate } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { invalidValue, missingField, notFound, RestError } from '../rest/rest-error.ts';
import { isoSeconds } from '../rest/times.ts';
import { checkDeletable, createSnapshot, removeSnapshot } from '../storage/snapshot-operations.ts';
import {
  type ConsistencyGroup,
  type GroupSnapshot,
  type PendingSnapshot,
  volumesOf,
} from './consistency-group.ts';
import { groupInPath } from './group-resources.ts';
import { checkSnapshotName } from './snapshot-resources.ts';
import { svmReference } from './svm-resources.ts';
import { volumeReference } from './volume-record.ts';

const path = '/application/consistency-groups/{consistency_group.uuid}/snapshots';

function snapshotRecord(group: ConsistencyGroup, snapshot: GroupSnapshot): JsonObject {
  const missing = snapshot.members.filter((one) => !one.volume.snapshots.includes(one.snapshot));
  const kept = snapshot.members.filter((one) => !missing.includes(one));
  return {
    uuid: snapshot.uuid,
    name: snapshot.name,
    comment: snapshot.comment || undefined,
    snapmirror_label: snapshot.label || undefined,
    consistency_type: snapshot.consistencyType,
    create_time: isoSeconds(snapshot.createMs),
    consistency_group: { name: group.name, uuid: group.uuid },
    svm: svmReference(group.svm),
    is_partial: missing.length > 0,
    missing_volumes: missing.length > 0 ? missing.map((one) => volumeReference(one.volume)) : undefined,
    snapshot_volumes: kept.map((one) => ({
      volume: volumeReference(one.volume),
      snapshot: { name: one.snapshot.name, uuid: one.snapshot.uuid },
    })),
  };
}

/** One storage snapshot of every member, at one instant; all or none. */
function take(call: Call, group: ConsistencyGroup, wanted: PendingSnapshot): GroupSnapshot {
  const { cluster } = call.world;
  const { name, comment, label } = wanted;
  const members: GroupSnapshot['members'][number][] = [];
  try {
    for (const volume of volumesOf(group))
      members.push({ volume, snapshot: createSnapshot(cluster, volume, { name, comment, label }) });
  } catch (error) {
    for (const { volume, snapshot } of members) removeSnapshot(volume, snapshot);
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new RestError(
      409,
      53411921,
      `Creating snapshot "${name}" of group "${group.name}" failed: ${reason}`,
    );
  }
  const { uuid, consistencyType } = wanted;
  const made = { uuid, name, comment, label, consistencyType, createMs: cluster.clock.now(), members };
  group.snapshots.push(made);
  return made;
}

/** Synchronous relations of the volumes have it on the other side too, before anybody is answered. */
async function carried(call: Call, group: ConsistencyGroup, made: GroupSnapshot): Promise<JsonObject> {
  await call.world.sync.sources.taken(made.members);
  return snapshotRecord(group, made);
}

function create(call: Call): Promise<Reply> {
  const { body, query, world } = call;
  const group = groupInPath(call, 'consistency_group.uuid');
  const name = textAt(body, 'name');
  if (name === undefined) throw missingField('name');
  checkSnapshotName(name);
  const action = query.get('action') ?? undefined;
  if (action !== undefined && action !== 'start') throw invalidValue(action, 'action');
  if (action !== undefined && world.cluster.release[1] < 11) throw invalidValue(action, 'action');
  const timeout = Number(query.get('action_timeout') ?? 7);
  if (!Number.isInteger(timeout) || timeout < 5 || timeout > 120)
    throw invalidValue(String(timeout), 'action_timeout');
  const { cluster } = world;
  const wanted = {
    uuid: cluster.randomness.uuid(),
    name,
    comment: textAt(body, 'comment') ?? '',
    label: textAt(body, 'snapmirror_label') ?? '',
    consistencyType: textAt(body, 'consistency_type') ?? 'crash',
  };
  return operate(call, {
    svm: group.svm,
    location: `/api/application/consistency-groups/${group.uuid}/snapshots/${wanted.uuid}`,
    run: async () => {
      const now = cluster.clock.now();
      if ((group.pending?.untilMs ?? 0) > now)
        throw new RestError(409, 53411918, 'Another snapshot operation of the group is open.');
      if (group.snapshots.some((one) => one.name === name))
        throw new RestError(409, 53411921, `Snapshot "${name}" of group "${group.name}" exists.`, 'name', [
          name,
        ]);
      if (action === 'start') {
        group.pending = { ...wanted, untilMs: now + timeout * cluster.config.behaviour.actionSecondMs };
        return { uuid: wanted.uuid, name };
      }
      return await carried(call, group, take(call, group, { ...wanted, untilMs: now }));
    },
  });
}

function commit(call: Call): Promise<Reply> {
  const group = groupInPath(call, 'consistency_group.uuid');
  const action = call.query.get('action');
  if (action === null) throw missingField('action');
  if (action !== 'commit') throw invalidValue(action, 'action');
  const { pending } = group;
  if (pending?.uuid !== param(call, 'uuid')) throw notFound('uuid');
  return operate(call, {
    svm: group.svm,
    run: async () => {
      if (group.pending === pending) group.pending = undefined;
      if (pending.untilMs < call.world.cluster.clock.now())
        throw new RestError(409, 53411925, 'The snapshot operation timed out before it was committed.');
      return await carried(call, group, take(call, group, pending));
    },
  });
}

function remove(call: Call): Promise<Reply> {
  const group = groupInPath(call, 'consistency_group.uuid');
  const found = group.snapshots.find((one) => one.uuid === param(call, 'uuid'));
  if (!found) throw notFound('uuid');
  const { cluster } = call.world;
  return operate(call, {
    svm: group.svm,
    run: async () => {
      const kept = found.members.filter((one) => one.volume.snapshots.includes(one.snapshot));
      for (const { volume, snapshot } of kept) {
        if (snapshot.holds.size > 0)
          throw new RestError(409, 53412008, `Snapshot "${snapshot.name}" is a replication reference.`);
        checkDeletable(cluster, volume, snapshot);
      }
      for (const { volume, snapshot } of kept) removeSnapshot(volume, snapshot);
      group.snapshots = group.snapshots.filter((one) => one !== found);
      await call.world.sync.sources.deleted(kept);
      return undefined;
    },
  });
}

export const groupSnapshotRoutes: readonly Route[] = [
  ...listing({
    collectionPath: path,
    instancePath: `${path}/{uuid}`,
    records: (call) => {
      const group = groupInPath(call, 'consistency_group.uuid');
      return group.snapshots.map((snapshot) => snapshotRecord(group, snapshot));
    },
    always: ['uuid', 'name', 'consistency_group.uuid'],
    keys: { 'consistency_group.uuid': 'consistency_group.uuid', uuid: 'uuid' },
  }),
  { method: 'POST', path, handle: create },
  { method: 'PATCH', path: `${path}/{uuid}`, handle: commit },
  { method: 'DELETE', path: `${path}/{uuid}`, handle: remove },
];
