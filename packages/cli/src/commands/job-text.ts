import type { Job } from '@leeward/core';
import { counted, duration } from '../output/format.ts';

/** A job in sentences. */
export function jobText(job: Job, repositoryName: string): string {
  const { name, id, vms, relation, failoverToPrimary, failOnDowngrade, quiesce } = job;
  const { vmsPerStorageSnapshot, secondaryKeep, keepPoints, maxRelationLagMs, transferTimeoutMs } = job;
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  const facts: Readonly<Record<string, string>> = {
    VMs: vms.join(', '),
    repository: repositoryName,
    relation: relation ?? 'the only one of each volume',
    'failover to primary': yes(failoverToPrimary),
    'downgrade is failure': yes(failOnDowngrade),
    'quiesce guests': yes(quiesce),
    'VMs per storage snapshot': String(vmsPerStorageSnapshot ?? 'no limit'),
    'chain on secondary': `${counted(secondaryKeep, 'storage snapshot')} per volume`,
    'points in the repository': keepPoints === undefined ? 'all' : `the newest ${keepPoints} of each VM`,
    'relation may lag': maxRelationLagMs === undefined ? 'without limit' : duration(maxRelationLagMs),
    'transfer may take': duration(transferTimeoutMs),
  };
  const columns = Math.max(...Object.keys(facts).map(({ length }) => length));
  return [
    `job ${name} (${id})`,
    ...Object.entries(facts).map(([fact, text]) => `  ${fact.padEnd(columns)}  ${text}`),
  ].join('\n');
}
