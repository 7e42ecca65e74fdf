import type { Snapshot } from '../model/objects.ts';
import { vpdFields } from '../model/scsi-identity.ts';
import { chooseLun } from '../operations/access-operations.ts';
import { addSnapshot, checkDeletable, removeSnapshot } from '../operations/snapshot-operations.ts';
import { targetNameOf } from '../operations/volume-operations.ts';
import { conflict, exists, invalidArgument, notOwner, unexpectedArgument } from '../rest/api-error.ts';
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
import { companionSnapshotOf, lostArray, refuseDownstream } from '../sync/coordinated.ts';
import type { World } from '../world.ts';
import { snapshotById, volumeById } from './lookup.ts';

const mebibyte = 1024 * 1024;

/** Attributes of releases that can lock. */
export const lockAttributes = ['is_locked', 'lock_period', 'retention_time'];

export function expiryTime(world: World, { expiryAfterSeconds, createdMs }: Snapshot): number {
  if (expiryAfterSeconds === 0) return 0;
  const { snapshotTtlSeconds } = world.group.config.group;
  return seconds(createdMs) + (expiryAfterSeconds === 1 ? snapshotTtlSeconds : expiryAfterSeconds);
}

const fields: Fields<Snapshot> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  description: ({ description }) => description,
  size: ({ sizeMib }) => sizeMib * mebibyte,
  vol_name: ({ volume }) => volume.name,
  pool_name: ({ volume }) => volume.pool.name,
  vol_id: ({ volume }) => volume.id,
  snap_collection_name: ({ collection }) => collection?.name ?? '',
  snap_collection_id: ({ collection }) => collection?.id ?? '',
  online: ({ online }) => online,
  writable: ({ writable }) => writable,
  offline_reason: ({ online }) => (online ? null : 'user'),
  expiry_time: (snapshot, world) => expiryTime(world, snapshot),
  expiry_after: ({ expiryAfterSeconds }) => expiryAfterSeconds,
  origin_name: ({ originName }) => originName,
  is_replica: ({ isReplica }) => isReplica,
  is_unmanaged: ({ collection }) => collection?.isUnmanaged ?? false,
  is_manually_managed: ({ collection }) => collection?.isManual ?? true,
  replication_status: ({ collection }) => collection?.replicationStatus ?? null,
  access_control_records: () => null,
  serial_number: ({ serial }) => serial,
  target_name: (snapshot, { group }) => targetNameOf(group, snapshot),
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ modifiedMs }) => seconds(modifiedMs),
  schedule_name: ({ collection }) => collection?.scheduleName ?? '',
  schedule_id: ({ collection }) => collection?.schedule?.id ?? '',
  app_uuid: ({ appUuid }) => appUuid,
  metadata: ({ metadata }) => showMetadata(metadata),
  new_data_valid: ({ newDataBytes }) => newDataBytes !== undefined,
  new_data_compressed_bytes: ({ newDataBytes = 0 }) => newDataBytes,
  new_data_uncompressed_bytes: ({ newDataBytes = 0 }) => newDataBytes,
  agent_type: ({ agentType }) => agentType,
  vpd_t10: ({ serial }) => vpdFields(serial).vpd_t10,
  vpd_ieee0: ({ serial }) => vpdFields(serial).vpd_ieee0,
  vpd_ieee1: ({ serial }) => vpdFields(serial).vpd_ieee1,
  is_locked: ({ lockedUntilMs }, { group }) => lockedUntilMs > group.clock.now(),
  lock_period: ({ lockPeriodSeconds }) => lockPeriodSeconds,
  retention_time: ({ lockedUntilMs }) => seconds(lockedUntilMs),
};

const createArguments: BodySpec = {
  name: { kind: 'name', required: true },
  vol_id: { kind: 'id', required: true },
  description: 'text',
  online: 'boolean',
  writable: 'boolean',
  metadata: 'metadata',
  agent_type: ['none', 'smis', 'vvol', 'openstack', 'openstackv2'],
  expiry_after: 'integer',
  app_uuid: 'string',
  lock_period: 'integer',
};

/** Checked against what this release can do and allows. */
export function lockPeriod({ world, data }: Pick<Call, 'world' | 'data'>): number {
  const period = integer(data, 'lock_period');
  if (period === undefined) return 0;
  const { maxLockPeriodSeconds } = world.group.config.group;
  if (maxLockPeriodSeconds === undefined) throw unexpectedArgument('lock_period');
  if (period > maxLockPeriodSeconds) throw invalidArgument('lock_period');
  return period;
}

function create(call: Call): Created {
  const { world, data } = call;
  const volume = volumeById(world, text(data, 'vol_id') ?? '');
  if (world.group.isReplica(volume)) throw notOwner(`Volume ${volume.name}`);
  refuseDownstream(volume);
  if (!world.group.isReachable(volume.pool)) throw lostArray(volume);
  const snapshot = addSnapshot(world.group, volume, {
    name: text(data, 'name') ?? '',
    description: text(data, 'description') ?? '',
    writable: flag(data, 'writable') ?? false,
    metadata: readMetadata(data['metadata']),
    agentType: text(data, 'agent_type') ?? 'none',
    appUuid: text(data, 'app_uuid') ?? '',
    expiryAfterSeconds: integer(data, 'expiry_after') ?? 0,
    lockPeriodSeconds: lockPeriod(call),
  });
  if (flag(data, 'online')) showToHosts(world, snapshot);
  return snapshot;
}

/** Records that apply to storage snapshots make it visible, on the group's target under LUNs of their own. */
export function showToHosts({ group }: World, snapshot: Snapshot): void {
  snapshot.online = true;
  for (const record of group.recordsOf(snapshot.volume))
    if (
      record.applyTo !== 'volume' &&
      (record.snapshot ?? snapshot) === snapshot &&
      !record.snapshotLuns.has(snapshot.id)
    )
      record.snapshotLuns.set(
        snapshot.id,
        chooseLun(group, snapshot.volume, record.initiatorGroup, undefined),
      );
}

function hideFromHosts({ group, port }: World, snapshot: Snapshot, force: boolean): void {
  const sessions = port.sessions().filter((one) => one.targetName === snapshot.ownTargetName);
  if (sessions.length > 0 && !force)
    throw conflict('SM_vol_has_connections', `Initiators are connected to snapshot ${snapshot.name}.`);
  port.drop(snapshot.ownTargetName);
  snapshot.online = false;
  for (const record of group.recordsOf(snapshot.volume)) record.snapshotLuns.delete(snapshot.id);
}

function update(call: Call, id: string): Created {
  const { world, data } = call;
  const snapshot = snapshotById(world, id);
  const name = text(data, 'name');
  if (name !== undefined && snapshot.volume.snapshots.some((one) => one !== snapshot && one.name === name))
    throw exists(name);
  const online = flag(data, 'online');
  if (online === snapshot.online) throw conflict('SM_ealready', 'Object is already in requested state.');
  if (online === true) showToHosts(world, snapshot);
  if (online === false) hideFromHosts(world, snapshot, flag(data, 'force') ?? false);
  const period = lockPeriod(call);
  const until = world.group.clock.now() + period * 1000;
  if (period > 0) {
    if (until < snapshot.lockedUntilMs) throw conflict('SM_eperm', 'A lock can only be extended.');
    snapshot.lockPeriodSeconds = period;
    snapshot.lockedUntilMs = until;
  }
  snapshot.name = name ?? snapshot.name;
  snapshot.description = text(data, 'description') ?? snapshot.description;
  snapshot.expiryAfterSeconds = integer(data, 'expiry_after') ?? snapshot.expiryAfterSeconds;
  updateMetadata(snapshot.metadata, data['metadata']);
  snapshot.modifiedMs = world.group.clock.now();
  return snapshot;
}

function remove({ world, data }: Call, id: string): undefined {
  const snapshot = snapshotById(world, id);
  if (snapshot.isReplica && !snapshot.volume.half) checkReplicaDelete(world, snapshot.name);
  const companion = companionSnapshotOf(world.group, snapshot);
  const all = [snapshot, ...(companion ? [companion] : [])];
  for (const one of all) checkDeletable(world.group, one, flag(data, 'force') ?? false);
  for (const one of all) removeSnapshot(world.group, one);
}

export function checkReplicaDelete({ behaviour }: World, name: string): void {
  if (behaviour.replicaDelete === 'not-owner') throw notOwner(`Snapshot ${name}`);
  if (behaviour.replicaDelete === 'unsupported')
    throw conflict('SM_repl_delete_replica_unsup', `Replica ${name} can not be deleted here.`);
}

/** A replica may be there before it shows. */
export const isVisible = (world: World, { collection }: Snapshot): boolean =>
  (collection?.visibleFromMs ?? 0) <= world.group.clock.now();

const sparse = ['vol_name', 'size', 'creation_time', 'expiry_time'];

const definition = resourceSet<Snapshot>({
  name: 'snapshots',
  fields,
  list: (world) => [...world.group.snapshots.values()].filter((one) => isVisible(world, one)),
  unknown: ({ group }) => (group.config.group.maxLockPeriodSeconds ? [] : lockAttributes),
  create: { arguments: createArguments, run: create },
  update: {
    arguments: {
      name: 'name',
      description: 'text',
      online: 'boolean',
      force: 'boolean',
      metadata: 'metadata',
      expiry_after: 'integer',
      lock_period: 'integer',
      app_uuid: 'string',
    },
    run: update,
  },
  remove: { arguments: { force: 'boolean' }, run: remove },
});

export const snapshotSet: typeof definition = {
  ...definition,
  /** Some releases leave attributes out of lists. */
  rows: (call) => {
    const rows = definition.rows(call);
    if (!call.world.behaviour.sparseSnapshotRows) return rows;
    return rows.map((row) => ({ ...row, leftOut: sparse }));
  },
};
