import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import { isSupported, releaseName, releaseSchema } from './release.ts';
import type { RestClient } from './rest/rest-client.ts';

const clusterSchema = z.object({
  name: z.string(),
  uuid: z.string(),
  version: releaseSchema,
  san_optimized: z.boolean().default(false),
  disaggregated: z.boolean().default(false),
});

export type Cluster = z.infer<typeof clusterSchema>;

/** A wrong address should be told soon. */
const attempts = 2;

/** Reads what the cluster is. The one request that is safe to send to any release. */
export function readCluster(rest: RestClient, signal?: AbortSignal): Promise<Cluster> {
  const fields = 'name,uuid,version,san_optimized,disaggregated';
  return rest.get(clusterSchema, '/cluster', { fields, ignore_unknown_fields: true }, signal, attempts);
}

/** Throws for a release or a platform that this driver must not work with. */
export function refuseUnsupported(host: string, cluster: Cluster): void {
  const { version, san_optimized, disaggregated } = cluster;
  if (!isSupported(version)) {
    const details = { host, version: `ONTAP ${releaseName(version)}`, needed: 'ONTAP 9.10.1' };
    throw new LeewardError('L-ARR-006', details);
  }
  if (san_optimized && disaggregated) {
    const platform =
      'ASA r2 (it has storage units in place of volumes, so nothing here could be read over NFS)';
    throw new LeewardError('L-ARR-007', { host, platform });
  }
}
