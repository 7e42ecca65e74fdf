import { z } from 'zod';
import type { DataPort } from '../../contract/inventory.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { readRows } from '../rest/list.ts';

export const iscsiPort = 3260;

const networkSchema = z.object({
  role: z.string().nullish(),
  subnet_list: z
    .array(
      z.object({
        label: z.string(),
        type: z.string().nullish(),
        allow_iscsi: z.boolean().nullish(),
        discovery_ip: z.string().nullish(),
      }),
    )
    .nullish(),
  array_list: z
    .array(
      z.object({
        name: z.string(),
        nic_list: z
          .array(
            z.object({
              name: z.string().nullish(),
              subnet_label: z.string().nullish(),
              data_ip: z.string().nullish(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

/** iSCSI addresses of the group: first the discovery addresses, which move with failures, then those of ports. */
export async function listDataPorts(array: NimbleArray, signal?: AbortSignal): Promise<DataPort[]> {
  const group = await array.group(signal);
  const up = group.iscsi_enabled !== false;
  const configs = await readRows(
    array.rest,
    networkSchema,
    '/network_configs/detail',
    { role: 'active' },
    signal,
  );
  const active = configs.find(({ role }) => role === 'active') ?? configs[0];
  const serving = (active?.subnet_list ?? []).filter(
    ({ type, allow_iscsi }) => allow_iscsi !== false && (type ?? 'data').includes('data'),
  );
  const labels = new Set(serving.map(({ label }) => label));
  const discovery = serving.map(({ label, discovery_ip }) => ({
    name: `discovery ${label}`,
    address: discovery_ip ?? '',
  }));
  const ports = (active?.array_list ?? []).flatMap(({ name, nic_list }) =>
    (nic_list ?? [])
      .filter(({ subnet_label }) => labels.has(subnet_label ?? ''))
      .map((nic) => ({
        name: `${name} ${nic.name ?? ''}`.trim(),
        address: nic.data_ip ?? '',
        node: name,
      })),
  );
  const unique = new Map(
    [...ports, ...discovery]
      .filter(({ address }) => address !== '')
      .map((port): [string, SeenPort] => [port.address, port]),
  );
  const ordered = [...discovery, ...ports].map(({ address }) => address);
  return [...new Set(ordered)].flatMap((address) => {
    const port = unique.get(address);
    return port ? [toDataPort(array, port, up)] : [];
  });
}

interface SeenPort {
  readonly name: string;
  readonly address: string;
  /** The array it is of; discovery addresses move and are of none. */
  readonly node?: string;
}

function toDataPort(array: NimbleArray, { name, address, node }: SeenPort, up: boolean): DataPort {
  const unusual = array.settings.iscsiPorts[address];
  return {
    id: address,
    name,
    tenantId: '',
    address,
    ...(unusual === undefined ? {} : { iscsiPort: unusual }),
    protocols: ['iscsi'],
    up,
    ...(node === undefined ? {} : { node }),
  };
}
