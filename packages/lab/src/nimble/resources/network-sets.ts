import type { Json, JsonObject } from '../../json.ts';
import type { NimbleConfig } from '../config.ts';
import { emptySet, resourceSet, seconds } from '../rest/resource-set.ts';
import type { World } from '../world.ts';

type Subnet = NimbleConfig['subnets'][number];

function subnetRow(subnet: Subnet): JsonObject {
  return {
    label: subnet.label,
    network: subnet.network,
    netmask: subnet.netmask,
    type: subnet.type,
    allow_iscsi: subnet.type !== 'mgmt',
    allow_group: true,
    discovery_ip: subnet.type === 'mgmt' ? '' : subnet.discoveryAddress,
    mtu: 1500,
    vlan_id: 0,
    netzone_type: 'single',
    failover: true,
  };
}

export const subnetSet = resourceSet<Subnet>({
  name: 'subnets',
  fields: {
    id: ({ label }, { group }) => group.subnetIds.get(label) ?? '',
    name: ({ label }) => label,
    ...Object.fromEntries(
      ['network', 'netmask', 'type', 'allow_iscsi', 'allow_group', 'discovery_ip'].map((key) => [
        key,
        (subnet: Subnet) => subnetRow(subnet)[key] ?? null,
      ]),
    ),
    mtu: () => 1500,
    netzone_type: () => 'single',
    vlan_id: () => 0,
    failover: () => true,
    creation_time: (_, { group }) => seconds(group.startMs),
    last_modified: (_, { group }) => seconds(group.startMs),
  },
  list: ({ group }) => group.config.subnets,
});

/** Ports of the arrays with their data addresses. */
function arrayList({ group }: World): Json {
  const [first] = group.arrays;
  return group.arrays.map((unit) => {
    const nics = group.config.subnets.flatMap(({ label, dataAddresses, otherAddresses, type }) => {
      const addresses = unit === first ? dataAddresses : (otherAddresses[unit.name] ?? []);
      if (type === 'mgmt') return [];
      return addresses.map((address, at) => ({
        name: `eth${at + 1}`,
        subnet_label: label,
        data_ip: address,
        tagged: false,
      }));
    });
    return {
      name: unit.name,
      member_gid: 1,
      nic_list: nics.length > 0 || unit === first ? nics : null,
      ctrlr_a_support_ip: '',
      ctrlr_b_support_ip: '',
    };
  });
}

interface NetworkRow {
  readonly role: 'active';
}

export const networkConfigSet = resourceSet<NetworkRow>({
  name: 'network_configs',
  fields: {
    id: (_, { group }) => group.networkConfigId,
    name: ({ role }) => role,
    role: ({ role }) => role,
    mgmt_ip: (_, { group }) => group.config.rest.address,
    secondary_mgmt_ip: () => '',
    iscsi_automatic_connection_method: () => true,
    iscsi_connection_rebalancing: () => true,
    route_list: () => null,
    subnet_list: (_, { group }) => group.config.subnets.map(subnetRow),
    array_list: (_, world) => arrayList(world),
    group_leader_array: (_, { group }) => group.leader.name,
    creation_time: (_, { group }) => seconds(group.startMs),
    last_modified: (_, { group }) => seconds(group.startMs),
    active_since: (_, { group }) => seconds(group.startMs),
    last_active: () => 0,
  },
  list: () => [{ role: 'active' }],
});

/** Sets that ask for an array; this group has no Fibre Channel. */
export const fibreChannelSets = [
  emptySet('fibre_channel_interfaces', ['array_name_or_serial']),
  emptySet('fibre_channel_ports', ['array_name_or_serial']),
  emptySet('fibre_channel_configs'),
  emptySet('fibre_channel_sessions'),
];

export const networkInterfaceSet = emptySet('network_interfaces', ['array_name_or_serial']);
