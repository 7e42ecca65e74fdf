import { LeewardError, type VolumeId } from '@leeward/core';
import { parseEndpointPath } from '../inventory/endpoint-path.ts';
import { type RelationRecord, relationSchema } from '../inventory/relation-record.ts';
import { volumeSchema } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { literally } from '../rest/literally.ts';

export function relationPath(uuid: string): string {
  return `/snapmirror/relationships/${encodeURIComponent(uuid)}`;
}

/** A relation as it is now, seen from its destination. */
export async function readRelation(
  array: OntapArray,
  relation: VolumeId,
  signal?: AbortSignal,
): Promise<RelationRecord> {
  const path = relationPath(await array.ownId(relation, signal));
  const fields = 'uuid,source,destination,policy,state,healthy,unhealthy_reason,transfer';
  return await array.rest.get(relationSchema, path, { fields }, signal);
}

/** The id of the volume on this cluster that a relation writes to. */
export async function destinationVolume(
  array: OntapArray,
  relation: RelationRecord,
  signal?: AbortSignal,
): Promise<VolumeId> {
  const path = parseEndpointPath(relation.destination.path);
  const { uuid: arraySerial } = await array.cluster(signal);
  const name = path.kind === 'volume' ? path.volume : '';
  const svm = relation.destination.svm.name || path.svm;
  const query = { name: literally(name), 'svm.name': literally(svm), fields: 'name,uuid,svm' };
  const found = name === '' ? [] : await readAll(array.rest, volumeSchema, '/storage/volumes', query, signal);
  const volume = found.find((record) => record.name === name);
  if (volume) return { arraySerial, objectId: volume.uuid };
  const object = `volume ${relation.destination.path}, the destination of a relation`;
  throw new LeewardError('L-ARR-009', { host: array.rest.host, object });
}

export function isBusy({ transfer }: RelationRecord): boolean {
  return transfer?.state === 'queued' || transfer?.state === 'transferring';
}

/** Only a relation in this state takes an update; in others the same request would start a full baseline. */
export function refuseInactive(relation: RelationRecord): void {
  if (relation.state === 'snapmirrored') return;
  const { path: destination } = relation.destination;
  throw new LeewardError('L-ARR-201', { destination, state: relation.state || 'unknown' });
}
