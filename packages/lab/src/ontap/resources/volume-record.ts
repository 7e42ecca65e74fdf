import type { JsonObject } from '../../json.ts';
import { spaceLimit } from '../../storage/chunk-store.ts';
import { isoSeconds } from '../rest/times.ts';
import type { Volume } from '../storage/volume.ts';
import type { World } from '../world.ts';
import { svmReference } from './svm-resources.ts';

export function volumeReference(volume: Volume): JsonObject {
  return { name: volume.name, uuid: volume.uuid };
}

export function volumeRecord(world: World, volume: Volume): JsonObject {
  const { cluster, source } = world;
  const { clone, junction, svm, policy, account } = volume;
  const aggregate = cluster.aggregates.find((one) => one.name === volume.aggregate);
  const used = account.usedBytes;
  const group = [...world.groups.values()].find((one) => one.volumes.includes(volume));
  const isSource = [...source.destinations.values()].some(
    (one) => one.sourceSvm === svm.name && one.sourceVolume === volume.name,
  );
  return {
    uuid: volume.uuid,
    name: volume.name,
    svm: svmReference(svm),
    type: volume.type,
    style: 'flexvol',
    state: volume.state,
    size: account.limitBytes,
    comment: volume.comment,
    create_time: isoSeconds(volume.createMs),
    language: 'c.utf_8',
    aggregates: aggregate && [{ name: aggregate.name, uuid: aggregate.uuid }],
    is_svm_root: svm.root === volume,
    snapshot_count: volume.snapshots.length,
    snapshot_directory_access_enabled: volume.snapshotDirectory,
    snapshot_locking_enabled: volume.snapshotLocking,
    snapshot_policy: { name: 'none' },
    guarantee: { type: 'none', honored: true },
    nas: {
      path: volume === svm.root ? '/' : junction?.path,
      junction_parent: junction && volumeReference(junction.parent),
      export_policy: { name: policy.name, id: policy.id },
      security_style: 'unix',
      uid: 0,
      gid: 0,
      unix_permissions: 755,
    },
    space: {
      size: account.limitBytes,
      used,
      available: Math.max(0, spaceLimit(account) - used),
      percent_used: Math.round((used / account.limitBytes) * 100),
    },
    clone: {
      is_flexclone: clone !== undefined,
      has_flexclone: cluster.clonesOf(volume).length > 0,
      ...(clone
        ? {
            parent_volume: volumeReference(clone.parent),
            parent_svm: svmReference(clone.parent.svm),
            parent_snapshot: { name: clone.snapshot.name, uuid: clone.snapshot.uuid },
            split_initiated: false,
          }
        : {}),
    },
    snaplock: { type: 'non_snaplock' },
    snapmirror: { is_protected: isSource },
    consistency_group: group && { name: group.name, uuid: group.uuid },
  };
}
