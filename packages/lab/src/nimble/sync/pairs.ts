import type { Group } from '../model/group.ts';
import type { Volume, VolumeCollection } from '../model/objects.ts';
import { newSerial } from '../model/scsi-identity.ts';
import { addVolume } from '../operations/volume-operations.ts';
import { conflict } from '../rest/api-error.ts';
import { isSync, partnerOfPool, poolPartner } from './halves.ts';
import { loseSync } from './mirror.ts';

/** Gives a volume of a synchronous collection its downstream half. `equal`: both are empty, nothing is to be copied. */
export function joinPair(group: Group, volume: Volume, equal = false): void {
  const { collection } = volume;
  if (!collection || !isSync(collection) || volume.half) return;
  const pool = poolPartner(group, collection)?.pool;
  if (!pool) return;
  const { name } = volume;
  if (volume.targetScope !== 'group')
    throw conflict('SM_srep_not_group_scoped_vol', `Volume ${name} has a target of its own.`);
  if (pool === volume.pool || group.members(collection).some((one) => one.pool !== volume.pool))
    throw conflict('SM_srep_volcoll_unsup', `Volume ${name} is in another pool than ${collection.name} is.`);
  if (group.volumeNamed(name, pool.name))
    throw conflict('SM_srep_name_conflict_vol', `Pool ${pool.name} has a volume ${name}.`);
  if (!equal) loseSync(group, collection);
  const { sizeMib, serial, blockSize, lineage, targetScope } = volume;
  const twin = addVolume(group, {
    name,
    pool,
    sizeMib,
    serial,
    blockSize,
    lineage,
    targetScope,
    isTwin: true,
    multiInitiator: volume.multiInitiator,
    description: volume.description,
  });
  twin.collection = collection;
  volume.half = { role: 'upstream', twin, lastInSync: undefined, ownSerial: newSerial(group.randomness) };
  twin.half = {
    role: 'downstream',
    twin: volume,
    lastInSync: undefined,
    ownSerial: newSerial(group.randomness),
  };
  if (!equal) return;
  collection.sync.inSync = true;
  collection.sync.lastSyncMs = group.clock.now();
}

/** The downstream half becomes a volume of its own: offline, with another identity. */
export function dissolvePair(group: Group, volume: Volume): void {
  const { half } = volume;
  if (!half) return;
  const [up, down] = half.role === 'upstream' ? [volume, half.twin] : [half.twin, volume];
  up.half?.lastInSync?.release();
  down.serial = down.half?.ownSerial ?? newSerial(group.randomness);
  down.online = false;
  down.offlineReason = 'srep_unconfigured';
  down.collection = undefined;
  for (const one of down.snapshots) {
    const { collection } = one;
    if (collection) collection.isUnmanaged = true;
  }
  up.half = undefined;
  down.half = undefined;
}

/** After its partner was set or taken away: all its volumes get or lose their other half. */
export function configurePairs(group: Group, collection: VolumeCollection): void {
  if (!collection.sync) return;
  const partner = poolPartner(group, collection);
  for (const volume of group.members(collection)) {
    if (partner) joinPair(group, volume);
    else dissolvePair(group, volume);
  }
  if (!partner) collection.sync.inSync = false;
}

/** The downstream halves become the upstream ones; hosts keep their device. */
export function swapRoles(group: Group, collection: VolumeCollection): void {
  const formerPool = group.members(collection)[0]?.pool;
  for (const former of group.members(collection)) {
    const next = former.half?.twin;
    if (!former.half || !next?.half) continue;
    former.half.lastInSync?.release();
    former.half.lastInSync = undefined;
    if (!collection.sync?.inSync) next.half.lastInSync = next.map.share();
    former.half.role = 'downstream';
    next.half.role = 'upstream';
    for (const record of group.recordsOf(former)) record.volume = next;
  }
  const back = formerPool && partnerOfPool(group, formerPool);
  for (const schedule of group.schedulesOf(collection))
    if (schedule.partner?.type === 'pool') schedule.partner = back;
}
