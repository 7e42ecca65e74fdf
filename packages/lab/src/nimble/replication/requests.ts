import type { Group } from '../model/group.ts';
import type { Schedule, SnapshotCollection } from '../model/objects.ts';
import type { CommitRequest, ConfigureRequest } from './protocol.ts';

/** Name, volumes and schedules of a collection, as the partner is to mirror them. */
export function configureRequest(group: Group, collection: SnapshotCollection): ConfigureRequest {
  const { volumeCollection } = collection;
  const { lineage, name, description } = volumeCollection;
  const volumes = new Set([
    ...group.members(volumeCollection),
    ...collection.snapshots.map((snapshot) => snapshot.volume),
  ]);
  return {
    method: 'configure',
    collection: { lineage, name, description },
    schedules: group
      .schedulesOf(volumeCollection)
      .filter(({ partner }) => partner?.name === collection.replicateTo)
      .map(scheduleFacts),
    volumes: [...volumes].map((volume) => ({
      lineage: volume.lineage,
      name: volume.name,
      description: volume.description,
      sizeMib: volume.sizeMib,
      blockSize: volume.blockSize,
    })),
  };
}

function scheduleFacts(schedule: Schedule): ConfigureRequest['schedules'][number] {
  return {
    lineage: schedule.lineage,
    name: schedule.name,
    description: schedule.description,
    type: schedule.type,
    period: schedule.period,
    periodUnit: schedule.periodUnit,
    atTimeSeconds: schedule.atTimeSeconds,
    untilTimeSeconds: schedule.untilTimeSeconds,
    days: schedule.days,
    retain: schedule.retain,
    retainReplica: schedule.retainReplica,
    replicateEvery: schedule.replicateEvery,
    alertThresholdSeconds: schedule.alertThresholdSeconds,
    disableAppSync: schedule.disableAppSync,
  };
}

export function commitRequest(collection: SnapshotCollection, bytes: number): CommitRequest {
  const { schedule } = collection;
  return {
    method: 'commit',
    collection: collection.volumeCollection.lineage,
    snapshotCollection: {
      lineage: collection.lineage,
      name: collection.name,
      description: collection.description,
      createdMs: collection.createdMs,
      ...(schedule ? { scheduleLineage: schedule.lineage } : {}),
      scheduleName: collection.scheduleName,
      isManual: collection.isManual,
      isExternalTrigger: collection.isExternalTrigger,
      metadata: [...collection.metadata],
      bytes,
    },
    snapshots: collection.snapshots.map(({ name, description, sizeMib, lineage, volume }) => ({
      volume: volume.lineage,
      snapshot: lineage,
      name,
      description,
      sizeMib,
    })),
  };
}
