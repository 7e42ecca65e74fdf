import type { NimbleConfig } from '../config.ts';
import type { ArrayUnit, Group } from '../model/group.ts';
import { type Fields, seconds } from '../rest/resource-set.ts';
import type { World } from '../world.ts';

type GroupRow = NimbleConfig['group'];

export const groupFields: Fields<GroupRow> = {
  id: (_, { group }) => group.id,
  name: ({ name }) => name,
  version_current: ({ version }) => version,
  version_target: () => '',
  update_state: () => '',
  domain_name: () => '',
  ntp_server: () => '',
  timezone: () => 'Etc/UTC',
  date: (_, { group }) => seconds(group.clock.now()),
  user_inactivity_timeout: ({ inactivityTimeoutSeconds }) => inactivityTimeoutSeconds,
  iscsi_enabled: ({ iscsi }) => iscsi,
  fc_enabled: () => false,
  vvol_enabled: () => false,
  unique_name_enabled: () => true,
  access_protocol_list: ({ iscsi }) => (iscsi ? ['iscsi'] : null),
  group_target_enabled: (_, { group }) => group.targetEnabled,
  group_target_name: (_, { group }) => group.targetName,
  default_iscsi_target_scope: (_, { group }) => group.defaultTargetScope,
  tdz_enabled: () => false,
  tlsv1_enabled: () => false,
  cc_mode_enabled: () => false,
  group_snapshot_ttl: ({ snapshotTtlSeconds }) => snapshotTtlSeconds,
  autoclean_unmanaged_snapshots_ttl_unit: () => 'days',
  autoclean_unmanaged_snapshots_enabled: () => false,
  leader_array_name: (_, { group }) => group.leader.name,
  leader_array_serial: (_, { group }) => group.leader.serial,
  management_service_backup_array_name: (_, { group }) => backupLeader(group)?.name ?? '',
  management_service_backup_status: (_, { group }) => {
    const backup = backupLeader(group);
    if (!backup) return 'yet_to_setup';
    return group.lost.has(backup) || !group.syncLinkUp ? 'out_of_sync' : 'in_sync';
  },
  failover_mode: ({ failoverMode }) => failoverMode,
  auto_switchover_enabled: ({ failoverMode }) => failoverMode === 'Automatic',
  witness_status: ({ failoverMode }, { group }) => {
    if (failoverMode === 'Manual') return null;
    return group.arrays.map((unit) => ({
      array_name: unit.name,
      role: unit === group.leader ? 'leader' : 'backup_leader',
      witness_connectivity_state: group.lost.has(unit) ? 'disconnected' : 'connected',
      message: '',
    }));
  },
  member_list: (_, { group }) => group.arrays.map(({ name }) => name),
  scsi_vendor_id: () => 'Nimble',
  usage_valid: () => true,
  usage: (_, world) => usedBytes(world),
  usable_capacity_bytes: (_, world) => capacityBytes(world),
  free_space: (_, world) => capacityBytes(world) - usedBytes(world),
  num_connections: (_, { port }) => port.sessions().length,
  num_snaps: (_, { group }) => group.snapshots.size,
  num_snapcolls: (_, { group }) => group.snapshotCollections.size,
  iscsi_automatic_connection_method: () => true,
  iscsi_connection_rebalancing: () => true,
  repl_throttle_list: () => null,
  repl_throttled_bandwidth: () => -1,
  encryption_config: () => null,
  max_lock_period: ({ maxLockPeriodSeconds = 0 }) => maxLockPeriodSeconds,
};

/** The array that takes over the management service; only groups of two pools have one. */
export const backupLeader = (group: Group): ArrayUnit | undefined =>
  group.pools.size > 1 ? group.arrays.find((unit) => unit !== group.leader) : undefined;

export const usedBytes = ({ group }: World): number =>
  [...group.pools.values()].reduce((sum, { account }) => sum + account.usedBytes, 0);

export const capacityBytes = ({ group }: World): number =>
  [...group.pools.values()].reduce((sum, { capacityMib }) => sum + capacityMib * 1024 * 1024, 0);
