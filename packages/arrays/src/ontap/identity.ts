import { z } from 'zod';
import type { ArrayIdentity } from '../contract/inventory.ts';
import { brandOf } from './brand.ts';
import type { Cluster } from './cluster.ts';
import { type Licences, readLicences } from './licences.ts';
import { readAll } from './rest/collection.ts';
import type { RestClient } from './rest/rest-client.ts';

const nodeSchema = z.object({
  name: z.string(),
  model: z.string().default(''),
  serial_number: z.string().default(''),
  system_machine_type: z.string().optional(),
  metrocluster: z.object({ type: z.string().default('') }).optional(),
});

const metroTypes: Readonly<Record<string, string>> = {
  fc: 'MetroCluster over Fibre Channel',
  fc_2_node: 'MetroCluster over Fibre Channel with one node on each site',
  ip: 'MetroCluster over IP',
};

/** Who the array is, for users and as the anchor of every object's identity (`serial` is the cluster's uuid). */
export async function readIdentity(
  rest: RestClient,
  cluster: Cluster,
  signal?: AbortSignal,
): Promise<ArrayIdentity> {
  return await identityWith(rest, cluster, await readLicences(rest, signal), signal);
}

/** The same for a caller that has read the licences; unknown ones are shown as none. */
export async function identityWith(
  rest: RestClient,
  cluster: Cluster,
  licences: Licences,
  signal?: AbortSignal,
): Promise<ArrayIdentity> {
  const fields = 'name,model,serial_number,system_machine_type,metrocluster.type';
  const nodes = await readAll(rest, nodeSchema, '/cluster/nodes', { fields }, signal);
  const [metro] = nodes.flatMap(({ metrocluster }) => metrocluster?.type || []);
  const models = [...new Set(nodes.map(({ model }) => model).filter((model) => model !== ''))];
  return {
    serial: cluster.uuid,
    name: cluster.name,
    family: 'ontap',
    brand: brandOf({
      versionText: cluster.version.full,
      models,
      machineTypes: nodes.flatMap(({ system_machine_type }) => system_machine_type ?? []),
    }),
    model: models.join(', '),
    version: versionText(cluster),
    nodes: nodes.map(({ name, model, serial_number: serial }) => ({ name, model, serial })),
    licences: licences === 'unknown' ? [] : licences,
    ...(metro === undefined ? {} : { twoSites: metroTypes[metro] ?? `MetroCluster (${metro})` }),
  };
}

/** `9.12.1P8` out of the release text, else the three numbers. */
function versionText({ version }: Cluster): string {
  const { full, generation, major, minor } = version;
  return /\b(\d+\.\d+\.\d+\w*)/.exec(full)?.[1] ?? `${generation}.${major}.${minor}`;
}
