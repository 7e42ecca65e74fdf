import { z } from 'zod';
import type { DataPort } from '../../contract/inventory.ts';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { referenceSchema } from './references.ts';

const interfaceSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  ip: z.object({ address: z.string().default('') }).default({ address: '' }),
  state: z.string().default('down'),
  enabled: z.boolean().default(true),
  services: z.array(z.string()).default([]),
  svm: referenceSchema.optional(),
  location: z.object({ node: referenceSchema.optional() }).default({}),
});

/** Data ports of all SVMs that carry a protocol we can read over. */
export async function listDataPorts(
  array: OntapArray,
  filter: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<DataPort[]> {
  const query = { ...filter, fields: 'name,uuid,ip.address,state,enabled,services,svm,location.node' };
  const records = await readAll(array.rest, interfaceSchema, '/network/ip/interfaces', query, signal);
  return records.flatMap(({ uuid, name, ip, state, enabled, services, svm, location }) => {
    const protocols: DataPort['protocols'] = [
      ...(services.includes('data_nfs') ? ['nfs' as const] : []),
      ...(services.includes('data_iscsi') ? ['iscsi' as const] : []),
    ];
    if (!svm || protocols.length === 0 || ip.address === '') return [];
    const up = enabled && state === 'up';
    const iscsiPort = array.settings.iscsiPorts[ip.address];
    const node = location.node?.name;
    return [
      {
        id: uuid,
        name,
        tenantId: svm.uuid,
        address: ip.address,
        ...(iscsiPort === undefined ? {} : { iscsiPort }),
        protocols,
        up,
        ...(node ? { node } : {}),
      },
    ];
  });
}
