import { LeewardError, type VolumeId } from '@leeward/core';
import type { OwnedObject } from '../contract/array-driver.ts';
import { arrayNamePrefix, fromArrayName } from './array-name.ts';
import { isDownstreamHalf, listVolumes, readVolume, type VolumeRecord } from './inventory/volumes.ts';
import { commentOf, isOurs, markIn } from './mark.ts';
import type { NimbleArray } from './nimble-array.ts';
import { isOwnChapUser, listChapUsers } from './presentation/chap-user.ts';
import { isOwnClone, removeClone } from './presentation/clone.ts';
import { isOwnGroup, listInitiatorGroups } from './presentation/initiator-group.ts';
import type { NimbleLuns } from './presentation/lun-presentations.ts';
import { orGone } from './rest/or-gone.ts';
import { collectionOf, commentOfSnapshot } from './snapshots/comment-of-snapshot.ts';
import { deleteStorageSnapshot } from './snapshots/delete-snapshot.ts';
import { readSnapshots, type SnapshotRecord, timeOf } from './snapshots/snapshot-record.ts';

/** Every object of the group that carries our mark. */
export async function listOwned(array: NimbleArray, signal?: AbortSignal): Promise<OwnedObject[]> {
  const { uid: arraySerial } = await array.group(signal);
  const [volumes, groups, chapUsers] = await Promise.all([
    listVolumes(array, {}, signal),
    listInitiatorGroups(array, {}, signal),
    listChapUsers(array, {}, signal),
  ]);
  const snapshots = volumes
    .filter(({ num_snaps }) => num_snaps !== 0)
    .map((volume) => ownedSnapshots(array, arraySerial, volume, signal));
  return [
    ...volumes.filter(isOwnClone).map((volume) => cloneObject(arraySerial, volume)),
    ...groups.filter(isOwnGroup).map(({ id, name, description, creation_time }): OwnedObject => {
      const created = creation_time ? { createdAt: timeOf(creation_time) } : {};
      return { kind: 'initiator-group', name, id, comment: description ?? '', ...created };
    }),
    // After the clones, whose access records name them.
    ...chapUsers.filter(isOwnChapUser).map(({ id, name, description, creation_time }): OwnedObject => {
      const created = creation_time ? { createdAt: timeOf(creation_time) } : {};
      return { kind: 'chap-user', name, id, comment: description ?? '', ...created };
    }),
    ...(await Promise.all(snapshots)).flat(),
  ];
}

/** Removes one of them by what `listOwned` told, after checking again that it is ours. */
export async function removeOwned(
  array: NimbleArray,
  luns: NimbleLuns,
  object: OwnedObject,
  signal?: AbortSignal,
): Promise<void> {
  if (object.kind === 'storage-snapshot') {
    if (object.volume) await deleteStorageSnapshot(array, object.volume, object.name, signal);
  } else if (object.kind === 'clone') {
    const volume = await orGone(() => readVolume(array, object.id, signal));
    if (volume && !isOwnClone(volume)) throw notOurs(array, `volume ${object.name}`);
    if (volume) await removeClone(array, volume, signal);
  } else if (object.kind === 'initiator-group') {
    const groups = await listInitiatorGroups(array, { name: object.name }, signal);
    const group = groups.find(({ id }) => id === object.id);
    if (group && !isOwnGroup(group)) throw notOurs(array, `initiator group ${object.name}`);
    if (group) await luns.dropUnused(group, signal);
  } else if (object.kind === 'chap-user') {
    const users = await listChapUsers(array, { name: object.name }, signal);
    const user = users.find(({ id }) => id === object.id);
    if (user && !isOwnChapUser(user)) throw notOurs(array, `CHAP user ${object.name}`);
    if (user) await luns.dropChapUser(user, signal);
  }
}

/**
 * Members of a snapshot collection that were not asked for carry no mark and go with the others. On replicas,
 * where marks may not have travelled, they cannot be told apart.
 */
async function ownedSnapshots(
  array: NimbleArray,
  arraySerial: string,
  volume: VolumeRecord,
  signal?: AbortSignal,
): Promise<OwnedObject[]> {
  const { id: objectId } = volume;
  const isHalf = isDownstreamHalf(volume);
  const wanted = (record: SnapshotRecord) => isOwnSnapshot(record, isHalf);
  const records = await readSnapshots(array, objectId, wanted, signal);
  const objects = await Promise.all(
    records.map(async (record) => {
      const told = commentOf(record);
      if (told !== '' || !isHalf) return [snapshotObject({ arraySerial, objectId }, record, told)];
      const collection = await collectionOf(array, record, signal);
      const comment = await commentOfSnapshot(array, record, collection, signal);
      const ours = isOurs(record.name, comment, true);
      return ours ? [snapshotObject({ arraySerial, objectId }, record, comment)] : [];
    }),
  );
  return objects.flat();
}

function isOwnSnapshot(record: SnapshotRecord, isHalf: boolean): boolean {
  const { name, metadata } = record;
  const replica = record.is_replica === true || isHalf;
  if (!name.startsWith(arrayNamePrefix) || !isOurs(name, commentOf(record), replica)) return false;
  return replica || markIn(metadata) !== '';
}

function snapshotObject(
  volume: VolumeId,
  {
    id,
    name,
    creation_time,
  }: { readonly id: string; readonly name: string; readonly creation_time?: number | null | undefined },
  comment: string,
): OwnedObject {
  const createdAt = timeOf(creation_time);
  return { kind: 'storage-snapshot', name: fromArrayName(name), id, volume, comment, createdAt };
}

function cloneObject(arraySerial: string, volume: VolumeRecord): OwnedObject {
  const { id, name, parent_vol_id: objectId, creation_time } = volume;
  return {
    kind: 'clone',
    name: fromArrayName(name),
    id,
    comment: commentOf(volume),
    ...(objectId ? { volume: { arraySerial, objectId } } : {}),
    ...(creation_time ? { createdAt: timeOf(creation_time) } : {}),
  };
}

function notOurs(array: NimbleArray, object: string): LeewardError {
  return new LeewardError('L-ARR-011', { host: array.rest.host, object });
}
