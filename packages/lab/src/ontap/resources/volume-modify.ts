import { textAt } from '../../json.ts';
import { operate } from '../rest/operation.ts';
import { type Call, param, type Reply } from '../rest/request.ts';
import { notFound, RestError } from '../rest/rest-error.ts';
import { checkLockingAllowed } from '../storage/snapshot-lock.ts';
import type { Volume } from '../storage/volume.ts';
import { refuseOnAsaR2, volumeByUuid } from './references.ts';
import { checkMountPath, checkVolumeName, mount, nameTaken, policyOf } from './volume-create.ts';
import { checkNotMapped } from './volume-luns.ts';
import { volumeRecord } from './volume-record.ts';

const changeable = [
  'name',
  'comment',
  'size',
  'state',
  'nas',
  'snapshot_directory_access_enabled',
  'snapshot_locking_enabled',
];

export function modifyVolume(call: Call): Promise<Reply> {
  refuseOnAsaR2(call, 918703);
  const { body, world } = call;
  const volume = volumeByUuid(call, param(call, 'uuid'), () => notFound('uuid'));
  for (const field of Object.keys(body))
    if (!changeable.includes(field))
      throw new RestError(400, 918233, `Field "${field}" cannot be changed in this simulator.`, field, [
        field,
      ]);
  const name = textAt(body, 'name');
  if (name !== undefined && name !== volume.name) {
    checkVolumeName(name);
    if (world.cluster.volume(volume.svm, name)) throw nameTaken(name);
  }
  const path = textAt(body, 'nas.path');
  if (path !== undefined) checkMountPath(path);
  const policy = policyOf(call, volume.svm, body, volume.policy);
  if (body['snapshot_locking_enabled'] === false && volume.snapshotLocking)
    throw new RestError(400, 918233, 'Snapshot locking cannot be disabled.', 'snapshot_locking_enabled');
  if (body['snapshot_locking_enabled'] === true && !volume.snapshotLocking)
    checkLockingAllowed(
      world.cluster,
      [...world.groups.values()].some(({ volumes }) => volumes.includes(volume)),
    );
  return operate(call, {
    svm: volume.svm,
    run: () => {
      if (!world.cluster.volumes.has(volume.uuid)) throw notFound('uuid');
      if (path !== undefined) remount(call, volume, path);
      volume.policy = policy;
      change(volume, call);
      return volumeRecord(world, volume);
    },
  });
}

function remount(call: Call, volume: Volume, path: string): void {
  if (path === volume.junction?.path) return;
  if (volume === volume.svm.root)
    throw new RestError(400, 917536, 'The root volume cannot be mounted elsewhere.');
  if (call.world.cluster.mountedBelow(volume).length > 0)
    throw new RestError(409, 917536, `Volumes are mounted below volume "${volume.name}".`);
  const former = volume.junction;
  volume.junction = undefined;
  try {
    if (path !== '') mount(call, volume, path);
  } catch (error) {
    volume.junction = former;
    throw error;
  }
}

function change(volume: Volume, { body, world }: Call): void {
  const { name, comment, size, state } = body;
  if (typeof name === 'string') volume.name = name;
  if (typeof comment === 'string') volume.comment = comment;
  if (typeof size === 'number') {
    if (size < volume.account.usedBytes)
      throw new RestError(400, 918233, 'The size is below what is used.', 'size');
    volume.account.limitBytes = size;
  }
  if (state === 'offline' && volume.junction)
    throw new RestError(409, 917533, `Volume "${volume.name}" is mounted.`);
  if (state === 'offline') checkNotMapped(world, volume);
  if (state === 'online' || state === 'offline') volume.state = state;
  if (state !== undefined) world.block.lunsChanged(volume.svm);
  if (typeof body['snapshot_directory_access_enabled'] === 'boolean')
    volume.snapshotDirectory = body['snapshot_directory_access_enabled'];
  if (typeof body['snapshot_locking_enabled'] === 'boolean')
    volume.snapshotLocking = body['snapshot_locking_enabled'];
}
