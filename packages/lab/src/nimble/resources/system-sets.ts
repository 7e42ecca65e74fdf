import type { Json } from '../../json.ts';
import type { NimbleConfig } from '../config.ts';
import type { ArrayUnit, Group } from '../model/group.ts';
import type { Pool } from '../model/objects.ts';
import { conflict, invalidArgument } from '../rest/api-error.ts';
import { flag, text } from '../rest/body.ts';
import { type Call, type Fields, resourceSet, seconds } from '../rest/resource-set.ts';
import type { World } from '../world.ts';
import { backupLeader, capacityBytes, groupFields, usedBytes } from './group-fields.ts';

const mebibyte = 1024 * 1024;

/** Of the many settings of a group only those of its targets can be changed here. */
function updateGroup({ world: { group }, data }: Call): { readonly id: string } {
  const targetEnabled = flag(data, 'group_target_enabled') ?? group.targetEnabled;
  const scope = text(data, 'default_iscsi_target_scope') ?? group.defaultTargetScope;
  if (scope === 'group' && !targetEnabled) throw invalidArgument('default_iscsi_target_scope');
  // The code is unverified.
  if (!targetEnabled && [...group.volumes.values()].some((one) => one.targetScope === 'group'))
    throw conflict('SM_eperm', 'The group target is in use by volumes.');
  group.targetEnabled = targetEnabled;
  group.defaultTargetScope = scope === 'group' ? 'group' : 'volume';
  return group;
}

export const groupSet = resourceSet<NimbleConfig['group']>({
  name: 'groups',
  fields: groupFields,
  list: ({ group }) => [group.config.group],
  unknown: ({ group }) => (group.config.group.maxLockPeriodSeconds ? [] : ['max_lock_period']),
  update: {
    arguments: { group_target_enabled: 'boolean', default_iscsi_target_scope: ['volume', 'group'] },
    run: updateGroup,
  },
});

const poolOfUnit = (unit: ArrayUnit, group: Group): Pool | undefined =>
  [...group.pools.values()].find((pool) => group.arraysOf(pool).includes(unit));

const arrayFields: Fields<ArrayUnit> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  full_name: ({ name }) => name,
  search_name: ({ name }) => name,
  status: (unit, { group }) => (group.lost.has(unit) ? 'unreachable' : 'reachable'),
  role: (unit, { group }) => {
    if (unit === group.leader) return 'leader';
    return group.pools.size > 1 && unit === backupLeader(group) ? 'backup_leader' : 'member';
  },
  pool_name: (unit, { group }) => poolOfUnit(unit, group)?.name ?? '',
  pool_id: (unit, { group }) => poolOfUnit(unit, group)?.id ?? '',
  model: ({ model }) => model,
  extended_model: ({ model }) => model,
  serial: ({ serial }) => serial,
  version: (_, { group }) => group.config.group.version,
  all_flash: () => true,
  creation_time: (_, { group }) => seconds(group.startMs),
  last_modified: (_, { group }) => seconds(group.startMs),
  usage_valid: () => true,
  usable_capacity_bytes: (_, world) => capacityBytes(world),
  available_bytes: (_, world) => capacityBytes(world) - usedBytes(world),
  usage: (_, world) => usedBytes(world),
};

export const arraySet = resourceSet<ArrayUnit>({
  name: 'arrays',
  fields: arrayFields,
  summary: ['id', 'name', 'full_name', 'search_name'],
  list: ({ group }) => group.arrays,
});

const volumesIn = (pool: Pool, { group }: World) =>
  [...group.volumes.values()].filter((volume) => volume.pool === pool);

const poolFields: Fields<Pool> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  full_name: ({ name }) => name,
  search_name: ({ name }) => name,
  description: ({ description }) => description,
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ modifiedMs }) => seconds(modifiedMs),
  capacity: ({ capacityMib }) => capacityMib * mebibyte,
  usage: ({ account }) => account.usedBytes,
  free_space: ({ capacityMib, account }) => capacityMib * mebibyte - account.usedBytes,
  usage_valid: () => true,
  snap_count: (pool, world) => volumesIn(pool, world).reduce((sum, one) => sum + one.snapshots.length, 0),
  snapcoll_count: (_, { group }) => group.snapshotCollections.size,
  vol_count: (pool, world) => volumesIn(pool, world).length,
  array_count: (pool, { group }) => group.arraysOf(pool).length,
  array_list: (pool, { group }) =>
    group.arraysOf(pool).map(({ id, name }) => ({ id, array_id: id, name, array_name: name })),
  vol_list: (pool, world): Json => {
    const volumes = volumesIn(pool, world);
    return volumes.length === 0 ? null : volumes.map(({ id, name }) => ({ id, name, vol_id: id }));
  },
  is_default: ({ name }) => name === 'default',
  dedupe_capable: () => false,
};

export const poolSet = resourceSet<Pool>({
  name: 'pools',
  fields: poolFields,
  list: ({ group }) => group.pools.values(),
});

interface PolicyRow {
  readonly id: string;
}

export const performancePolicySet = resourceSet<PolicyRow>({
  name: 'performance_policies',
  fields: {
    id: ({ id }) => id,
    name: () => 'default',
    full_name: () => 'default',
    search_name: () => 'default',
    description: () => 'Default performance policy',
    block_size: () => 4096,
    compress: () => true,
    cache: () => true,
    cache_policy: () => 'normal',
    space_policy: () => 'offline',
    app_category: () => 'Other',
    dedupe_enabled: () => false,
    deprecated: () => false,
    predefined: () => true,
  },
  list: ({ group }) => [{ id: group.performancePolicyId }],
});

interface SoftwareRow {
  readonly version: string;
}

export const softwareVersionSet = resourceSet<SoftwareRow>({
  name: 'software_versions',
  fields: {
    version: ({ version }) => version,
    name: ({ version }) => version,
    status: () => 'installed',
    signature: () => '',
    total_bytes: () => 0,
    downloaded_bytes: () => 0,
  },
  summary: ['version'],
  list: ({ group }) => [{ version: group.config.group.version }],
  id: ({ version }) => version,
});
