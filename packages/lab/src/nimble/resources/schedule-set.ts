import type { Json, JsonObject } from '../../json.ts';
import { newSchedule } from '../model/build-group.ts';
import type { Partner, Schedule, VolumeCollection } from '../model/objects.ts';
import { abandonSchedule } from '../operations/retention.ts';
import { conflict, exists, invalidArgument, notFound, notOwner } from '../rest/api-error.ts';
import { type BodySpec, flag, integer, text } from '../rest/body.ts';
import { type Call, type Created, type Fields, resourceSet, seconds } from '../rest/resource-set.ts';
import { resyncPercentOf } from '../sync/mirror.ts';
import { configurePairs } from '../sync/pairs.ts';
import type { World } from '../world.ts';
import { scheduleById, volumeCollectionById } from './lookup.ts';

function lastReplicated({ volumeCollection }: Schedule, { group }: World) {
  return group.lastReplicated(volumeCollection);
}

/** The queue of a collection shows in those of its schedules that replicate to that partner. */
function live(schedule: Schedule, { replicator }: World) {
  const found = replicator.live(schedule.volumeCollection);
  return found?.snapshotCollection.replicateTo === schedule.partner?.name ? found : undefined;
}

function volumeStatus(schedule: Schedule, world: World): Json {
  const status = live(schedule, world)?.status;
  if (!status) return null;
  return status.map((one) => ({
    name: one.volumeName,
    snap_name: one.snapshotName,
    status: one.status,
    internal_status: one.status,
    repl_bytes_done: one.bytesDone,
    repl_bytes_total: one.bytesTotal,
  }));
}

/** How far the resync of each volume of a synchronous collection is. */
function syncStatus({ volumeCollection }: Schedule, { group }: World): Json {
  const percent = resyncPercentOf(group, volumeCollection);
  const volumes = volumeCollection.sync ? group.members(volumeCollection) : [];
  if (volumes.length === 0) return null;
  return volumes.map(({ name, map }) => ({
    name,
    resync_active: percent !== null,
    resync_bytes_done: percent === null ? 0 : Math.floor((map.usedBytes * percent) / 100),
    resync_bytes_total: percent === null ? 0 : map.usedBytes,
  }));
}

const fields: Fields<Schedule> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  description: ({ description }) => description,
  volcoll_or_prottmpl_type: () => 'volume_collection',
  volcoll_or_prottmpl_id: ({ volumeCollection }) => volumeCollection.id,
  period: ({ period }) => period,
  period_unit: ({ periodUnit }) => periodUnit,
  at_time: ({ atTimeSeconds }) => atTimeSeconds,
  until_time: ({ untilTimeSeconds }) => untilTimeSeconds,
  days: ({ days }) => days,
  num_retain: ({ retain }) => retain,
  downstream_partner: ({ partner }) => partner?.name ?? '',
  downstream_partner_name: ({ partner }) => partner?.name ?? '',
  downstream_partner_id: ({ partner }) => partner?.id ?? '',
  upstream_partner_name: ({ upstreamName }) => upstreamName,
  upstream_partner_id: ({ upstreamName }, { group }) => group.partnerNamed(upstreamName)?.id ?? '',
  replicate_every: ({ replicateEvery }) => replicateEvery,
  num_retain_replica: ({ retainReplica }) => retainReplica,
  repl_alert_thres: ({ alertThresholdSeconds }) => alertThresholdSeconds,
  snap_verify: () => false,
  skip_db_consistency_check: () => false,
  disable_appsync: ({ disableAppSync }) => disableAppSync,
  schedule_type: ({ type }) => type,
  active: ({ volumeCollection }, { group }) => !group.isReplica(volumeCollection),
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ modifiedMs }) => seconds(modifiedMs),
  last_mod_sched_time: ({ modifiedMs }) => seconds(modifiedMs),
  last_replicated_snapcoll_name: (schedule, world) => lastReplicated(schedule, world)?.name ?? '',
  last_replicated_snapcoll_id: (schedule, world) => lastReplicated(schedule, world)?.id ?? '',
  last_replicated_at_time: (schedule, world) =>
    seconds(lastReplicated(schedule, world)?.replicationCompleteMs ?? 0),
  last_snap_time: ({ lastSnapMs }) => seconds(lastSnapMs),
  next_snap_time: ({ nextSnapMs }) => seconds(nextSnapMs),
  next_repl_snap_time: ({ partner, nextSnapMs }) => (partner ? seconds(nextSnapMs) : 0),
  snap_counter: ({ taken }) => taken,
  sched_owner_id: (_, { group }) => group.id,
  sched_owner_name: ({ volumeCollection }) => volumeCollection.owner,
  last_config_change_time: ({ modifiedMs }) => seconds(modifiedMs),
  currently_replicating_snapcoll_name: (schedule, world) =>
    live(schedule, world)?.snapshotCollection.name ?? '',
  vol_status_list: volumeStatus,
  sync_repl_vol_status_list: syncStatus,
  use_downstream_for_DR: () => false,
};

const common: BodySpec = {
  description: 'text',
  period: 'integer',
  period_unit: ['minutes', 'hours', 'days', 'weeks'],
  at_time: 'integer',
  until_time: 'integer',
  days: 'string',
  num_retain: 'integer',
  downstream_partner: 'string',
  downstream_partner_name: 'string',
  downstream_partner_id: 'id',
  replicate_every: 'integer',
  num_retain_replica: 'integer',
  repl_alert_thres: 'integer',
  schedule_type: ['regular', 'external_trigger'],
  disable_appsync: 'boolean',
  snap_verify: 'boolean',
  skip_db_consistency_check: 'boolean',
  use_downstream_for_DR: 'boolean',
};

/** Undefined: not said; null: none. */
function partnerOf({ group }: World, data: JsonObject): Partner | null | undefined {
  const id = text(data, 'downstream_partner_id');
  const name = text(data, 'downstream_partner') ?? text(data, 'downstream_partner_name');
  if (id === undefined && name === undefined) return undefined;
  if (id === '' || (id === undefined && name === '')) return null;
  const partner = id ? group.partners.get(id) : group.partnerNamed(name ?? '');
  if (!partner) throw notFound('No such replication partner.');
  return partner;
}

/** Numbers within their bounds, days among those of the week. */
function check(data: JsonObject): void {
  for (const name of ['at_time', 'until_time'])
    if ((integer(data, name) ?? 0) > 86_399) throw invalidArgument(name);
  for (const name of ['period', 'num_retain', 'replicate_every'])
    if (integer(data, name) === 0) throw invalidArgument(name);
  const days = text(data, 'days');
  const known = /^(mon|tue|wed|thu|fri|sat|sun)(,(mon|tue|wed|thu|fri|sat|sun))*$/;
  if (days !== undefined && days !== 'all' && !known.test(days)) throw invalidArgument('days');
}

const unitOf = (value: string | undefined): Schedule['periodUnit'] | undefined =>
  value === 'minutes' || value === 'hours' || value === 'days' || value === 'weeks' ? value : undefined;

const typeOf = (value: string | undefined): Schedule['type'] =>
  value === 'external_trigger' ? value : 'regular';

function create({ world, data }: Call): Created {
  if (text(data, 'volcoll_or_prottmpl_type') !== 'volume_collection')
    throw invalidArgument('volcoll_or_prottmpl_type');
  const collection = volumeCollectionById(world, text(data, 'volcoll_or_prottmpl_id') ?? '');
  if (world.group.isReplica(collection)) throw notOwner(`Volume collection ${collection.name}`);
  const name = text(data, 'name') ?? '';
  if (world.group.schedulesOf(collection).some((one) => one.name === name)) throw exists(name);
  check(data);
  const partner = fitting(collection, partnerOf(world, data) ?? undefined);
  const made = newSchedule(world.group, collection, {
    name,
    description: text(data, 'description') ?? '',
    type: typeOf(text(data, 'schedule_type')),
    period: integer(data, 'period') ?? 1,
    periodUnit: unitOf(text(data, 'period_unit')) ?? 'days',
    atTimeSeconds: integer(data, 'at_time') ?? 0,
    untilTimeSeconds: integer(data, 'until_time') ?? 86_399,
    days: text(data, 'days') ?? 'all',
    retain: integer(data, 'num_retain') ?? 10,
    retainReplica: integer(data, 'num_retain_replica') ?? 0,
    partner,
    replicateEvery: integer(data, 'replicate_every') ?? 1,
    alertThresholdSeconds: integer(data, 'repl_alert_thres') ?? 86_400,
    disableAppSync: flag(data, 'disable_appsync') ?? false,
  });
  configurePairs(world.group, collection);
  return made;
}

/** Pools of this group replicate synchronously, other groups by snapshots (the code is unverified). */
function fitting(collection: VolumeCollection, partner: Partner | undefined): Partner | undefined {
  const isFit = !partner || (partner.type === 'pool') === (collection.sync !== undefined);
  if (!isFit)
    throw conflict('SM_srep_volcoll_unsup', `${collection.name} does not replicate to ${partner.name}.`);
  return partner;
}

function update({ world, data }: Call, id: string): Created {
  const schedule = scheduleById(world, id);
  if (world.group.isReplica(schedule.volumeCollection)) throw notOwner(`Schedule ${schedule.name}`);
  check(data);
  const partner = partnerOf(world, data);
  if (partner !== undefined) {
    schedule.partner = fitting(schedule.volumeCollection, partner ?? undefined);
    configurePairs(world.group, schedule.volumeCollection);
  }
  schedule.name = text(data, 'name') ?? schedule.name;
  schedule.description = text(data, 'description') ?? schedule.description;
  schedule.period = integer(data, 'period') ?? schedule.period;
  schedule.periodUnit = unitOf(text(data, 'period_unit')) ?? schedule.periodUnit;
  schedule.atTimeSeconds = integer(data, 'at_time') ?? schedule.atTimeSeconds;
  schedule.untilTimeSeconds = integer(data, 'until_time') ?? schedule.untilTimeSeconds;
  schedule.days = text(data, 'days') ?? schedule.days;
  schedule.retain = integer(data, 'num_retain') ?? schedule.retain;
  schedule.retainReplica = integer(data, 'num_retain_replica') ?? schedule.retainReplica;
  schedule.replicateEvery = integer(data, 'replicate_every') ?? schedule.replicateEvery;
  schedule.alertThresholdSeconds = integer(data, 'repl_alert_thres') ?? schedule.alertThresholdSeconds;
  schedule.nextSnapMs = 0;
  schedule.modifiedMs = world.group.clock.now();
  return schedule;
}

export const scheduleSet = resourceSet<Schedule>({
  name: 'protection_schedules',
  fields,
  list: ({ group }) => group.schedules.values(),
  create: {
    arguments: {
      ...common,
      name: { kind: 'label', required: true },
      volcoll_or_prottmpl_type: {
        kind: ['volume_collection', 'protection_template'],
        required: true,
      },
      volcoll_or_prottmpl_id: { kind: 'id', required: true },
    },
    run: create,
  },
  update: { arguments: { ...common, name: 'label' }, run: update },
  remove: {
    arguments: {},
    run: ({ world }, id) => {
      const schedule = scheduleById(world, id);
      if (world.group.isReplica(schedule.volumeCollection)) throw notOwner(`Schedule ${schedule.name}`);
      abandonSchedule(world.group, schedule);
      configurePairs(world.group, schedule.volumeCollection);
      return undefined;
    },
  },
});
