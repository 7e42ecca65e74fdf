import type { JsonObject } from '../../json.ts';
import type { Snapshot, Volume } from '../model/objects.ts';
import { addAccessRecord } from '../operations/access-operations.ts';
import {
  addVolume,
  deleteVolume,
  type NewVolume,
  restoreVolume,
  setAgent,
  setOnline,
} from '../operations/volume-operations.ts';
import {
  ApiError,
  conflict,
  exists,
  invalidArgument,
  missingArgument,
  notOwner,
  unexpectedArgument,
} from '../rest/api-error.ts';
import { type BodySpec, flag, integer, readMetadata, text, updateMetadata } from '../rest/body.ts';
import { type Call, type Created, resourceSet } from '../rest/resource-set.ts';
import { lostArray, refuseDownstream } from '../sync/coordinated.ts';
import { loseSync } from '../sync/mirror.ts';
import { dissolvePair, joinPair } from '../sync/pairs.ts';
import { poolOf, snapshotById, volumeById, volumeCollectionById } from './lookup.ts';
import { volumeFields } from './volume-fields.ts';

const agentTypes = ['none', 'smis', 'vvol', 'openstack', 'openstackv2'];

const common: BodySpec = {
  size: 'integer',
  description: 'text',
  online: 'boolean',
  perfpolicy_id: 'id',
  reserve: 'integer',
  warn_level: 'integer',
  limit: 'integer',
  snap_limit: 'limit',
  multi_initiator: 'boolean',
  read_only: 'boolean',
  metadata: 'metadata',
  folder_id: 'id',
  thinly_provisioned: 'boolean',
  limit_iops: 'string',
  limit_mbps: 'string',
  dedupe_enabled: 'boolean',
  cache_pinned: 'boolean',
  app_uuid: 'string',
  agent_type: agentTypes,
};

const createArguments: BodySpec = {
  ...common,
  name: { kind: 'name', required: true },
  pool_id: 'id',
  pool_name: 'label',
  block_size: 'integer',
  iscsi_target_scope: ['volume', 'group'],
  clone: 'boolean',
  base_snap_id: 'id',
  inherit_acl: 'boolean',
  encryption_cipher: ['none', 'aes_256_xts'],
  dest_pool_id: 'id',
};

const updateArguments: BodySpec = {
  ...common,
  name: 'name',
  force: 'boolean',
  volcoll_id: 'id',
  owned_by_group_id: 'id',
};

function create(call: Call): Created {
  const { world, data } = call;
  const clone = flag(data, 'clone') ?? false;
  const name = text(data, 'name') ?? '';
  if (clone) return createClone(call, name);
  if (text(data, 'base_snap_id')) throw unexpectedArgument('base_snap_id');
  const sizeMib = integer(data, 'size');
  if (sizeMib === undefined) throw missingArgument('size');
  if (sizeMib === 0) throw invalidArgument('size');
  const scope = text(data, 'iscsi_target_scope');
  const blockSize = integer(data, 'block_size');
  return addVolume(world.group, {
    ...newVolumeFacts(data, name),
    pool: poolOf(world, data),
    sizeMib,
    ...(scope === 'volume' || scope === 'group' ? { targetScope: scope } : {}),
    ...(blockSize === undefined ? {} : { blockSize }),
  });
}

/** Size, block size, pool and target scope come from the parent. */
function createClone({ world, data }: Call, name: string): Created {
  const baseId = text(data, 'base_snap_id');
  if (!baseId) throw missingArgument('base_snap_id');
  for (const argument of ['size', 'block_size', 'pool_id', 'pool_name'])
    if (data[argument] !== undefined) throw unexpectedArgument(argument);
  const base = snapshotById(world, baseId);
  const { pool } = base.volume;
  if (!world.group.isReachable(pool)) throw lostArray(base.volume);
  const facts = newVolumeFacts(data, name);
  const volume = addVolume(world.group, { ...facts, pool, sizeMib: base.sizeMib, base });
  if (flag(data, 'inherit_acl')) inheritAccess(world.group, base, volume);
  return volume;
}

function inheritAccess(group: Call['world']['group'], base: Snapshot, volume: Volume): void {
  for (const { initiatorGroup, chapUser, applyTo } of group.recordsOf(base.volume))
    addAccessRecord(group, { volume, initiatorGroup, chapUser, applyTo });
}

/** `read_only` at creation is ignored by the system. */
function newVolumeFacts(data: JsonObject, name: string): Omit<NewVolume, 'pool' | 'sizeMib'> {
  return {
    name,
    description: text(data, 'description') ?? '',
    online: flag(data, 'online') ?? true,
    multiInitiator: flag(data, 'multi_initiator') ?? false,
    agentType: text(data, 'agent_type') ?? 'none',
    metadata: readMetadata(data['metadata']),
  };
}

function update({ world, data }: Call, id: string): Created {
  const { group, port } = world;
  const volume = volumeById(world, id);
  refuseDownstream(volume);
  if (!group.isReachable(volume.pool)) throw lostArray(volume);
  claim(world.group, volume, data);
  const online = flag(data, 'online');
  const others = Object.keys(data).filter((name) => !['online', 'force', 'owned_by_group_id'].includes(name));
  if (group.isReplica(volume) && (others.length > 0 || online !== undefined))
    throw notOwner(`Volume ${volume.name}`);
  const name = text(data, 'name');
  if (name !== undefined && name !== volume.name && group.volumeNamed(name)) throw exists(name);
  setAgent(group, volume, text(data, 'agent_type') ?? volume.agentType);
  resize(world, volume, data);
  if (online !== undefined) setOnline(group, port, volume, { online, force: flag(data, 'force') ?? false });
  volume.name = name ?? volume.name;
  if (volume.half) volume.half.twin.name = volume.name;
  volume.description = text(data, 'description') ?? volume.description;
  volume.readOnly = flag(data, 'read_only') ?? volume.readOnly;
  volume.multiInitiator = flag(data, 'multi_initiator') ?? volume.multiInitiator;
  volume.limitPercent = integer(data, 'limit') ?? volume.limitPercent;
  updateMetadata(volume.metadata, data['metadata']);
  const collectionId = text(data, 'volcoll_id');
  if (collectionId !== undefined) {
    const former = volume.collection;
    volume.collection = collectionId === '' ? undefined : joined(world, volume, collectionId);
    if (former && !volume.collection) dissolvePair(group, volume);
    try {
      joinPair(group, volume);
    } catch (error) {
      volume.collection = former;
      throw error;
    }
  }
  volume.modifiedMs = group.clock.now();
  return volume;
}

function joined(world: Call['world'], volume: Volume, collectionId: string) {
  const collection = volumeCollectionById(world, collectionId);
  if (world.group.isReplica(collection)) throw notOwner(`Volume collection ${collection.name}`);
  if (volume.collection && volume.collection !== collection)
    throw conflict('SM_vol_assoc_volcoll', `Volume ${volume.name} is in another volume collection.`);
  return collection;
}

/** Ownership of a replica that left its collection may be taken over. */
function claim(group: Call['world']['group'], volume: Volume, data: JsonObject): void {
  const owner = text(data, 'owned_by_group_id');
  if (owner === undefined) return;
  if (owner !== group.id) throw invalidArgument('owned_by_group_id');
  if (volume.collection && group.isReplica(volume))
    throw conflict('SM_vol_assoc_volcoll', `Volume ${volume.name} is in a replicated volume collection.`);
  volume.ownedBy = group.name;
  volume.offlineReason = volume.online ? null : 'user';
}

function resize(world: Call['world'], volume: Volume, data: JsonObject): void {
  const sizeMib = integer(data, 'size');
  if (sizeMib === undefined || sizeMib === volume.sizeMib) return;
  if (sizeMib === 0) throw invalidArgument('size');
  if (sizeMib < volume.sizeMib) {
    if (!flag(data, 'force'))
      throw new ApiError(
        409,
        'SM_vol_size_decreased',
        `The size of volume ${volume.name} would be decreased; use force option.`,
      );
    volume.map.truncate(sizeMib * 1024 * 1024, volume.pool.account);
  }
  volume.sizeMib = sizeMib;
  if (volume.half) {
    const { twin } = volume.half;
    if (sizeMib < twin.sizeMib) twin.map.truncate(sizeMib * 1024 * 1024, twin.pool.account);
    twin.sizeMib = sizeMib;
  }
  world.port.sizeChanged(volume.serial);
}

function restore({ world, data }: Call, id: string): undefined {
  const volume = volumeById(world, id);
  const base = snapshotById(world, text(data, 'base_snap_id') ?? '');
  if (base.volume !== volume) throw invalidArgument('base_snap_id');
  if (world.group.isReplica(volume)) throw notOwner(`Volume ${volume.name}`);
  refuseDownstream(volume);
  if (volume.collection && volume.half) loseSync(world.group, volume.collection);
  restoreVolume(volume, base);
}

export const volumeSet = resourceSet<Volume>({
  name: 'volumes',
  fields: volumeFields,
  list: ({ group }) => group.volumes.values(),
  unknown: ({ group }) => (group.config.group.maxLockPeriodSeconds ? [] : ['has_locked_snapshots']),
  create: { arguments: createArguments, run: create },
  update: { arguments: updateArguments, run: update },
  remove: {
    arguments: { force: 'boolean' },
    run: ({ world }, id) => {
      const volume = volumeById(world, id);
      if (!world.group.isReachable(volume.pool)) throw lostArray(volume);
      deleteVolume(world.group, volume);
      return undefined;
    },
  },
  actions: {
    restore: { arguments: { id: 'id', base_snap_id: { kind: 'id', required: true } }, run: restore },
  },
});
