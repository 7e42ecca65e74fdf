import type { Job } from '@leeward/core';
import { counted, duration } from '../output/format.ts';

/** A job in sentences. */
export function jobText(job: Job, repositoryName: string): string {
  const { name, id, vms, relation, failoverToPrimary, failoverToStandard } = job;
  const { failOnDowngrade, quiesce } = job;
  const { vmsPerStorageSnapshot, secondaryKeep, keepPoints, maxRelationLagMs } = job;
  const { secondaryKeepDays, primaryKeep, primaryKeepDays } = job;
  const { settlePauseMs, transferTimeoutMs, scriptTimeoutMs } = job;
  const { cbtSampleFraction, preScript, postScript } = job;
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  const facts: Readonly<Record<string, string>> = {
    VMs: vms.join(', '),
    repository: repositoryName,
    relation: relation ?? 'the only one of each volume',
    'failover to primary': yes(failoverToPrimary),
    'failover to standard': yes(failoverToStandard),
    'downgrade is failure': yes(failOnDowngrade),
    'quiesce guests': quiesceTexts[quiesce],
    'unchanged blocks compared': cbtSampleFraction === 0 ? 'none' : `${percent(cbtSampleFraction)} %`,
    'pre-script': preScript ?? 'none',
    'post-script': postScript ?? 'none',
    'a script may take': duration(scriptTimeoutMs),
    'VMs per storage snapshot': String(vmsPerStorageSnapshot ?? 'no limit'),
    'chain on secondary': keepText(secondaryKeep, secondaryKeepDays),
    'chain on primary': keepText(primaryKeep, primaryKeepDays),
    'points in the repository': keepPoints === undefined ? 'all' : `the newest ${keepPoints} of each VM`,
    'relation may lag': maxRelationLagMs === undefined ? 'without limit' : duration(maxRelationLagMs),
    'settle pause on VMFS': settlePauseMs === 0 ? 'none' : duration(settlePauseMs),
    'transfer may take': duration(transferTimeoutMs),
  };
  const columns = Math.max(...Object.keys(facts).map(({ length }) => length));
  return [
    `job ${name} (${id})`,
    ...Object.entries(facts).map(([fact, text]) => `  ${fact.padEnd(columns)}  ${text}`),
  ].join('\n');
}

const quiesceTexts: Readonly<Record<Job['quiesce'], string>> = {
  off: 'no',
  'fall-back': 'yes, else crash-consistent',
  require: 'yes, else the VM fails',
};

function percent(fraction: number): number {
  return Number((fraction * 100).toPrecision(4));
}

function keepText(count: number | undefined, days: number | undefined): string {
  const parts = [
    ...(count === undefined ? [] : [counted(count, 'storage snapshot')]),
    ...(days === undefined ? [] : [`those of the last ${counted(days, 'day')}`]),
  ];
  return parts.length === 0 ? 'only the base of the next transfer' : `${parts.join(' and ')} per volume`;
}
