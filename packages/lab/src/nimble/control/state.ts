import type { Snapshot, SnapshotCollection, Volume } from '../model/objects.ts';
import { targetNameOf } from '../operations/volume-operations.ts';
import { resyncPercentOf, syncStateOf } from '../sync/mirror.ts';
import type { World } from '../world.ts';

function volumeState(world: World, volume: Volume) {
  const { group } = world;
  return {
    id: volume.id,
    name: volume.name,
    pool: volume.pool.name,
    sizeMib: volume.sizeMib,
    usedBytes: volume.map.usedBytes,
    online: volume.online,
    offlineReason: volume.offlineReason,
    ownedBy: volume.ownedBy,
    serial: volume.serial,
    targetName: targetNameOf(group, volume),
    volumeCollection: volume.collection?.name,
    pairRole: volume.half?.role,
    cloneOf: volume.base && { volume: volume.base.volume.name, snapshot: volume.base.name },
    bytesRead: volume.bytesRead,
    bytesWritten: volume.bytesWritten,
    metadata: Object.fromEntries(volume.metadata),
    snapshots: volume.snapshots.map(snapshotState),
  };
}

const snapshotState = (one: Snapshot) => ({
  id: one.id,
  name: one.name,
  isReplica: one.isReplica,
  online: one.online,
  collection: one.collection?.name,
});

const collectionState = (one: SnapshotCollection) => ({
  id: one.id,
  name: one.name,
  isReplica: one.isReplica,
  pool: one.snapshots[0]?.volume.pool.name,
  peer: one.peer?.id,
  isManual: one.isManual,
  schedule: one.scheduleName,
  replicationStatus: one.replicationStatus,
  replicatedBytes: one.replicatedBytes,
  createdMs: one.createdMs,
  snapshots: one.snapshots.length,
  metadata: Object.fromEntries(one.metadata),
});

/** What the group holds, for people and for tests that compare before with after. */
export function stateOf(world: World) {
  const { group, replicator, tokens, port, jobs } = world;
  return {
    group: { name: group.name, id: group.id, uid: group.uid, version: group.config.group.version },
    arrays: group.arrays.map((unit) => ({
      name: unit.name,
      isUp: !group.lost.has(unit),
      leads: unit === group.leader,
    })),
    pools: [...group.pools.values()].map(({ name, account, capacityMib }) => ({
      name,
      capacityMib,
      usedBytes: account.usedBytes,
    })),
    volumes: [...group.volumes.values()].map((volume) => volumeState(world, volume)),
    volumeCollections: [...group.volumeCollections.values()].map((collection) => ({
      id: collection.id,
      name: collection.name,
      owner: collection.owner,
      isHandingOver: collection.isHandingOver,
      synchronous: collection.sync && {
        state: syncStateOf(group, collection),
        suspended: collection.sync.suspended,
        resyncPercent: resyncPercentOf(group, collection),
      },
      schedules: group.schedulesOf(collection).map(({ name, partner }) => ({ name, partner: partner?.name })),
      snapshotCollections: collection.snapshotCollections.map(collectionState),
      replicating: replicator.live(collection)?.status,
    })),
    partners: [...group.partners.values()].map((partner) => ({
      name: partner.name,
      alive: partner.alive,
      paused: partner.paused,
      lastKeepaliveError: partner.lastKeepaliveError,
      lastSyncError: partner.lastSyncError,
    })),
    initiatorGroups: [...group.initiatorGroups.values()].map(({ id, name, initiators }) => ({
      id,
      name,
      iqns: initiators.map(({ iqn }) => iqn),
    })),
    chapUsers: [...group.chapUsers.values()].map(({ id, name, description }) => ({ id, name, description })),
    accessRecords: [...group.accessRecords.values()].map((record) => ({
      id: record.id,
      volume: record.volume.name,
      initiatorGroup: record.initiatorGroup?.name,
      applyTo: record.applyTo,
      lun: record.lun,
    })),
    tokens: tokens.list().map(({ id, user, appName }) => ({ id, user: user.name, appName })),
    sessions: port.sessions(),
    jobs: jobs.list().map(({ id, name, state, result }) => ({ id, name, state, result })),
  };
}
