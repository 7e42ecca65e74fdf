import { isObject, type Json } from '../../json.ts';
import { newInitiatorGroup } from '../model/build-group.ts';
import type { Initiator, InitiatorGroup } from '../model/objects.ts';
import { addInitiator, lunsInUse, type NewInitiator } from '../operations/access-operations.ts';
import { ApiError, conflict, exists, invalidArgument, missingArgument, notFound } from '../rest/api-error.ts';
import { readMetadata, showMetadata, text } from '../rest/body.ts';
import { type Call, type Created, type Fields, resourceSet, seconds } from '../rest/resource-set.ts';
import type { World } from '../world.ts';
import { initiatorGroupById } from './lookup.ts';

const volumesOf = (owner: InitiatorGroup, { group }: World) =>
  [...group.accessRecords.values()].filter((one) => one.initiatorGroup === owner).map(({ volume }) => volume);

function iscsiInitiators({ accessProtocol, initiators }: InitiatorGroup): Json {
  if (accessProtocol !== 'iscsi' || initiators.length === 0) return null;
  return initiators.map(({ id, label, iqn, ipAddress }) => ({
    id,
    initiator_id: id,
    label,
    iqn,
    ip_address: ipAddress,
  }));
}

function fcInitiators({ accessProtocol, initiators }: InitiatorGroup): Json {
  if (accessProtocol !== 'fc' || initiators.length === 0) return null;
  return initiators.map(({ id, wwpn, alias }) => ({ id, initiator_id: id, wwpn, alias }));
}

const groupFields: Fields<InitiatorGroup> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  full_name: ({ name }) => name,
  search_name: ({ name }) => name,
  description: ({ description }) => description,
  access_protocol: ({ accessProtocol }) => accessProtocol,
  host_type: ({ hostType }) => hostType,
  fc_tdz_ports: () => null,
  target_subnets: ({ targetSubnets }) =>
    targetSubnets.length === 0 ? null : targetSubnets.map((label) => ({ label })),
  iscsi_initiators: iscsiInitiators,
  fc_initiators: fcInitiators,
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ modifiedMs }) => seconds(modifiedMs),
  app_uuid: () => '',
  volume_count: (owner, world) => volumesOf(owner, world).length,
  volume_list: (owner, world) => {
    const volumes = volumesOf(owner, world);
    return volumes.length === 0 ? null : volumes.map(({ id, name }) => ({ id, vol_id: id, vol_name: name }));
  },
  num_connections: (owner, { port }) =>
    port.sessions().filter(({ initiatorName }) => owner.initiators.some(({ iqn }) => iqn === initiatorName))
      .length,
  metadata: ({ metadata }) => showMetadata(metadata),
};

function newInitiator(owner: InitiatorGroup, facts: (name: string) => string | undefined): NewInitiator {
  const iqn = facts('iqn') ?? '*';
  const wwpn = facts('wwpn') ?? '';
  if (owner.accessProtocol === 'iscsi') {
    if (wwpn !== '')
      throw new ApiError(409, 'SM_not_fc_initiatorgrp', `${owner.name} is not a Fibre Channel group.`);
    if (iqn !== '*' && !/^(iqn\.|eui\.)[A-Za-z0-9.:-]+$/.test(iqn))
      throw new ApiError(400, 'SM_invalid_initiator_iqn', `Invalid initiator name: ${iqn}.`);
    const label = facts('label');
    if (label === undefined) throw missingArgument('label');
    return { label, iqn: iqn.toLowerCase(), ipAddress: facts('ip_address') ?? '*', wwpn: '', alias: '' };
  }
  if (!/^([0-9a-f]{2}:){7}[0-9a-f]{2}$/i.test(wwpn))
    throw new ApiError(400, 'SM_invalid_initiator_wwpn', `Invalid WWPN: ${wwpn}.`);
  return { label: '', iqn: '', ipAddress: '', wwpn: wwpn.toLowerCase(), alias: facts('alias') ?? '' };
}

function createGroup({ world, data }: Call): Created {
  const name = text(data, 'name') ?? '';
  const { group } = world;
  if (group.initiatorGroupNamed(name)) throw exists(name);
  const protocol = text(data, 'access_protocol') === 'fc' ? 'fc' : 'iscsi';
  const owner = newInitiatorGroup(group, name, text(data, 'description') ?? '', protocol);
  owner.metadata = readMetadata(data['metadata']);
  owner.hostType = text(data, 'host_type') ?? 'auto';
  owner.targetSubnets = list(data['target_subnets']).map((one) => String(one['label'] ?? one['id'] ?? ''));
  const inline = list(data[protocol === 'fc' ? 'fc_initiators' : 'iscsi_initiators']);
  try {
    for (const one of inline)
      addInitiator(
        group,
        owner,
        newInitiator(owner, (key) => stringAt(one[key])),
      );
  } catch (error) {
    group.initiatorGroups.delete(owner.id);
    throw error;
  }
  return owner;
}

const stringAt = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function list(value: Json | undefined) {
  if (!Array.isArray(value)) return [];
  return value.map((one) => {
    if (!isObject(one)) throw invalidArgument('iscsi_initiators');
    return one;
  });
}

export const initiatorGroupSet = resourceSet<InitiatorGroup>({
  name: 'initiator_groups',
  fields: groupFields,
  list: ({ group }) => group.initiatorGroups.values(),
  create: {
    arguments: {
      name: { kind: 'label', required: true },
      access_protocol: { kind: ['iscsi', 'fc'], required: true },
      description: 'text',
      host_type: ['auto', 'hpux'],
      target_subnets: 'list',
      iscsi_initiators: 'list',
      fc_initiators: 'list',
      metadata: 'metadata',
    },
    run: createGroup,
  },
  update: {
    arguments: { name: 'label', description: 'text', host_type: ['auto', 'hpux'], target_subnets: 'list' },
    run: ({ world, data }, id) => {
      const owner = initiatorGroupById(world, id);
      const name = text(data, 'name');
      if (name !== undefined && name !== owner.name && world.group.initiatorGroupNamed(name))
        throw exists(name);
      owner.name = name ?? owner.name;
      owner.description = text(data, 'description') ?? owner.description;
      owner.modifiedMs = world.group.clock.now();
      return owner;
    },
  },
  remove: {
    arguments: {},
    run: ({ world }, id) => {
      const owner = initiatorGroupById(world, id);
      if (volumesOf(owner, world).length > 0)
        throw conflict('SM_ebusy', `Initiator group ${owner.name} is used by access control records.`);
      world.group.initiatorGroups.delete(id);
      return undefined;
    },
  },
  actions: {
    suggest_lun: { arguments: { id: 'id' }, run: ({ world }, id) => initiatorGroupById(world, id) },
    validate_lun: {
      arguments: { id: 'id', lun: 'integer' },
      run: ({ world, data }, id) => {
        const lun = data['lun'];
        if (typeof lun === 'number' && lunsInUse(world.group, initiatorGroupById(world, id)).has(lun))
          throw conflict('SM_in_use_lun', `LUN ${lun} is in use.`);
        return undefined;
      },
    },
  },
});

const initiatorFields: Fields<Initiator> = {
  id: ({ id }) => id,
  access_protocol: ({ group }) => group.accessProtocol,
  initiator_group_id: ({ group }) => group.id,
  initiator_group_name: ({ group }) => group.name,
  label: ({ label }) => label,
  iqn: ({ iqn }) => iqn,
  ip_address: ({ ipAddress }) => ipAddress,
  wwpn: ({ wwpn }) => wwpn,
  alias: ({ alias }) => alias,
  chapuser_id: () => '',
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ createdMs }) => seconds(createdMs),
};

const allInitiators = ({ group }: World): Initiator[] =>
  [...group.initiatorGroups.values()].flatMap(({ initiators }) => initiators);

export const initiatorSet = resourceSet<Initiator>({
  name: 'initiators',
  fields: initiatorFields,
  summary: ['id', 'label', 'iqn', 'initiator_group_id', 'initiator_group_name'],
  list: allInitiators,
  create: {
    arguments: {
      access_protocol: { kind: ['iscsi', 'fc'], required: true },
      initiator_group_id: { kind: 'id', required: true },
      label: 'string',
      iqn: 'string',
      ip_address: 'string',
      wwpn: 'string',
      alias: 'string',
      chapuser_id: 'id',
      override_existing_alias: 'boolean',
    },
    run: ({ world, data }) => {
      const owner = world.group.initiatorGroups.get(text(data, 'initiator_group_id') ?? '');
      if (!owner) throw new ApiError(404, 'SM_no_initiatorgrp', 'No such initiator group.');
      if (text(data, 'access_protocol') !== owner.accessProtocol)
        throw conflict('SM_incompatible_initiator_access_protocol', 'The access protocols differ.');
      return addInitiator(
        world.group,
        owner,
        newInitiator(owner, (key) => stringAt(data[key])),
      );
    },
  },
  remove: {
    arguments: {},
    run: ({ world }, id) => {
      const initiator = allInitiators(world).find((one) => one.id === id);
      if (!initiator) throw notFound();
      const { initiators } = initiator.group;
      initiators.splice(initiators.indexOf(initiator), 1);
      return undefined;
    },
  },
});
