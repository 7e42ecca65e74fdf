import { LeewardError } from '@leeward/core';
import type { CreateStorageSnapshots } from '../../contract/storage-snapshot.ts';
import { ensure } from '../../rest/ensure.ts';
import type { MeasuredMoment } from '../../rest/measured-moment.ts';
import type { VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change } from '../rest/change.ts';
import { findSnapshot, isOurs, type SnapshotRecord, snapshotsPath } from './snapshot-record.ts';

type Wanted = Pick<CreateStorageSnapshots, 'name' | 'comment' | 'label'>;

/** The storage snapshot of that name if it is the one wanted; throws when it is somebody else's. */
export async function findWanted(
  array: OntapArray,
  volume: VolumeRecord,
  { name, comment }: Wanted,
  signal?: AbortSignal,
): Promise<SnapshotRecord | undefined> {
  const found = await findSnapshot(array, volume.uuid, name, signal);
  if (!found) return undefined;
  if (found.comment === comment || (found.comment === '' && isOurs(found))) return found;
  const object = `storage snapshot ${name} of the volume ${volume.name}`;
  throw new LeewardError('L-ARR-010', { host: array.rest.host, object });
}

/** One storage snapshot of one volume; a repeated call finds what an earlier one made. */
export function createSnapshot(
  array: OntapArray,
  volume: VolumeRecord,
  wanted: Wanted,
  moment: MeasuredMoment,
  signal?: AbortSignal,
): Promise<SnapshotRecord> {
  const { name, comment, label } = wanted;
  const body = { name, comment, ...(label === undefined ? {} : { snapmirror_label: label }) };
  const path = snapshotsPath(volume.uuid);
  return ensure(array.rest, {
    object: `the storage snapshot ${name} of the volume ${volume.name}`,
    find: () => findWanted(array, volume, wanted, signal),
    create: () =>
      moment.during(() => change(array.rest, { method: 'POST', path, body, mayBecomeJob: true, signal })),
    signal,
  });
}
