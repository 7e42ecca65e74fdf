import type { Job } from '@leeward/core';
import type { JobView } from '@leeward/server';
import { counted, duration } from '../output/format.ts';
import { nextText, scheduleText } from './schedule-text.ts';

/** A job in sentences. */
export function jobText(job: JobView, repositoryName: string): string {
  const { name, id, vms, relation, failoverToPrimary, finishOnPrimary, failoverToStandard } = job;
  const { failOnDowngrade, quiesce } = job;
  const { vmsPerStorageSnapshot, secondaryKeep, keepPoints, maxRelationLagMs } = job;
  const { vmwareSnapshotBudgetMs, standardMaxSnapshotMs } = job;
  const { secondaryKeepDays, primaryKeep, primaryKeepDays } = job;
  const { secondaryLockDays, primaryLockDays } = job;
  const { settlePauseMs, transferTimeoutMs, scriptTimeoutMs } = job;
  const { cbtSampleFraction, preScript, postScript } = job;
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  const facts: Readonly<Record<string, string>> = {
    VMs: vms.join(', '),
    schedule: scheduleText(job),
    'next run': nextText(job),
    repository: job.snapshotOnly ? 'none: storage snapshots on the arrays only' : repositoryName,
    relation: relation ?? relationText(job),
    'failover to primary': yes(failoverToPrimary),
    'finish on primary': yes(finishOnPrimary),
    'failover to standard': yes(failoverToStandard),
    'downgrade is failure': yes(failOnDowngrade),
    'quiesce guests': quiesceTexts[quiesce],
    'unchanged blocks compared': cbtSampleFraction === 0 ? 'none' : `${percent(cbtSampleFraction)} %`,
    'pre-script': preScript ?? 'none',
    'post-script': postScript ?? 'none',
    'a script may take': duration(scriptTimeoutMs),
    'VMs per storage snapshot': String(vmsPerStorageSnapshot ?? 'no limit'),
    'budget for VMware snapshots':
      vmwareSnapshotBudgetMs === undefined ? 'none' : duration(vmwareSnapshotBudgetMs),
    'standard way may take': duration(standardMaxSnapshotMs),
    'chain on secondary': keepText(secondaryKeep || undefined, secondaryKeepDays, 'none'),
    'chain on primary': keepText(primaryKeep, primaryKeepDays, 'only the base of the next transfer'),
    'locks on secondary': lockText(secondaryLockDays),
    'locks on primary': lockText(primaryLockDays),
    'points in the repository': keepPoints === undefined ? 'all' : `the newest ${keepPoints} of each VM`,
    'relation may lag': maxRelationLagMs === undefined ? 'without limit' : duration(maxRelationLagMs),
    'settle pause on VMFS': settlePauseMs === 0 ? 'none' : duration(settlePauseMs),
    'transfer may take': duration(transferTimeoutMs),
  };
  const shown = Object.entries(facts).filter(([fact]) => !job.snapshotOnly || !aboutReading.has(fact));
  const columns = Math.max(...shown.map(([fact]) => fact.length));
  return [`job ${name} (${id})`, ...shown.map(([fact, text]) => `  ${fact.padEnd(columns)}  ${text}`)].join(
    '\n',
  );
}

/** What a snapshot-only job has nothing of. */
const aboutReading: ReadonlySet<string> = new Set([
  ...['finish on primary', 'failover to standard', 'unchanged blocks compared', 'standard way may take'],
  'points in the repository',
]);

function relationText({ relationRule, preferredArrays = [] }: Job): string {
  const rule = relationRule === 'least-lag' ? 'the one with the least lag' : 'the healthiest';
  const first = preferredArrays.length === 0 ? '' : `to ${preferredArrays.join(', then ')}; else `;
  return `the only one of each volume, of several ${first}${rule}`;
}

const quiesceTexts: Readonly<Record<Job['quiesce'], string>> = {
  off: 'no',
  'fall-back': 'yes, else crash-consistent',
  require: 'yes, else the VM fails',
};

function percent(fraction: number): number {
  return Number((fraction * 100).toPrecision(4));
}

function keepText(count: number | undefined, days: number | undefined, none: string): string {
  const parts = [
    ...(count === undefined ? [] : [counted(count, 'storage snapshot')]),
    ...(days === undefined ? [] : [`those of the last ${counted(days, 'day')}`]),
  ];
  return parts.length === 0 ? none : `${parts.join(' and ')} per volume`;
}

function lockText(days: number | undefined): string {
  return days === undefined ? 'none' : `${counted(days, 'day')} from the moment that a link was frozen`;
}
