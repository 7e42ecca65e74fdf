import type { JobView } from '@leeward/core/schedule/job-view';
import { Button } from '@patternfly/react-core';
import { useMemo } from 'react';
import type { Run } from '../../api/runs.ts';
import { useResource } from '../../api/use-resource.tsx';
import { useMay, useSession } from '../../app/session-context.tsx';
import { navigate } from '../../router/location.ts';
import { pathTo } from '../../router/match.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';
import { When } from '../../ui/when.tsx';
import { RunDots } from './run-dots.tsx';

/** Jobs: what is backed up, by which rules. */
export default function JobsPage() {
  const jobs = useResource<readonly JobView[]>('/jobs');
  const runs = useResource<readonly Run[]>('/runs?limit=200').data;
  const mayChange = useMay('change-job');
  const mayRun = useMay('run');
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const columns = useMemo(() => {
    const start = (job: JobView) =>
      run(async () => {
        const started = await api.post<Run>(pathTo('/jobs/:id/run', { id: job.id }));
        navigate(pathTo('/runs/:id', { id: started.id }));
      });
    return columnsFor(runs ?? [], (job) => (
      <ActionButton
        allowed={mayRun}
        variant="secondary"
        size="sm"
        isLoading={busy}
        aria-label={`Run now: ${job.name}`}
        onClick={() => start(job)}
      >
        Run now
      </ActionButton>
    ));
  }, [runs, mayRun, busy, api, run]);
  const create = (
    <ActionButton allowed={mayChange} variant="primary" onClick={() => navigate('/jobs/new')}>
      New job
    </ActionButton>
  );
  return (
    <PageFrame title="Jobs" cli="leeward job list" json="/jobs" actions={create}>
      {error === undefined ? null : <ProblemAlert problem={error} />}
      <ListTable
        resource={jobs}
        name="job"
        label="Jobs"
        word="job"
        columns={columns}
        rowKey={({ id }) => id}
        order="name"
        nothing={
          <NothingYet
            title="There is no job yet"
            action={
              <Button variant="link" onClick={() => navigate('/jobs/new')}>
                Make the first job
              </Button>
            }
          >
            A job says which VMs are backed up, by which data path, and what is kept. It needs a vCenter, the
            arrays of its datastores and a repository.
          </NothingYet>
        }
      />
    </PageFrame>
  );
}

function columnsFor(
  runs: readonly Run[],
  action: (job: JobView) => React.ReactNode,
): readonly Column<JobView>[] {
  const last = (job: JobView) => runs.find(({ jobId, kind }) => jobId === job.id && kind === 'backup');
  return [
    {
      key: 'name',
      title: 'Job',
      value: ({ name }) => name,
      render: ({ id, name }) => <a href={pathTo('/jobs/:id', { id })}>{name}</a>,
    },
    { key: 'vms', title: 'VMs', numeric: true, value: ({ vms }) => vms.length },
    {
      key: 'path',
      title: 'Data path',
      value: (job) => ['secondary', ...fallbacks(job)].join(', then '),
    },
    {
      key: 'runs',
      title: 'Last runs',
      value: (job) => last(job)?.startedAt ?? '',
      render: (job) => (
        <RunDots runs={runs.filter(({ jobId, kind }) => jobId === job.id && kind === 'backup')} />
      ),
    },
    {
      key: 'last',
      title: 'Last started',
      value: (job) => last(job)?.startedAt ?? '',
      render: (job) => {
        const run = last(job);
        return run ? <When at={run.startedAt} /> : 'never';
      },
    },
    {
      key: 'next',
      title: 'Next start',
      value: ({ nextRunAt }) => nextRunAt ?? '',
      render: ({ nextRunAt, scheduleWords, schedule }) =>
        nextRunAt ? (
          <span title={`${scheduleWords}, ${schedule?.timeZone}`}>
            <When at={nextRunAt} />
          </span>
        ) : schedule ? (
          'switched off'
        ) : (
          'by hand'
        ),
    },
    { key: 'do', title: 'Do', plain: true, value: () => '', render: action },
  ];
}

function fallbacks({ failoverToPrimary, failoverToStandard }: JobView): string[] {
  return [...(failoverToPrimary ? ['primary'] : []), ...(failoverToStandard ? ['standard'] : [])];
}
