import { Buffer } from 'node:buffer';
import { z } from 'zod';
import type { Lun } from '../../contract/inventory.ts';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { noReference, referenceSchema } from './references.ts';

const lunSchema = z.object({
  uuid: z.string(),
  /** `/vol/<volume>[/<qtree>]/<lun>`. */
  name: z.string(),
  serial_number: z.string().default(''),
  class: z.string().default('regular'),
  enabled: z.boolean().default(true),
  space: z.object({ size: z.number().default(0) }).default({ size: 0 }),
  status: z.object({ state: z.string().default('online') }).default({ state: 'online' }),
  location: z
    .object({
      volume: referenceSchema.default(noReference),
      node: referenceSchema.optional(),
    })
    .default({ volume: noReference }),
});

export type LunRecord = z.infer<typeof lunSchema>;

const fields = 'name,uuid,serial_number,class,enabled,space.size,status.state,location.volume,location.node';

export const lunsPath = '/storage/luns';

/** LUNs that hosts see: those of vVols belong to vCenter and are left out. */
export async function listLuns(
  array: OntapArray,
  filter: { readonly 'location.volume.uuid'?: string } = {},
  signal?: AbortSignal,
): Promise<LunRecord[]> {
  const records = await readAll(array.rest, lunSchema, lunsPath, { ...filter, fields }, signal);
  return records.filter((record) => record.class === 'regular');
}

/** Path of a LUN inside its volume: `lun0`, `qtree/lun0`. */
export function pathInVolume({ name }: Pick<LunRecord, 'name'>): string {
  return name.replace(/^\/vol\/[^/]+\//, '');
}

/**
 * Names by which hosts know a LUN: NetApp's company id, then the twelve characters of the serial number as they
 * are, one byte each.
 */
export function scsiNamesOf(serial: string): string[] {
  const bytes = Buffer.from(serial, 'latin1');
  return bytes.length === 12 ? [`naa.600a0980${bytes.toString('hex')}`] : [];
}

export function toLun(record: LunRecord): Lun {
  const { uuid, serial_number, space, status } = record;
  return {
    id: uuid,
    path: pathInVolume(record),
    sizeBytes: space.size,
    serial: serial_number,
    scsiNames: scsiNamesOf(serial_number),
    online: status.state === 'online',
  };
}
