import { z } from 'zod';
import { ensure } from '../../rest/ensure.ts';
import { referenceSchema } from '../inventory/references.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change, remove } from '../rest/change.ts';
import { readAll } from '../rest/collection.ts';

const mapSchema = z.object({
  igroup: referenceSchema,
  lun: referenceSchema,
  logical_unit_number: z.int(),
  /** Nodes through whose LIFs the LUN is shown (selective LUN map). */
  reporting_nodes: z.array(referenceSchema).default([]),
});

export type LunMap = z.infer<typeof mapSchema>;

const path = '/protocols/san/lun-maps';
const fields = 'lun.uuid,igroup.uuid,logical_unit_number,reporting_nodes';

function listMaps(array: OntapArray, lunUuid: string, signal?: AbortSignal): Promise<LunMap[]> {
  return readAll(array.rest, mapSchema, path, { 'lun.uuid': lunUuid, fields }, signal);
}

export async function isMapped(
  array: OntapArray,
  igroupUuid: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const query = { 'igroup.uuid': igroupUuid, fields };
  const maps = await readAll(array.rest, mapSchema, path, query, signal);
  return maps.some(({ igroup }) => igroup.uuid === igroupUuid);
}

/** Shows a LUN to one initiator group, under the lowest number that is free there. */
export function ensureMap(
  array: OntapArray,
  svmUuid: string,
  lun: { readonly uuid: string; readonly name: string },
  igroupUuid: string,
  signal?: AbortSignal,
): Promise<LunMap> {
  const body = { svm: { uuid: svmUuid }, lun: { uuid: lun.uuid }, igroup: { uuid: igroupUuid } };
  return ensure(array.rest, {
    object: `the mapping of ${lun.name}`,
    find: async () => {
      const maps = await listMaps(array, lun.uuid, signal);
      return maps.find(({ igroup }) => igroup.uuid === igroupUuid);
    },
    create: () => change(array.rest, { method: 'POST', path, body, mayBecomeJob: false, signal }),
    signal,
  });
}

/** Takes a LUN of ours away from everybody it is shown to. */
export async function dropMaps(array: OntapArray, lunUuid: string, signal?: AbortSignal): Promise<void> {
  for (const { igroup } of await listMaps(array, lunUuid, signal)) {
    const one = `${path}/${encodeURIComponent(lunUuid)}/${encodeURIComponent(igroup.uuid)}`;
    await remove(array.rest, { path: one, mayBecomeJob: false, signal });
  }
}
