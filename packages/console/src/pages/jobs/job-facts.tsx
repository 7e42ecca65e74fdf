import type { Job } from '@leeward/core';
import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useResource } from '../../api/use-resource.tsx';
import type { Repository } from '../../api/work.ts';
import { duration } from '../../format/duration.ts';

/** What a job says, in the order of its wizard. */
export function JobFacts({ job }: { readonly job: Job }) {
  const repositories = useResource<readonly Repository[]>('/repositories').data ?? [];
  const repository = repositories.find(({ id }) => id === job.repositoryId)?.name ?? job.repositoryId;
  return (
    <DescriptionList columnModifier={{ default: '1Col', lg: '3Col' }}>
      <Fact name="VMs">{job.vms.join(', ')}</Fact>
      <Fact name="Data path">
        {[
          'secondary',
          ...(job.failoverToPrimary ? ['primary'] : []),
          ...(job.failoverToStandard ? ['standard'] : []),
        ].join(', then ')}
        {job.finishOnPrimary ? '; what loses the secondary in the middle goes on at the primary' : ''}
      </Fact>
      <Fact name="Relation">
        {job.relation ?? (job.relationRule === 'least-lag' ? 'the least lag' : 'the healthiest')}
        {job.preferredArrays ? `; first those to ${job.preferredArrays.join(', ')}` : ''}
        {job.maxRelationLagMs === undefined
          ? ''
          : `; none further behind than ${duration(job.maxRelationLagMs)}`}
      </Fact>
      <Fact name="A downgrade">{job.failOnDowngrade ? 'makes the VM fail' : 'is a warning'}</Fact>
      <Fact name="Repository">{repository ?? 'none: storage snapshots alone'}</Fact>
      <Fact name="Points">
        {job.keepPoints === undefined ? 'all are kept' : `${job.keepPoints} of each VM`}
      </Fact>
      <Fact name="Chain on the secondary">
        {kept(job.secondaryKeep, job.secondaryKeepDays, job.secondaryLockDays)}
      </Fact>
      <Fact name="Chain on the primary">
        {kept(job.primaryKeep, job.primaryKeepDays, job.primaryLockDays)}
      </Fact>
      <Fact name="Quiesce">{job.quiesce}</Fact>
      <Fact name="Blocks compared with the last point">
        {Number((job.cbtSampleFraction * 100).toFixed(4))} %
      </Fact>
      <Fact name="Scripts">{scripts(job)}</Fact>
      <Fact name="VMs per storage snapshot">{job.vmsPerStorageSnapshot ?? 'no limit'}</Fact>
      <Fact name="Budget of VMware snapshots">
        {job.vmwareSnapshotBudgetMs === undefined ? 'none' : duration(job.vmwareSnapshotBudgetMs)}
      </Fact>
    </DescriptionList>
  );
}

function scripts({ preScript, postScript }: Job): string {
  const parts = [
    ...(preScript ? [`before: ${preScript}`] : []),
    ...(postScript ? [`at the end: ${postScript}`] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join('; ');
}

function kept(count: number | undefined, days: number | undefined, lockDays: number | undefined): string {
  const parts = [
    ...(count ? [`${count} storage snapshots`] : []),
    ...(days ? [`${days} days`] : []),
    ...(lockDays ? [`locked for ${lockDays} days`] : []),
  ];
  return parts.length === 0 ? 'only the base of the next transfer' : parts.join(', ');
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{name}</DescriptionListTerm>
      <DescriptionListDescription className="lw-anywhere">{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}
