import type { Json } from '../../json.ts';
import { newPartner } from '../model/build-group.ts';
import type { Partner, VolumeCollection } from '../model/objects.ts';
import { conflict, exists, missingArgument } from '../rest/api-error.ts';
import { type BodySpec, integer, text } from '../rest/body.ts';
import { type Call, type Created, type Fields, resourceSet, seconds } from '../rest/resource-set.ts';
import type { World } from '../world.ts';
import { partnerById, poolOf } from './lookup.ts';

const sentTo = (partner: Partner, { group }: World): VolumeCollection[] =>
  [...group.volumeCollections.values()].filter((one) => group.downstreamPartners(one).includes(partner));

const receivedFrom = (partner: Partner, { group }: World): VolumeCollection[] =>
  [...group.volumeCollections.values()].filter((one) =>
    one.sync
      ? partner.type === 'pool' && group.members(one).some(({ half, pool }) => half && pool === partner.pool)
      : one.owner === partner.name,
  );

const both = (partner: Partner, world: World): VolumeCollection[] => [
  ...sentTo(partner, world),
  ...receivedFrom(partner, world),
];

/** As seen from here: `downstream` is where data go to. */
function direction(partner: Partner, world: World): string {
  const sends = sentTo(partner, world).length > 0;
  const receives = receivedFrom(partner, world).length > 0;
  if (sends && receives) return 'bi_directional';
  if (sends) return 'downstream';
  return receives ? 'upstream' : 'none';
}

const orNull = (rows: Json[]): Json => (rows.length === 0 ? null : rows);

function volumes(partner: Partner, world: World) {
  return both(partner, world).flatMap((one) => world.group.members(one));
}

const fields: Fields<Partner> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  full_name: ({ name }) => name,
  search_name: ({ name }) => name,
  description: ({ description }) => description,
  partner_type: ({ type }) => type,
  alias: (_, { group }) => group.name,
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ modifiedMs }) => seconds(modifiedMs),
  control_port: ({ controlPort }) => controlPort,
  hostname: ({ hostname }) => hostname,
  repl_hostname: ({ hostname }) => hostname,
  data_port: ({ dataPort }) => dataPort,
  is_alive: ({ type, alive, pool }, { group }) =>
    type === 'pool' ? group.syncLinkUp && group.isReachable(pool) : alive,
  partner_group_uid: ({ groupUid }) => groupUid,
  last_keepalive_error: ({ lastKeepaliveError }) => lastKeepaliveError,
  cfg_sync_status: ({ configSynced }) => configSynced,
  last_sync_error: ({ lastSyncError }) => lastSyncError,
  array_serial: ({ arraySerial }) => arraySerial,
  version: () => '10',
  pool_id: ({ pool }) => pool.id,
  pool_name: ({ pool }) => pool.name,
  folder_id: () => '',
  folder_name: () => '',
  match_folder: () => false,
  paused: ({ paused }) => paused,
  unique_name: () => false,
  subnet_label: ({ subnetLabel }) => subnetLabel,
  subnet_type: () => 'mgmt,data',
  throttles: () => null,
  throttled_bandwidth_current: () => -1,
  throttled_bandwidth_current_kbps: () => -1,
  subnet_network: () => '',
  subnet_netmask: () => '',
  volume_collection_list: (partner, world) =>
    orNull(both(partner, world).map(({ id, name }) => ({ id, volcoll_id: id, volcoll_name: name }))),
  volume_collection_list_count: (partner, world) => both(partner, world).length,
  volume_list: (partner, world) =>
    orNull(volumes(partner, world).map(({ id, name }) => ({ id, vol_id: id, vol_name: name }))),
  volume_list_count: (partner, world) => volumes(partner, world).length,
  replication_direction: direction,
};

const common: BodySpec = {
  description: 'text',
  hostname: 'string',
  repl_hostname: 'string',
  secret: 'secret',
  subnet_label: 'string',
  pool_id: 'id',
  folder_id: 'id',
  match_folder: 'boolean',
  throttles: 'list',
  control_port: 'integer',
  data_port: 'integer',
};

function create({ world, data }: Call): Created {
  const name = text(data, 'name') ?? '';
  const { group } = world;
  if (group.partnerNamed(name)) throw exists(name);
  if (group.partners.size >= 50) throw conflict('SM_limit_partner', 'The limit of partners is reached.');
  const hostname = text(data, 'hostname');
  const secret = text(data, 'secret');
  if (hostname === undefined) throw missingArgument('hostname');
  if (secret === undefined) throw missingArgument('secret');
  const partner = newPartner(group, {
    name,
    hostname: text(data, 'repl_hostname') ?? hostname,
    secret,
    pool: poolOf(world, data),
    description: text(data, 'description') ?? '',
    subnetLabel: text(data, 'subnet_label') ?? '',
    controlPort: integer(data, 'control_port') ?? 4213,
    dataPort: integer(data, 'data_port') ?? 4214,
  });
  void world.links.test(partner);
  return partner;
}

function update({ world, data }: Call, id: string): Created {
  const partner = notPool(partnerById(world, id), 'SM_eperm');
  partner.description = text(data, 'description') ?? partner.description;
  partner.hostname = text(data, 'repl_hostname') ?? text(data, 'hostname') ?? partner.hostname;
  partner.secret = text(data, 'secret') ?? partner.secret;
  partner.dataPort = integer(data, 'data_port') ?? partner.dataPort;
  partner.controlPort = integer(data, 'control_port') ?? partner.controlPort;
  if (text(data, 'pool_id')) partner.pool = poolOf(world, data);
  partner.modifiedMs = world.group.clock.now();
  return partner;
}

/** Partners that the group made itself are not changed; the codes of `update` and `remove` are unverified. */
function notPool(partner: Partner, code: string): Partner {
  if (partner.type === 'pool') throw conflict(code, `Partner ${partner.name} is a pool of this group.`);
  return partner;
}

function remove({ world }: Call, id: string): undefined {
  const partner = notPool(partnerById(world, id), 'SM_eperm');
  if (both(partner, world).length > 0)
    throw conflict('SM_ebusy', `Volume collections replicate with partner ${partner.name}.`);
  world.group.partners.delete(id);
}

function setPaused({ world }: Call, id: string, paused: boolean): undefined {
  const code = paused ? 'SM_pool_partner_pause_unsup' : 'SM_pool_partner_resume_unsup';
  const partner = notPool(partnerById(world, id), code);
  if (partner.paused === paused) throw conflict('SM_ealready', 'Object is already in requested state.');
  partner.paused = paused;
}

export const partnerSet = resourceSet<Partner>({
  name: 'replication_partners',
  fields,
  list: ({ group }) => group.partners.values(),
  create: { arguments: { ...common, name: { kind: 'label', required: true } }, run: create },
  update: { arguments: common, run: update },
  remove: { arguments: {}, run: remove },
  actions: {
    pause: { arguments: { id: 'id' }, run: (call, id) => setPaused(call, id, true) },
    resume: { arguments: { id: 'id' }, run: (call, id) => setPaused(call, id, false) },
    test: {
      arguments: { id: 'id' },
      run: async ({ world }, id) => {
        const partner = partnerById(world, id);
        if (partner.type === 'pool') return undefined;
        await world.links.test(partner);
        if (!partner.alive) throw conflict('SM_err_repl_cant_connect', partner.lastKeepaliveError);
        return undefined;
      },
    },
  },
});
