import { spaceLimit } from '../../storage/chunk-store.ts';
import { RestError } from '../rest/rest-error.ts';
import type { Cluster } from './cluster.ts';
import { ownersOf, type StorageSnapshot } from './storage-snapshot.ts';
import type { Volume } from './volume.ts';

export interface NewSnapshot {
  readonly name: string;
  readonly comment?: string;
  readonly label?: string;
  readonly expiryMs?: number;
  readonly lockedUntilMs?: number;
  readonly byRelation?: boolean;
}

const maxSnapshots = 1023;

/** Takes a storage snapshot of a writable volume, at one instant. Throws the array's refusals. */
export function createSnapshot(cluster: Cluster, volume: Volume, wanted: NewSnapshot): StorageSnapshot {
  if (volume.type !== 'rw')
    throw new RestError(400, 1638461, 'Snapshots can only be created on read/write volumes.');
  if (volume.state !== 'online') throw new RestError(400, 524479, `Volume "${volume.name}" is offline.`);
  if (volume.snapshots.some((one) => one.name === wanted.name)) throw nameTaken(volume, wanted.name);
  if (volume.snapshots.length >= maxSnapshots)
    throw new RestError(400, 525062, 'Reached the maximum allowed number of snapshots.');
  if (volume.account.usedBytes >= spaceLimit(volume.account))
    throw new RestError(400, 524479, `No space left on volume "${volume.name}" for a snapshot.`);
  const snapshot = freeze(cluster, volume, {
    ...wanted,
    versionUuid: cluster.randomness.uuid(),
    createMs: cluster.clock.now(),
    tree: volume.tree.share(),
  });
  volume.snapshots.push(snapshot);
  return snapshot;
}

export interface Frozen extends NewSnapshot {
  readonly versionUuid: string;
  readonly createMs: number;
  readonly tree: StorageSnapshot['tree'];
}

/** A storage snapshot object of a volume around a tree that nobody else changes any more. */
export function freeze(cluster: Cluster, volume: Volume, from: Frozen): StorageSnapshot {
  let logicalBytes = 0;
  for (const inode of from.tree.inodes()) logicalBytes += inode.facts.sizeBytes;
  return {
    uuid: cluster.randomness.uuid(),
    versionUuid: from.versionUuid,
    instance: Math.max(0, ...volume.snapshots.map((one) => one.instance), lastInstance.get(volume) ?? 0) + 1,
    name: from.name,
    createMs: from.createMs,
    comment: from.comment ?? '',
    label: from.label ?? '',
    tree: from.tree,
    logicalBytes,
    expiryMs: from.expiryMs,
    lockedUntilMs: from.lockedUntilMs,
    byRelation: from.byRelation ?? false,
    holds: new Map(),
  };
}

/** Highest instance number ever used, so that a handle never comes back to life. */
const lastInstance = new WeakMap<Volume, number>();

function nameTaken(volume: Volume, name: string): RestError {
  return new RestError(409, 525059, `Snapshot "${name}" of volume "${volume.name}" already exists.`, 'name', [
    name,
  ]);
}

/** Refusals of a delete, in the order in which the array looks: volume, owner, expiry. */
export function checkDeletable(cluster: Cluster, volume: Volume, snapshot: StorageSnapshot): void {
  const owners = ownersOf(snapshot);
  const where = `Snapshot "${snapshot.name}" of volume "${volume.name}" on SVM "${volume.svm.name}"`;
  if (owners.includes('snapmirror'))
    throw new RestError(409, 1638483, `${where} is a reference snapshot of a SnapMirror relationship.`);
  if (owners.length > 0) throw busy(where);
  const now = cluster.clock.now();
  if ((snapshot.expiryMs ?? 0) > now || (snapshot.lockedUntilMs ?? 0) > now) throw busy(where);
}

function busy(where: string): RestError {
  return new RestError(
    409,
    1638555,
    `${where} has not expired or is locked. Use the "owners" and "expiry-time" fields for more information.`,
  );
}

/** Takes a storage snapshot away without asking. */
export function removeSnapshot(volume: Volume, snapshot: StorageSnapshot): void {
  lastInstance.set(volume, Math.max(lastInstance.get(volume) ?? 0, snapshot.instance));
  volume.snapshots = volume.snapshots.filter((one) => one !== snapshot);
  snapshot.tree.release();
}
