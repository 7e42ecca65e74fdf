import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { Metadata, SnapshotCollection, VolumeCollection } from '../model/objects.ts';
import { deleteCollection, partnerFor, takeCollection } from '../operations/collection-operations.ts';
import { conflict, exists, invalidArgument, notFound, unexpectedArgument } from '../rest/api-error.ts';
import {
  type BodySpec,
  flag,
  integer,
  readMetadata,
  showMetadata,
  text,
  updateMetadata,
} from '../rest/body.ts';
import { type Call, type Created, type Fields, resourceSet, seconds } from '../rest/resource-set.ts';
import { residence } from '../sync/coordinated.ts';
import type { World } from '../world.ts';
import { snapshotCollectionById, volumeCollectionById } from './lookup.ts';
import { checkReplicaDelete, expiryTime, lockPeriod, showToHosts } from './snapshot-set.ts';

function onlineStatus({ snapshots }: SnapshotCollection): string {
  const online = snapshots.filter((one) => one.online).length;
  if (online === 0) return 'offline';
  return online === snapshots.length ? 'online' : 'partial';
}

function members({ snapshots, id, scheduleName, schedule }: SnapshotCollection, world: World): Json {
  if (snapshots.length === 0) return null;
  return snapshots.map((snapshot) => ({
    id: snapshot.id,
    snap_id: snapshot.id,
    name: snapshot.name,
    snap_name: snapshot.name,
    vol_id: snapshot.volume.id,
    vol_name: snapshot.volume.name,
    snapcoll_id: id,
    schedule_id: schedule?.id ?? '',
    schedule_name: scheduleName,
    expiry_time: expiryTime(world, snapshot),
  }));
}

const fields: Fields<SnapshotCollection> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  description: ({ description }) => description,
  volcoll_name: ({ volumeCollection }) => volumeCollection.name,
  volcoll_id: ({ volumeCollection }) => volumeCollection.id,
  origin_name: ({ originName }) => originName,
  is_replica: ({ isReplica }) => isReplica,
  srep_owner_name: (one, { group }) => residence(group, one)?.name ?? null,
  srep_owner_id: (one, { group }) => residence(group, one)?.id ?? null,
  peer_snapcoll_id: ({ peer }) => peer?.id ?? null,
  num_snaps: ({ snapshots }) => snapshots.length,
  is_complete: () => true,
  is_manual: ({ isManual }) => isManual,
  is_external_trigger: ({ isExternalTrigger }) => isExternalTrigger,
  is_unmanaged: ({ isUnmanaged }) => isUnmanaged,
  is_manually_managed: ({ isManual }) => isManual,
  repl_status: ({ replicationStatus }) => replicationStatus,
  repl_start_time: ({ replicationStartMs }) => seconds(replicationStartMs),
  repl_complete_time: ({ replicationCompleteMs }) => seconds(replicationCompleteMs),
  repl_bytes_transferred: ({ replicatedBytes }) => replicatedBytes,
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ modifiedMs }) => seconds(modifiedMs),
  online_status: onlineStatus,
  snapshots_list: members,
  replicate: ({ replicate }) => replicate,
  replicate_to: ({ replicateTo }) => replicateTo,
  allow_writes: ({ allowWrites }) => allowWrites,
  sched_id: ({ schedule }) => schedule?.id ?? '',
  sched_name: ({ scheduleName }) => scheduleName,
  agent_type: ({ agentType }) => agentType,
  expiry_after: ({ expiryAfterSeconds }) => expiryAfterSeconds,
  metadata: ({ metadata }) => showMetadata(metadata),
  has_locked_snapshots: ({ snapshots }, { group }) =>
    snapshots.some((one) => one.lockedUntilMs > group.clock.now()),
};

const createArguments: BodySpec = {
  name: { kind: 'name', required: true },
  volcoll_id: { kind: 'id', required: true },
  description: 'text',
  replicate: 'boolean',
  replicate_to: 'string',
  start_online: 'boolean',
  allow_writes: 'boolean',
  disable_appsync: 'boolean',
  is_external_trigger: 'boolean',
  snap_verify: 'boolean',
  skip_db_consistency_check: 'boolean',
  invoke_on_upstream_partner: 'boolean',
  vol_snap_attr_list: 'list',
  agent_type: ['none', 'smis', 'vvol', 'openstack', 'openstackv2'],
  expiry_after: 'integer',
  metadata: 'metadata',
  lock_period: 'integer',
};

async function create(call: Call): Promise<Created | undefined> {
  const { world, data } = call;
  const collection = volumeCollectionById(world, text(data, 'volcoll_id') ?? '');
  if (flag(data, 'invoke_on_upstream_partner') && collection.sync)
    throw conflict('SM_srep_volcoll_unsup', `Not supported for ${collection.name}.`);
  if (flag(data, 'invoke_on_upstream_partner') && world.group.isReplica(collection)) {
    await world.ownership.takeUpstream(collection, data);
    return undefined;
  }
  return takeByRequest(call, collection, await world.sync.isTorn(collection));
}

/** What a call asks for, on the group that owns the volume collection. */
function takeByRequest(
  call: Pick<Call, 'world' | 'data'>,
  collection: VolumeCollection,
  torn = false,
): SnapshotCollection {
  const { world, data } = call;
  const replicateTo = text(data, 'replicate_to');
  const made = takeCollection(world.group, collection, {
    name: text(data, 'name') ?? '',
    description: text(data, 'description') ?? '',
    replicate: flag(data, 'replicate') ?? false,
    ...(replicateTo ? { replicateTo } : {}),
    allowWrites: flag(data, 'allow_writes') ?? false,
    isExternalTrigger: flag(data, 'is_external_trigger') ?? false,
    agentType: text(data, 'agent_type') ?? 'none',
    expiryAfterSeconds: integer(data, 'expiry_after') ?? 0,
    lockPeriodSeconds: lockPeriod(call),
    metadata: readMetadata(data['metadata']),
    perVolume: perVolume(data['vol_snap_attr_list']),
    torn,
  });
  if (flag(data, 'start_online')) for (const one of made.snapshots) showToHosts(world, one);
  world.replicator.wake(collection);
  return made;
}

function perVolume(list: Json | undefined): Map<string, { metadata: Metadata; appUuid: string }> {
  const attributes = new Map<string, { metadata: Metadata; appUuid: string }>();
  if (!Array.isArray(list)) return attributes;
  for (const one of list) {
    const volumeId = isObject(one) ? one['vol_id'] : undefined;
    if (!isObject(one) || typeof volumeId !== 'string') throw invalidArgument('vol_snap_attr_list');
    attributes.set(volumeId, {
      metadata: readMetadata(one['metadata']),
      appUuid: String(one['app_uuid'] ?? ''),
    });
  }
  return attributes;
}

function update({ world, data }: Call, id: string): Created {
  const collection = snapshotCollectionById(world, id);
  const { volumeCollection } = collection;
  const name = text(data, 'name');
  const { peer } = collection;
  const taken = volumeCollection.snapshotCollections.some(
    (one) => one !== collection && one !== peer && one.name === name,
  );
  if (volumeCollection.sync && data['replicate'] !== undefined) throw unexpectedArgument('replicate');
  if (name !== undefined && taken) throw exists(name);
  collection.name = name ?? collection.name;
  collection.description = text(data, 'description') ?? collection.description;
  updateMetadata(collection.metadata, data['metadata']);
  setExpiry(collection, data);
  if (flag(data, 'replicate') === true && !collection.replicate) {
    if (collection.isReplica) throw conflict('SM_not_owner', 'The snapshot collection is a replica.');
    collection.replicateTo = partnerFor(world.group, volumeCollection, undefined).name;
    collection.replicate = true;
    collection.replicationStatus = 'pending';
    world.replicator.wake(volumeCollection);
  }
  collection.modifiedMs = world.group.clock.now();
  return collection;
}

function setExpiry(collection: SnapshotCollection, data: JsonObject): void {
  const after = integer(data, 'expiry_after');
  if (after === undefined) return;
  collection.expiryAfterSeconds = after;
  for (const one of collection.snapshots) one.expiryAfterSeconds = after;
}

function remove({ world, data }: Call, id: string): undefined {
  const collection = snapshotCollectionById(world, id);
  if (collection.isReplica && !collection.volumeCollection.sync) checkReplicaDelete(world, collection.name);
  deleteCollection(world.group, collection, flag(data, 'force') ?? false);
}

export const snapshotCollectionSet = resourceSet<SnapshotCollection>({
  name: 'snapshot_collections',
  fields,
  summary: ['id', 'name', 'volcoll_id', 'volcoll_name', 'creation_time'],
  list: ({ group }) =>
    [...group.snapshotCollections.values()].filter((one) => one.visibleFromMs <= group.clock.now()),
  unknown: ({ group }) => (group.config.group.maxLockPeriodSeconds ? [] : ['has_locked_snapshots']),
  create: { arguments: createArguments, run: create },
  update: {
    arguments: {
      name: 'name',
      description: 'text',
      replicate: 'boolean',
      metadata: 'metadata',
      expiry_after: 'integer',
    },
    run: update,
  },
  remove: { arguments: { force: 'boolean' }, run: remove },
});

/** What the downstream partner asks for, on the group that owns the volume collection. */
export function takeForPartner(world: World, lineage: string, data: JsonObject): void {
  const collection = [...world.group.volumeCollections.values()].find((one) => one.lineage === lineage);
  if (!collection) throw notFound();
  takeByRequest({ world, data }, collection);
}
