import { chunkBytes, StoreFull } from '../../storage/chunk-store.ts';
import type { Group } from '../model/group.ts';
import type { Volume, VolumeCollection } from '../model/objects.ts';

/** Can writes reach both halves now? */
export function canMirror(group: Group, collection: VolumeCollection): boolean {
  const volumes = group.members(collection);
  if (!collection.sync || collection.sync.suspended || !group.syncLinkUp) return false;
  return volumes.every(
    ({ pool, half }) => half && group.isReachable(pool) && group.isReachable(half.twin.pool),
  );
}

/** Writes go on upstream alone from now on (soft availability); what differs is copied by the resync. */
export function loseSync(group: Group, collection: VolumeCollection): void {
  const { sync } = collection;
  if (!sync) return;
  if (sync.inSync)
    for (const volume of group.members(collection))
      if (volume.half) volume.half.lastInSync = volume.map.share();
  sync.inSync = false;
  sync.resyncSinceMs = undefined;
}

/** As a host writes: to both halves while they are in sync. Throws `StoreFull` when the upstream pool is full. */
export function writeVolume(group: Group, volume: Volume, offsetBytes: number, data: Uint8Array): void {
  const { collection, half } = volume;
  if (!half || !collection?.sync?.inSync) {
    volume.map.write(offsetBytes, data, volume.pool.account);
    return;
  }
  const { twin } = half;
  if (!canMirror(group, collection)) loseSync(group, collection);
  else {
    try {
      twin.map.write(offsetBytes, data, twin.pool.account);
    } catch (error) {
      if (!(error instanceof StoreFull)) throw error;
      loseSync(group, collection);
      // Part of it is there: the whole volume has to be compared.
      half.lastInSync?.release();
      half.lastInSync = undefined;
    }
  }
  try {
    volume.map.write(offsetBytes, data, volume.pool.account);
  } catch (error) {
    if (collection.sync.inSync) {
      loseSync(group, collection);
      half.lastInSync?.release();
      half.lastInSync = undefined;
    }
    throw error;
  }
}

/** Copies what differs; then both halves are in sync. Throws `StoreFull` when the downstream pool is full. */
export function copyDifferences(group: Group, collection: VolumeCollection): void {
  const { sync } = collection;
  if (!sync) return;
  for (const volume of group.members(collection)) copyVolume(volume);
  sync.inSync = true;
  sync.resyncSinceMs = undefined;
  sync.lastSyncMs = group.clock.now();
}

function copyVolume(volume: Volume): void {
  const { half, map } = volume;
  if (!half) return;
  const { twin } = half;
  const content = Buffer.allocUnsafe(chunkBytes);
  if (!half.lastInSync)
    for (const chunk of twin.map.changes(undefined)) if (map.isHole(chunk)) twin.map.clearChunk(chunk);
  for (const chunk of map.changes(half.lastInSync)) {
    if (map.isHole(chunk)) {
      twin.map.clearChunk(chunk);
      continue;
    }
    map.read(chunk * chunkBytes, content);
    twin.map.write(chunk * chunkBytes, content, twin.pool.account);
  }
  half.lastInSync?.release();
  half.lastInSync = undefined;
}

/** In the words of the interface. */
export function syncStateOf(group: Group, collection: VolumeCollection): string {
  if (!collection.sync) return 'not_applicable';
  const { lostState } = group.config.behaviour;
  const pools = group
    .members(collection)
    .flatMap(({ pool, half }) => (half ? [pool, half.twin.pool] : [pool]));
  if (pools.some((pool) => !group.isReachable(pool))) return lostState;
  return collection.sync.inSync ? 'in_sync' : 'out_of_sync';
}

/** Of the resync under way; null: none. */
export function resyncPercentOf(group: Group, { sync }: VolumeCollection): number | null {
  if (sync?.resyncSinceMs === undefined) return null;
  const { resyncMs } = group.config.behaviour;
  const passedMs = group.clock.now() - sync.resyncSinceMs;
  return resyncMs === 0 ? 99 : Math.min(99, Math.floor((passedMs / resyncMs) * 100));
}
