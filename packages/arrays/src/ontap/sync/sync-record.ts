import type { SyncState } from '@leeward/core';
import { parseEndpointPath, volumeNameOf } from '../inventory/endpoint-path.ts';
import type { MirrorPolicy } from '../inventory/policies.ts';
import { type RelationRecord, reasonsOf, relationSchema } from '../inventory/relation-record.ts';
import type { VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { isAtLeast, type Release } from '../release.ts';
import { readAll } from '../rest/collection.ts';

/** Fields of relations that the synchronous ones need besides; both are only told when asked for by name. */
export const groupVolumeFields =
  'source.consistency_group_volumes.name,destination.consistency_group_volumes.name';

/** The names of the volumes of each side. */
export interface VolumeNames {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
}

/** One on each side; of a relation between consistency groups (SnapMirror active sync) as many as the groups have. */
export function volumesOf(record: RelationRecord): VolumeNames {
  const { source, destination } = record;
  if (!isOfGroups(record))
    return {
      sources: [volumeNameOf(parseEndpointPath(source.path))],
      destinations: [volumeNameOf(parseEndpointPath(destination.path))],
    };
  const namesOf = (volumes: typeof source.consistency_group_volumes) =>
    volumes.flatMap(({ name }) => name || []);
  return {
    sources: namesOf(source.consistency_group_volumes),
    destinations: namesOf(destination.consistency_group_volumes),
  };
}

export function isOfGroups({ source }: RelationRecord): boolean {
  return parseEndpointPath(source.path).kind === 'consistency-group';
}

const states: Readonly<Record<string, SyncState>> = {
  in_sync: 'in-sync',
  out_of_sync: 'out-of-sync',
  synchronizing: 'resyncing',
};

/** What the cluster of the destination says of a synchronous relation now; only `in_sync` counts as detected. */
export function syncHealthOf(record: RelationRecord) {
  const { state, healthy } = record;
  const said = reasonsOf(record);
  const detected = state === 'in_sync' && healthy !== false;
  const reasons = detected ? [] : said.length > 0 ? said : [`the array says ${state || 'nothing'} of it`];
  return { detected, state: states[state] ?? ('unknown' as const), reasons };
}

/**
 * Labels of which a storage snapshot needs one to be replicated: those of the policy's rules. Since ONTAP 9.14.1 none
 * is needed (NetApp's documentation of SnapMirror Synchronous).
 */
export function neededLabels(
  policy: MirrorPolicy | undefined,
  releases: readonly Release[],
): readonly string[] | undefined {
  if (releases.every((release) => isAtLeast(release, 9, 14))) return undefined;
  return (policy?.retention ?? []).map(({ label }) => label);
}

export function listSyncRelations(array: OntapArray, signal?: AbortSignal): Promise<RelationRecord[]> {
  const fields = `uuid,source,destination,policy,state,healthy,unhealthy_reason,${groupVolumeFields}`;
  const query = { 'policy.type': 'sync', fields };
  return readAll(array.rest, relationSchema, '/snapmirror/relationships', query, signal);
}

/** The relation that replicates to a volume. */
export function relationTo(
  records: readonly RelationRecord[],
  { name, svm }: Pick<VolumeRecord, 'name' | 'svm'>,
): RelationRecord | undefined {
  return records.find((record) => {
    const own = record.destination.svm.name || parseEndpointPath(record.destination.path).svm;
    return own === svm.name && volumesOf(record).destinations.includes(name);
  });
}
