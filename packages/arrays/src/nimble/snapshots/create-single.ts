import { LeewardError } from '@leeward/core';
import type { CreateStorageSnapshots } from '../../contract/storage-snapshot.ts';
import { ensure } from '../../rest/ensure.ts';
import type { MeasuredMoment } from '../../rest/measured-moment.ts';
import { toArrayName } from '../array-name.ts';
import type { VolumeRecord } from '../inventory/volumes.ts';
import { commentOf, markOf } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { change } from '../rest/change.ts';
import { findSnapshot, type SnapshotRecord } from './snapshot-record.ts';

/** The storage snapshot of that name if it is the one wanted; throws when it is somebody else's. */
export async function findWantedSingle(
  array: NimbleArray,
  volume: VolumeRecord,
  { name, comment }: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<SnapshotRecord | undefined> {
  const found = await findSnapshot(array, volume.id, name, signal);
  if (!found || commentOf(found) === comment) return found;
  const object = `storage snapshot ${found.name} of the volume ${volume.name}`;
  throw new LeewardError('L-ARR-010', { host: array.rest.host, object });
}

/** One storage snapshot of a volume that is in no volume collection; nothing is transferred. */
export function createSingle(
  array: NimbleArray,
  volume: VolumeRecord,
  request: CreateStorageSnapshots,
  moment: MeasuredMoment,
  signal?: AbortSignal,
): Promise<SnapshotRecord> {
  const { name, comment, label } = request;
  const data = {
    name: toArrayName(name),
    vol_id: volume.id,
    description: comment,
    online: false,
    writable: false,
    metadata: markOf(comment, label),
  };
  return ensure(array.rest, {
    object: `the storage snapshot ${name} of the volume ${volume.name}`,
    find: () => findWantedSingle(array, volume, request, signal),
    create: () =>
      moment.during(() => change(array.rest, { method: 'POST', path: '/snapshots', data, signal })),
    signal,
  });
}
