import { listing } from '../rest/collection.ts';
import { operate } from '../rest/operation.ts';
import { type Call, flag, param, type Reply, type Route } from '../rest/request.ts';
import { notFound, RestError } from '../rest/rest-error.ts';
import type { Volume } from '../storage/volume.ts';
import { refuseOnAsaR2, volumeByUuid } from './references.ts';
import { createVolume } from './volume-create.ts';
import { checkNotMapped, withdrawLuns } from './volume-luns.ts';
import { modifyVolume } from './volume-modify.ts';
import { volumeRecord } from './volume-record.ts';

function deleteVolume(call: Call): Promise<Reply> {
  refuseOnAsaR2(call, 918701);
  const { world } = call;
  const volume = volumeByUuid(call, param(call, 'uuid'), () => notFound('uuid'));
  return operate(call, {
    svm: volume.svm,
    run: () => {
      if (!world.cluster.volumes.has(volume.uuid) || volume.inRecoveryQueue) throw notFound('uuid');
      checkDeletable(call, volume);
      withdrawLuns(world, volume);
      if (flag(call, 'force')) world.cluster.destroyVolume(volume);
      else toRecoveryQueue(volume);
      return undefined;
    },
  });
}

function checkDeletable(call: Call, volume: Volume): void {
  const { cluster, engine } = call.world;
  if (volume === volume.svm.root)
    throw new RestError(
      400,
      917531,
      `Volume "${volume.name}" is the root volume of SVM "${volume.svm.name}".`,
    );
  const clones = cluster.clonesOf(volume);
  if (clones.length > 0)
    throw new RestError(
      409,
      524615,
      `Volume "${volume.name}" has clones: ${clones.map((one) => one.name).join(', ')}.`,
    );
  if (volume.junction)
    throw new RestError(409, 917533, `Volume "${volume.name}" is mounted at "${volume.junction.path}".`);
  if (cluster.mountedBelow(volume).length > 0)
    throw new RestError(409, 917533, `Volumes are mounted below volume "${volume.name}".`);
  if (engine.relationOf(volume) && volume.type === 'dp')
    throw new RestError(
      409,
      917536,
      `Volume "${volume.name}" is the destination of a SnapMirror relationship.`,
    );
  checkNotMapped(call.world, volume);
  if (volume.snapshots.some((one) => (one.lockedUntilMs ?? 0) > cluster.clock.now()))
    throw new RestError(409, 1638555, `Volume "${volume.name}" has locked snapshots.`);
}

/** Gone for callers, but its clones' base stays pinned until it is purged. */
function toRecoveryQueue(volume: Volume): void {
  volume.inRecoveryQueue = true;
  volume.state = 'offline';
  volume.name = `${volume.name}_${volume.instance}`;
}

export const volumeRoutes: readonly Route[] = [
  ...listing({
    collectionPath: '/storage/volumes',
    instancePath: '/storage/volumes/{uuid}',
    records: ({ world }) => world.cluster.visible().map((volume) => volumeRecord(world, volume)),
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
  { method: 'POST', path: '/storage/volumes', handle: createVolume },
  { method: 'PATCH', path: '/storage/volumes/{uuid}', handle: modifyVolume },
  { method: 'DELETE', path: '/storage/volumes/{uuid}', handle: deleteVolume },
];
