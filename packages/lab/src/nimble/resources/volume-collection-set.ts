import type { Json } from '../../json.ts';
import { newVolumeCollection } from '../model/build-group.ts';
import type { SnapshotCollection, Volume, VolumeCollection } from '../model/objects.ts';
import { abandonSchedule } from '../operations/retention.ts';
import { conflict, exists, notOwner } from '../rest/api-error.ts';
import { type BodySpec, flag, readMetadata, showMetadata, text, updateMetadata } from '../rest/body.ts';
import { type Call, type Created, type Fields, resourceSet, seconds } from '../rest/resource-set.ts';
import { twinsOf } from '../sync/halves.ts';
import { resyncPercentOf, syncStateOf } from '../sync/mirror.ts';
import type { World } from '../world.ts';
import { partnerById, volumeCollectionById } from './lookup.ts';

function snapshotSummary(one: SnapshotCollection | undefined): Json {
  if (!one) return null;
  return {
    snapcoll_id: one.id,
    snapcoll_name: one.name,
    snapcoll_creation_time: seconds(one.createdMs),
  };
}

function volumeList(collection: VolumeCollection, { group }: World): Json {
  const volumes = group.members(collection);
  if (volumes.length === 0) return null;
  return volumes.map(({ id, name }) => ({ id, vol_id: id, vol_name: name }));
}

function volumesWithPools(volumes: readonly Volume[]): Json {
  if (volumes.length === 0) return null;
  return volumes.map(({ id, name, pool }) => ({
    id,
    vol_id: id,
    vol_name: name,
    pool_id: pool.id,
    pool_name: pool.name,
  }));
}

function protectionType(collection: VolumeCollection, { group }: World): string {
  if (group.schedulesOf(collection).length === 0) return 'unprotected';
  return group.isReplica(collection) || group.downstreamPartners(collection).length > 0 ? 'remote' : 'local';
}

/** Age of what the other side holds. */
function lagSeconds(collection: VolumeCollection, { group }: World): number {
  const newest = group.lastReplicated(collection);
  return newest ? seconds(group.clock.now() - newest.createdMs) : 0;
}

function replicatedList(collection: VolumeCollection, { group }: World): Json {
  const newest = group.lastReplicated(collection);
  if (!newest) return null;
  return [
    {
      snapcoll_id: newest.id,
      snapcoll_name: newest.name,
      snapcoll_creation_time: seconds(newest.createdMs),
      downstream_partner_name: newest.replicateTo,
      vol_ids: newest.snapshots.map((one) => ({ vol_id: one.volume.id })),
    },
  ];
}

function live(collection: VolumeCollection, { replicator }: World): { total: number; done: number } {
  const status = replicator.live(collection)?.status ?? [];
  return {
    total: status.reduce((sum, one) => sum + one.bytesTotal, 0),
    done: status.reduce((sum, one) => sum + one.bytesDone, 0),
  };
}

const replicates = (collection: VolumeCollection, { group }: World): boolean =>
  group.downstreamPartners(collection).length > 0;

const isUpstream = ({ snapshots }: SnapshotCollection): boolean =>
  snapshots[0]?.volume.half?.role !== 'downstream';

const fields: Fields<VolumeCollection> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  full_name: ({ name }) => name,
  search_name: ({ name }) => name,
  description: ({ description }) => description,
  repl_priority: ({ priority }) => priority,
  pol_owner_name: ({ owner }) => owner,
  replication_type: ({ sync }) => (sync ? 'synchronous' : 'periodic_snapshot'),
  synchronous_replication_type: ({ sync }) => (sync ? 'soft_available' : 'not_applicable'),
  synchronous_replication_state: (collection, { group }) => syncStateOf(group, collection),
  app_sync: ({ appSync }) => appSync,
  app_server: () => '',
  app_id: () => 'inv',
  app_cluster_name: () => '',
  app_service_name: () => '',
  vcenter_hostname: () => '',
  vcenter_username: () => '',
  agent_hostname: () => '',
  agent_username: () => '',
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified_time: ({ modifiedMs }) => seconds(modifiedMs),
  volume_list: volumeList,
  downstream_volume_list: (collection, world) =>
    collection.sync
      ? volumesWithPools(twinsOf(world.group, collection))
      : world.group.isReplica(collection)
        ? volumesWithPools(world.group.members(collection))
        : null,
  upstream_volume_list: (collection, world) =>
    replicates(collection, world) ? volumesWithPools(world.group.members(collection)) : null,
  volume_count: (collection, { group }) => group.members(collection).length,
  cache_pinned_volume_list: () => null,
  last_snapcoll: ({ snapshotCollections }) => snapshotSummary(snapshotCollections.filter(isUpstream).at(-1)),
  snapcoll_count: ({ snapshotCollections }) => snapshotCollections.filter(isUpstream).length,
  schedule_list: (collection, { group }) => {
    const schedules = group.schedulesOf(collection);
    if (schedules.length === 0) return null;
    return schedules.map(({ id, name }) => ({ id, sched_id: id, sched_name: name }));
  },
  replication_partner: (collection, { group }) => group.downstreamPartners(collection)[0]?.name ?? '',
  last_replicated_snapcoll: (collection, { group }) => snapshotSummary(group.lastReplicated(collection)),
  last_replicated_snapcoll_list: replicatedList,
  protection_type: protectionType,
  lag_time: lagSeconds,
  is_standalone_volcoll: () => false,
  total_repl_bytes: (collection, world) => live(collection, world).total,
  repl_bytes_transferred: (collection, world) => live(collection, world).done,
  is_handing_over: ({ isHandingOver }) => isHandingOver,
  handover_replication_partner: (collection, { group }) =>
    collection.isHandingOver ? (group.downstreamPartners(collection)[0]?.name ?? '') : '',
  metadata: ({ metadata }) => showMetadata(metadata),
  srep_last_sync: ({ sync }) => (sync ? seconds(sync.lastSyncMs) : null),
  srep_resync_percent: (collection, { group }) => resyncPercentOf(group, collection),
};

const common: BodySpec = {
  description: 'text',
  repl_priority: ['normal', 'high'],
  app_sync: ['none', 'vss', 'vmware', 'generic'],
  app_server: 'string',
  app_id: 'string',
  vcenter_hostname: 'string',
  vcenter_username: 'string',
  vcenter_password: 'string',
  agent_hostname: 'string',
  agent_username: 'string',
  agent_password: 'string',
  metadata: 'metadata',
};

function create({ world, data }: Call): Created {
  const name = text(data, 'name') ?? '';
  if (world.group.volumeCollectionNamed(name)) throw exists(name);
  const sync = text(data, 'replication_type') === 'synchronous';
  if (sync && world.group.pools.size < 2)
    throw conflict('SM_srep_volcoll_unsup', 'Synchronous replication needs two pools.');
  const collection = newVolumeCollection(world.group, name, text(data, 'description') ?? '', { sync });
  collection.appSync = text(data, 'app_sync') ?? 'none';
  collection.priority = text(data, 'repl_priority') ?? 'normal';
  collection.metadata = readMetadata(data['metadata']);
  return collection;
}

function update({ world, data }: Call, id: string): Created {
  const collection = volumeCollectionById(world, id);
  if (world.group.isReplica(collection)) throw notOwner(`Volume collection ${collection.name}`);
  const name = text(data, 'name');
  if (name !== undefined && name !== collection.name && world.group.volumeCollectionNamed(name))
    throw exists(name);
  collection.name = name ?? collection.name;
  collection.description = text(data, 'description') ?? collection.description;
  collection.appSync = text(data, 'app_sync') ?? collection.appSync;
  collection.priority = text(data, 'repl_priority') ?? collection.priority;
  updateMetadata(collection.metadata, data['metadata']);
  collection.modifiedMs = world.group.clock.now();
  return collection;
}

/** Its storage snapshots stay on the volumes, unmanaged. */
function remove({ world }: Call, id: string): undefined {
  const { group } = world;
  const collection = volumeCollectionById(world, id);
  if (group.isReplica(collection)) throw notOwner(`Volume collection ${collection.name}`);
  if (group.members(collection).length > 0)
    throw conflict('SM_ebusy', `Volume collection ${collection.name} has volumes.`);
  if (collection.snapshotCollections.some((one) => group.inTransport.has(one)))
    throw conflict('SM_repl_object_busy', `Volume collection ${collection.name} is in use by replication.`);
  for (const schedule of group.schedulesOf(collection)) abandonSchedule(group, schedule);
  for (const one of collection.snapshotCollections) {
    for (const snapshot of one.snapshots) snapshot.collection = undefined;
    group.snapshotCollections.delete(one.id);
  }
  group.volumeCollections.delete(id);
}

const unsupported = ({ name }: VolumeCollection) =>
  conflict('SM_srep_volcoll_unsup', `Not supported for the synchronous volume collection ${name}.`);

function notSync(collection: VolumeCollection): VolumeCollection {
  if (collection.sync) throw unsupported(collection);
  return collection;
}

const partnerArguments: BodySpec = {
  id: 'id',
  replication_partner_id: { kind: 'id', required: true },
  invoke_on_upstream_partner: 'boolean',
};

export const volumeCollectionSet = resourceSet<VolumeCollection>({
  name: 'volume_collections',
  fields,
  list: ({ group }) => group.volumeCollections.values(),
  create: {
    arguments: {
      ...common,
      name: { kind: 'label', required: true },
      prottmpl_id: 'id',
      replication_type: ['periodic_snapshot', 'synchronous'],
    },
    run: create,
  },
  update: { arguments: { ...common, name: 'label' }, run: update },
  remove: { arguments: { force: 'boolean' }, run: remove },
  actions: {
    promote: {
      arguments: { id: 'id' },
      run: ({ world }, id) => {
        world.ownership.promote(notSync(volumeCollectionById(world, id)));
        return undefined;
      },
    },
    demote: {
      arguments: partnerArguments,
      run: ({ world, data }, id) => {
        const partner = partnerById(world, text(data, 'replication_partner_id') ?? '');
        world.ownership.demote(notSync(volumeCollectionById(world, id)), partner);
        return undefined;
      },
    },
    handover: {
      arguments: { ...partnerArguments, no_reverse: 'boolean', override_upstream_down: 'boolean' },
      run: ({ world, data }, id) => {
        const partner = partnerById(world, text(data, 'replication_partner_id') ?? '');
        const collection = volumeCollectionById(world, id);
        const override = flag(data, 'override_upstream_down') ?? false;
        if (collection.sync) {
          if (flag(data, 'invoke_on_upstream_partner')) throw unsupported(collection);
          world.sync.handOver(collection, partner, override);
        } else world.ownership.handOver(collection, partner, !flag(data, 'no_reverse'));
        return undefined;
      },
    },
    abort_handover: {
      arguments: { id: 'id' },
      run: ({ world }, id) => {
        world.ownership.abortHandover(notSync(volumeCollectionById(world, id)));
        return undefined;
      },
    },
    validate: { arguments: { id: 'id' }, run: () => undefined },
  },
});
