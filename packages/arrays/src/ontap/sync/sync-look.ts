import { isError, LeewardError, reportOf } from '@leeward/core';
import type { SyncLook, SyncPair } from '../../contract/sync-snapshots.ts';
import { listMirrorPolicies } from '../inventory/policies.ts';
import type { RelationRecord } from '../inventory/relation-record.ts';
import { readVolume, type VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { arrayOf } from './other-array.ts';
import { listSyncRelations, neededLabels, relationTo, syncHealthOf, volumesOf } from './sync-record.ts';

export interface Looked extends SyncLook {
  /** See `neededLabels`. */
  readonly labels?: readonly string[];
}

const notNow = (state: SyncLook['state'], reason: string): Looked => ({
  detected: false,
  state,
  reasons: [reason],
});

/** Everything is read anew, on both clusters: only that of the destination tells the state. */
export async function lookAtPair(array: OntapArray, pair: SyncPair, signal?: AbortSignal): Promise<Looked> {
  const primary = await arrayOf(array, pair.primary, signal);
  if (!primary) return notNow('unknown', whyUnknown(pair.primary.arraySerial));
  const source = await readVolume(primary, await primary.ownId(pair.primary, signal), signal);
  if (source.type !== 'rw')
    return notNow('unknown', `${source.name} is a replica now: the two sides have changed roles`);
  if (source.state !== 'online') return notNow('unknown', `${source.name} is ${source.state}`);
  const secondary = await arrayOf(array, pair.secondary, signal);
  if (!secondary) return notNow('unknown', whyUnknown(pair.secondary.arraySerial));
  try {
    return await lookAtSecondary({ primary, secondary }, source, pair, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof LeewardError)) throw error;
    const away = isError(error, 'L-ARR-001') || isError(error, 'L-ARR-013');
    return notNow(away ? 'unreachable' : 'unknown', reportOf(error).what);
  }
}

async function lookAtSecondary(
  { primary, secondary }: { readonly primary: OntapArray; readonly secondary: OntapArray },
  source: VolumeRecord,
  pair: SyncPair,
  signal?: AbortSignal,
): Promise<Looked> {
  const [destination, relations, policies, there, here] = await Promise.all([
    readVolume(secondary, await secondary.ownId(pair.secondary, signal), signal),
    listSyncRelations(secondary, signal),
    listMirrorPolicies(secondary, signal),
    secondary.cluster(signal),
    primary.cluster(signal),
  ]);
  const found = relationTo(relations, destination);
  if (!found || !volumesOf(found).sources.includes(source.name) || !comesFrom(found, source))
    return notNow(
      'unknown',
      `no synchronous relation leads from ${source.name} to ${destination.name} (any more)`,
    );
  const policy = policies.find(({ uuid }) => uuid === found.policy.uuid);
  const labels = neededLabels(policy, [here.version, there.version]);
  if (labels?.length === 0)
    return notNow(
      syncHealthOf(found).state,
      `before ONTAP 9.14.1 only storage snapshots with a label of the policy's rules are replicated, and ${found.policy.name} has no rule`,
    );
  return { ...syncHealthOf(found), ...(labels ? { labels } : {}) };
}

/** SVMs of equal names on several clusters are told apart by their ids, where they are told. */
function comesFrom({ source }: RelationRecord, { svm }: VolumeRecord): boolean {
  return source.svm.uuid === '' || source.svm.uuid === svm.uuid;
}

function whyUnknown(serial: string): string {
  return `the array ${serial} of the other side is not registered in Leeward`;
}
