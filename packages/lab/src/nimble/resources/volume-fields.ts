import type { Json } from '../../json.ts';
import type { Snapshot, Volume } from '../model/objects.ts';
import { vpdFields } from '../model/scsi-identity.ts';
import { sessionsOf, targetNameOf } from '../operations/volume-operations.ts';
import { showMetadata } from '../rest/body.ts';
import { type Fields, seconds } from '../rest/resource-set.ts';
import { resyncPercentOf } from '../sync/mirror.ts';
import type { World } from '../world.ts';

function replicationRole(volume: Volume, { group }: World): string {
  if (volume.half) return `synchronous_${volume.half.role}`;
  if (group.isReplica(volume)) return 'periodic_snapshot_downstream';
  const sends = volume.collection && group.downstreamPartners(volume.collection).length > 0;
  return sends ? 'periodic_snapshot_upstream' : 'no_replication';
}

function protectionType(volume: Volume, { group }: World): string {
  const { collection } = volume;
  if (!collection || group.schedulesOf(collection).length === 0) return 'unprotected';
  return group.isReplica(volume) || group.downstreamPartners(collection).length > 0 ? 'remote' : 'local';
}

function volumeState({ online, readOnly }: Volume): string {
  if (!online) return 'offline';
  return readOnly ? 'read_only' : 'online';
}

function accessRecords(volume: Volume, { group }: World): Json {
  // Halves of a synchronous pair share them.
  const upstream = volume.half?.role === 'downstream' ? volume.half.twin : volume;
  const records = group.recordsOf(upstream);
  if (records.length === 0) return null;
  return records.map((record) => ({
    id: record.id,
    acl_id: record.id,
    apply_to: record.applyTo,
    initiator_group_id: record.initiatorGroup?.id ?? '',
    initiator_group_name: record.initiatorGroup?.name ?? '*',
    lun: record.lun,
    snapluns: showSnapshotLuns(record.snapshotLuns),
  }));
}

export function showSnapshotLuns(luns: ReadonlyMap<string, number>): Json {
  return luns.size === 0 ? null : [...luns].map(([id, lun]) => ({ id, lun }));
}

function summaryOf(snapshot: Snapshot | undefined): Json {
  if (!snapshot) return null;
  return { snap_id: snapshot.id, snap_name: snapshot.name, snap_creation_time: seconds(snapshot.createdMs) };
}

function lastReplicated(volume: Volume, { group }: World): Snapshot | undefined {
  const newest = volume.collection && group.lastReplicated(volume.collection);
  return newest?.snapshots.find((one) => one.volume === volume);
}

function sessions(volume: Volume, { group, port }: World): Json {
  const all = sessionsOf(group, port, volume);
  if (all.length === 0) return null;
  return all.map((one, at) => ({
    id: String(at + 1),
    initiator_name: one.initiatorName,
    pr_key: 0,
    num_connections: 1,
    target_ip: one.portal.address,
  }));
}

const sessionCount = (volume: Volume, { group, port }: World): number =>
  sessionsOf(group, port, volume).length;

/** Both halves of a pair answer hosts with its identity; the downstream one may have another of its own. */
function shownSerial({ serial, half }: Volume, { behaviour }: World): string {
  if (half?.role !== 'downstream' || behaviour.pairIdentity === 'serial_number') return serial;
  return half.ownSerial;
}

export const volumeFields: Fields<Volume> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  full_name: ({ name, pool }) => `${pool.name}:/${name}`,
  search_name: ({ name }) => name,
  size: ({ sizeMib }) => sizeMib,
  description: ({ description }) => description,
  perfpolicy_name: () => 'default',
  perfpolicy_id: ({ performancePolicyId }) => performancePolicyId,
  reserve: () => 0,
  limit: ({ limitPercent }) => limitPercent,
  num_snaps: ({ snapshots }) => snapshots.length,
  online: ({ online }) => online,
  owned_by_group: ({ ownedBy }) => ownedBy,
  owned_by_group_id: ({ ownedBy }, { group }) => (ownedBy === group.name ? group.id : ''),
  multi_initiator: ({ multiInitiator }) => multiInitiator,
  iscsi_target_scope: ({ targetScope }) => targetScope,
  pool_name: ({ pool }) => pool.name,
  pool_id: ({ pool }) => pool.id,
  read_only: ({ readOnly }) => readOnly,
  serial_number: shownSerial,
  secondary_serial_number: (volume, world) =>
    shownSerial(volume, world) === volume.serial ? '' : volume.serial,
  target_name: (volume, { group }) => targetNameOf(group, volume),
  vpd_t10: (volume, world) => vpdFields(shownSerial(volume, world)).vpd_t10,
  vpd_ieee0: (volume, world) => vpdFields(shownSerial(volume, world)).vpd_ieee0,
  vpd_ieee1: (volume, world) => vpdFields(shownSerial(volume, world)).vpd_ieee1,
  block_size: ({ blockSize }) => blockSize,
  offline_reason: ({ offlineReason }) => offlineReason,
  clone: ({ base }) => base !== undefined,
  parent_vol_name: ({ base }) => base?.volume.name ?? '',
  parent_vol_id: ({ base }) => base?.volume.id ?? '',
  base_snap_name: ({ base }) => base?.name ?? '',
  base_snap_id: ({ base }) => base?.id ?? '',
  replication_role: replicationRole,
  volcoll_name: ({ collection }) => collection?.name ?? '',
  volcoll_id: ({ collection }) => collection?.id ?? '',
  agent_type: ({ agentType }) => agentType,
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ modifiedMs }) => seconds(modifiedMs),
  protection_type: protectionType,
  last_snap: ({ snapshots }) => summaryOf(snapshots.at(-1)),
  last_replicated_snap: (volume, world) => summaryOf(lastReplicated(volume, world)),
  usage_valid: () => true,
  total_usage_bytes: ({ map }) => map.usedBytes,
  vol_usage_compressed_bytes: ({ map }) => map.usedBytes,
  vol_usage_uncompressed_bytes: ({ map }) => map.usedBytes,
  vol_usage_mapped_bytes: ({ map }) => map.usedBytes,
  snap_usage_compressed_bytes: ({ snapshots }) =>
    snapshots.reduce((sum, { newDataBytes = 0 }) => sum + newDataBytes, 0),
  cache_pinned: () => false,
  upstream_cache_pinned: () => false,
  thinly_provisioned: () => true,
  vol_state: volumeState,
  online_snaps: ({ snapshots }) => {
    const online = snapshots.filter((one) => one.online);
    return online.length === 0 ? null : online.map(({ id, name }) => ({ id, snap_id: id, name }));
  },
  num_connections: sessionCount,
  num_iscsi_connections: sessionCount,
  num_fc_connections: () => 0,
  access_control_records: accessRecords,
  inherit_acl: () => false,
  encryption_cipher: () => 'none',
  app_uuid: () => '',
  folder_id: () => '',
  folder_name: () => '',
  metadata: ({ metadata }) => showMetadata(metadata),
  iscsi_sessions: sessions,
  fc_sessions: () => null,
  dedupe_enabled: () => false,
  limit_iops: () => -1,
  limit_mbps: () => -1,
  srep_last_sync: ({ half, collection }) => (half ? seconds(collection?.sync?.lastSyncMs ?? 0) : null),
  srep_resync_percent: ({ half, collection }, { group }) =>
    half && collection ? resyncPercentOf(group, collection) : null,
  has_locked_snapshots: ({ snapshots }, { group }) =>
    snapshots.some((one) => one.lockedUntilMs > group.clock.now()),
};
