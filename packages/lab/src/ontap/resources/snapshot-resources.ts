import { type JsonObject, textAt } from '../../json.ts';
import { isSyncKind, isVaultKind } from '../mirror/mirror-policy.ts';
import { listing } from '../rest/collection.ts';
import { operate } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { missingField, notFound, RestError } from '../rest/rest-error.ts';
import { isoSeconds } from '../rest/times.ts';
import { checkLockTime, extendLock } from '../storage/snapshot-lock.ts';
import { checkDeletable, createSnapshot, removeSnapshot } from '../storage/snapshot-operations.ts';
import { ownersOf, type StorageSnapshot } from '../storage/storage-snapshot.ts';
import type { Volume } from '../storage/volume.ts';
import { refuseOnAsaR2, volumeByUuid } from './references.ts';
import { svmReference } from './svm-resources.ts';
import { volumeReference } from './volume-record.ts';

export function snapshotRecord(volume: Volume, snapshot: StorageSnapshot): JsonObject {
  const owners = ownersOf(snapshot);
  const { expiryMs, lockedUntilMs, comment, label } = snapshot;
  return {
    uuid: snapshot.uuid,
    name: snapshot.name,
    version_uuid: snapshot.versionUuid,
    create_time: isoSeconds(snapshot.createMs),
    comment: comment || undefined,
    snapmirror_label: label || undefined,
    state: 'valid',
    owners: owners.length > 0 ? owners : undefined,
    expiry_time: expiryMs === undefined ? undefined : isoSeconds(expiryMs),
    snaplock_expiry_time: lockedUntilMs === undefined ? undefined : isoSeconds(lockedUntilMs),
    snaplock: lockedUntilMs === undefined ? undefined : { expiry_time: isoSeconds(lockedUntilMs) },
    logical_size: snapshot.logicalBytes,
    provenance_volume: { uuid: volume.uuid },
    volume: volumeReference(volume),
    svm: svmReference(volume.svm),
  };
}

const invalidVolume = () =>
  new RestError(404, 918235, 'A volume with the specified uuid was not found.', 'volume.uuid');

const volumeOf = (call: Call): Volume => volumeByUuid(call, param(call, 'volume.uuid'), invalidVolume);

function snapshotOf(call: Call, volume: Volume): StorageSnapshot {
  const found = volume.snapshots.find((one) => one.uuid === param(call, 'uuid'));
  if (!found) throw notFound('uuid');
  return found;
}

export function checkSnapshotName(name: string): void {
  if (/^(snapmirror|snapvault)\./.test(name))
    throw new RestError(400, 1638477, `The name "${name}" has a reserved prefix.`, 'name', [name]);
  if (name === '' || name.length > 255 || /[/\\|?*"\s[\]<>;,]/.test(name) || name === '.' || name === '..')
    throw new RestError(400, 1638518, `Invalid snapshot name "${name}".`, 'name', [name]);
}

function checkTexts(body: JsonObject): void {
  if ((textAt(body, 'comment') ?? '').length > 255)
    throw new RestError(400, 1638455, 'The comment is longer than 255 characters.', 'comment');
  if ((textAt(body, 'snapmirror_label') ?? '').length > 31)
    throw new RestError(400, 1638523, 'The label is longer than 31 characters.', 'snapmirror_label');
}

const timeAt = (body: JsonObject, field: string): number | undefined => {
  const text = textAt(body, field);
  return text === undefined ? undefined : Date.parse(text);
};

function create(call: Call): Promise<Reply> {
  refuseOnAsaR2(call, 1638644);
  const { body, world } = call;
  const volume = volumeOf(call);
  const name = textAt(body, 'name');
  if (name === undefined) throw missingField('name');
  checkSnapshotName(name);
  checkTexts(body);
  const locked = timeAt(body, 'snaplock.expiry_time') ?? timeAt(body, 'snaplock_expiry_time');
  const path = `/api/storage/volumes/${volume.uuid}/snapshots/?name=${encodeURIComponent(name)}`;
  return operate(call, {
    svm: volume.svm,
    location: path,
    describedAs: path,
    run: async () => {
      if (!world.cluster.volumes.has(volume.uuid)) throw invalidVolume();
      if (world.engine.relationOf(volume)?.policy.kind === 'automated-failover-duplex')
        throw new RestError(400, 1638630, 'Not on the destination of a relationship with symmetric access.');
      const expiryMs = timeAt(body, 'expiry_time');
      // Without locking on the volume the array ignores the retention.
      const lockedUntilMs = volume.snapshotLocking ? locked : undefined;
      if (lockedUntilMs !== undefined) checkLockTime(world.cluster, lockedUntilMs);
      const made = createSnapshot(world.cluster, volume, {
        name,
        comment: textAt(body, 'comment') ?? '',
        label: textAt(body, 'snapmirror_label') ?? '',
        ...(expiryMs === undefined ? {} : { expiryMs }),
        ...(lockedUntilMs === undefined ? {} : { lockedUntilMs }),
      });
      await world.sync.sources.taken([{ volume, snapshot: made }]);
      return snapshotRecord(volume, made);
    },
  });
}

function modify(call: Call): Promise<Reply> {
  const { body } = call;
  const volume = volumeOf(call);
  const snapshot = snapshotOf(call, volume);
  checkTexts(body);
  const name = textAt(body, 'name');
  return operate(call, {
    svm: volume.svm,
    run: () => {
      if (name !== undefined && name !== snapshot.name) rename(volume, snapshot, name);
      const changesText = body['comment'] !== undefined || body['snapmirror_label'] !== undefined;
      if (changesText && volume.type !== 'rw')
        throw new RestError(400, 1638523, 'Snapshots can be changed on read/write volumes only.');
      snapshot.comment = textAt(body, 'comment') ?? snapshot.comment;
      snapshot.label = textAt(body, 'snapmirror_label') ?? snapshot.label;
      snapshot.expiryMs = timeAt(body, 'expiry_time') ?? snapshot.expiryMs;
      extendLock(
        call.world.cluster,
        volume,
        snapshot,
        timeAt(body, 'snaplock.expiry_time') ?? timeAt(body, 'snaplock_expiry_time'),
      );
      return snapshotRecord(volume, snapshot);
    },
  });
}

function rename(volume: Volume, snapshot: StorageSnapshot, name: string): void {
  checkSnapshotName(name);
  if (volume.type !== 'rw')
    throw new RestError(400, 1638522, 'Snapshots can only be renamed on read/write volumes.');
  if (snapshot.holds.size > 0)
    throw new RestError(
      409,
      1638476,
      `Snapshot "${snapshot.name}" is a reference snapshot and cannot be renamed.`,
    );
  if (volume.snapshots.some((one) => one.name === name))
    throw new RestError(
      409,
      525059,
      `Snapshot "${name}" of volume "${volume.name}" already exists.`,
      'name',
      [name],
    );
  snapshot.name = name;
}

function remove(call: Call): Promise<Reply> {
  refuseOnAsaR2(call, 1638644);
  const volume = volumeOf(call);
  const snapshot = snapshotOf(call, volume);
  return operate(call, {
    svm: volume.svm,
    run: async () => {
      if (!volume.snapshots.includes(snapshot)) throw notFound('uuid');
      checkWritable(call, volume);
      checkDeletable(call.world.cluster, volume, snapshot);
      removeSnapshot(volume, snapshot);
      await call.world.sync.sources.deleted([{ volume, snapshot }]);
      return undefined;
    },
  });
}

/** Mirror destinations follow their source only; vault ones allow single deletes, or not, by the lab's switch. */
function checkWritable(call: Call, volume: Volume): void {
  if (volume.type === 'rw') return;
  const { engine, cluster } = call.world;
  const relation = engine.relationOf(volume);
  const allowed = cluster.config.behaviour.vaultDelete === 'allowed';
  if (relation && isVaultKind(relation.policy.kind) && allowed) return;
  const { destinationDelete } = cluster.config.behaviour.sync;
  if (relation && isSyncKind(relation.policy.kind) && destinationDelete === 'allowed') return;
  throw new RestError(400, 1638521, 'Snapshots can only be deleted on read/write volumes.');
}

export const snapshotRoutes: readonly Route[] = [
  ...listing({
    collectionPath: '/storage/volumes/{volume.uuid}/snapshots',
    instancePath: '/storage/volumes/{volume.uuid}/snapshots/{uuid}',
    records: (call) => {
      const volume = volumeOf(call);
      return volume.snapshots.map((snapshot) => snapshotRecord(volume, snapshot));
    },
    always: ['uuid', 'name', 'volume.uuid', 'volume.name'],
    keys: { 'volume.uuid': 'volume.uuid', uuid: 'uuid' },
  }),
  { method: 'POST', path: '/storage/volumes/{volume.uuid}/snapshots', handle: create },
  { method: 'PATCH', path: '/storage/volumes/{volume.uuid}/snapshots/{uuid}', handle: modify },
  { method: 'DELETE', path: '/storage/volumes/{volume.uuid}/snapshots/{uuid}', handle: remove },
];
