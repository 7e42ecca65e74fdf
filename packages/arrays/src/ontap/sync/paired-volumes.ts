import { isError } from '@leeward/core';
import { listLuns } from '../inventory/luns.ts';
import type { RelationRecord } from '../inventory/relation-record.ts';
import { listVolumes, type VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { isOfGroups, volumesOf } from './sync-record.ts';

export interface VolumePair {
  readonly source: VolumeRecord;
  readonly destination: VolumeRecord;
}

export interface BothArrays {
  readonly source: OntapArray;
  readonly destination: OntapArray;
}

/**
 * Which volume replicates to which. Of a relation between consistency groups the array tells the volumes of each side,
 * in no order that the documentation promises; there the two sides of a pair show the same LUNs to hosts, which is
 * documented. What has no LUN that the account may see is in no pair.
 */
export async function pairedVolumes(
  arrays: BothArrays,
  record: RelationRecord,
  signal?: AbortSignal,
): Promise<VolumePair[]> {
  const { sources, destinations } = volumesOf(record);
  const [source, destination] = await Promise.all([
    named(arrays.source, sources, record.source.svm, signal),
    named(arrays.destination, destinations, record.destination.svm, signal),
  ]);
  if (!isOfGroups(record)) {
    const [first, second] = [source[0], destination[0]];
    return first && second ? [{ source: first, destination: second }] : [];
  }
  const [serials, others] = await Promise.all([
    serialsOf(arrays.source, source, signal),
    serialsOf(arrays.destination, destination, signal),
  ]);
  return source.flatMap((one) => {
    const own = serials.get(one.uuid) ?? [];
    const same = destination.filter(({ uuid }) => others.get(uuid)?.some((serial) => own.includes(serial)));
    const [only] = same;
    return only && same.length === 1 ? [{ source: one, destination: only }] : [];
  });
}

function named(
  array: OntapArray,
  names: readonly string[],
  svm: RelationRecord['source']['svm'],
  signal?: AbortSignal,
): Promise<VolumeRecord[]> {
  if (names.length === 0) return Promise.resolve([]);
  const [key, value] = svm.uuid ? ['svm.uuid', svm.uuid] : ['svm.name', svm.name];
  return listVolumes(array, { [key]: value, name: names.join('|') }, signal);
}

/** Serial numbers of the LUNs in each volume; none where the account may not see LUNs. */
async function serialsOf(
  array: OntapArray,
  volumes: readonly VolumeRecord[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (volumes.length === 0) return new Map();
  try {
    const filter = { 'location.volume.uuid': volumes.map(({ uuid }) => uuid).join('|') };
    const luns = await listLuns(array, filter, signal);
    const byVolume = Map.groupBy(luns, ({ location }) => location.volume.uuid);
    return new Map(
      [...byVolume].map(([uuid, own]) => [uuid, own.flatMap(({ serial_number }) => serial_number || [])]),
    );
  } catch (error) {
    if (isError(error, 'L-ARR-005')) return new Map();
    throw error;
  }
}
