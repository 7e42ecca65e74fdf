import { z } from 'zod';
import { NoSuchObject } from '../../control/door.ts';
import { destinationPath, sourcePath } from '../mirror/relation.ts';
import { removeSnapshot } from '../storage/snapshot-operations.ts';
import { ownersOf } from '../storage/storage-snapshot.ts';
import type { World } from '../world.ts';

/** Settings that can be changed while the cluster runs; absent ones stay. */
export const settingsSchema = z
  .object({
    transferBytesPerSecond: z.number().min(0),
    operationMs: z.number().min(0),
    clockSpeed: z.number().positive().max(10_000),
    jumpMs: z.number().min(0),
    /** Port of the peer's intercluster door. */
    peerPort: z.number().int().min(1).max(65535),
    reachable: z.boolean(),
    vaultDelete: z.enum(['allowed', 'refused']),
    addLicenses: z.array(z.string()),
    removeLicenses: z.array(z.string()),
  })
  .partial()
  .strict();
export type Settings = z.infer<typeof settingsSchema>;

/** `svm:volume` and what to do with it. */
export const volumeActionSchema = z.discriminatedUnion('action', [
  /** Room left from now on; absent: as much as the volume's size gives. */
  z.object({
    action: z.literal('setFreeBytes'),
    volume: z.string(),
    freeBytes: z.number().min(0).optional(),
  }),
  /** Held or not: as an administrator with more rights would. */
  z.object({ action: z.literal('forceDeleteSnapshot'), volume: z.string(), snapshot: z.string() }),
  z.object({
    action: z.literal('setOwnerHold'),
    volume: z.string(),
    snapshot: z.string(),
    held: z.boolean(),
  }),
  z.object({
    action: z.literal('setRelationState'),
    volume: z.string(),
    state: z.enum(['uninitialized', 'snapmirrored', 'paused', 'broken_off']),
  }),
  z.object({ action: z.literal('setUnhealthy'), volume: z.string(), code: z.string(), message: z.string() }),
  z.object({ action: z.literal('flushAccessCache') }),
]);
export type VolumeAction = z.infer<typeof volumeActionSchema>;

function findVolume(world: World, path: string) {
  const [svmName = '', name = ''] = path.split(':');
  const volume = world.cluster.volume(world.cluster.svm(svmName), name);
  if (!volume) throw new NoSuchObject(`no volume ${path}`);
  return volume;
}

export function act(world: World, wanted: VolumeAction): void {
  if (wanted.action === 'flushAccessCache') {
    world.access.flush();
    return;
  }
  const volume = findVolume(world, wanted.volume);
  const relation = world.engine.relationOf(volume);
  switch (wanted.action) {
    case 'setFreeBytes':
      volume.account.labLimitBytes =
        wanted.freeBytes === undefined ? undefined : volume.account.usedBytes + wanted.freeBytes;
      return;
    case 'forceDeleteSnapshot':
    case 'setOwnerHold': {
      const snapshot = volume.snapshots.find((one) => one.name === wanted.snapshot);
      if (!snapshot) throw new NoSuchObject(`no snapshot ${wanted.snapshot} on ${wanted.volume}`);
      if (wanted.action === 'forceDeleteSnapshot') removeSnapshot(volume, snapshot);
      else if (wanted.held) snapshot.holds.set('lab', 'volume_clone');
      else snapshot.holds.delete('lab');
      return;
    }
    case 'setRelationState':
      if (!relation) throw new NoSuchObject(`no relation to ${wanted.volume}`);
      relation.state = wanted.state;
      volume.type = wanted.state === 'broken_off' ? 'rw' : 'dp';
      return;
    case 'setUnhealthy':
      if (!relation) throw new NoSuchObject(`no relation to ${wanted.volume}`);
      relation.unhealthy = wanted.code === '' ? [] : [{ code: wanted.code, message: wanted.message }];
      return;
  }
}

/** What the cluster holds, for people and for tests that compare before with after. */
export function summary(world: World) {
  const { cluster, engine } = world;
  return {
    cluster: {
      name: cluster.config.cluster.name,
      uuid: cluster.uuid,
      version: cluster.config.cluster.version,
    },
    licenses: [...cluster.licenses].sort(),
    volumes: [...cluster.volumes.values()].map((volume) => ({
      svm: volume.svm.name,
      name: volume.name,
      uuid: volume.uuid,
      type: volume.type,
      state: volume.state,
      sizeBytes: volume.account.limitBytes,
      usedBytes: volume.account.usedBytes,
      junction: volume.junction?.path,
      exportPolicy: volume.policy.name,
      cloneOf: volume.clone && { volume: volume.clone.parent.name, snapshot: volume.clone.snapshot.name },
      inRecoveryQueue: volume.inRecoveryQueue,
      exportedSnapshot: volume.exported?.name,
      snapshots: volume.snapshots.map((one) => ({
        name: one.name,
        uuid: one.uuid,
        versionUuid: one.versionUuid,
        createMs: one.createMs,
        label: one.label,
        owners: ownersOf(one),
      })),
    })),
    exportPolicies: [...cluster.policies.values()].map((policy) => ({
      svm: policy.svm.name,
      name: policy.name,
      id: policy.id,
      rules: policy.rules.map((rule) => ({ ...rule })),
    })),
    relations: [...engine.relations.values()].map((relation) => ({
      uuid: relation.uuid,
      source: sourcePath(relation),
      destination: destinationPath(relation),
      policy: relation.policy.name,
      kind: relation.policy.kind,
      state: relation.state,
      healthy: relation.unhealthy.length === 0,
      transfer: relation.transfer && {
        state: relation.transfer.state,
        snapshot: relation.transfer.snapshot,
        bytes: relation.transfer.bytes,
        error: relation.transfer.error,
      },
      checkpointBytes: relation.checkpoint?.bytes ?? 0,
    })),
    jobs: world.jobs.list().map(({ uuid, description, state }) => ({ uuid, description, state })),
  };
}
