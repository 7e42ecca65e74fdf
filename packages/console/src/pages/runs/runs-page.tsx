import type { Job } from '@leeward/core';
import { useMemo } from 'react';
import type { Run, RunSummary } from '../../api/runs.ts';
import { usePages } from '../../api/use-pages.ts';
import { useResource } from '../../api/use-resource.tsx';
import { duration } from '../../format/duration.ts';
import { pathTo } from '../../router/match.ts';
import { useNow } from '../../time/use-now.ts';
import { CodeLink } from '../../ui/code-link.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { StateLabel } from '../../ui/state-label.tsx';
import { When } from '../../ui/when.tsx';

function columnsFor(jobs: readonly Job[], nowMs: number): readonly Column<RunSummary>[] {
  const took = ({ startedAt, endedAt }: RunSummary) =>
    (endedAt ? Date.parse(endedAt) : nowMs) - Date.parse(startedAt);
  const nameOf = (run: RunSummary) => runName(run, jobs);
  return [
    {
      key: 'started',
      title: 'Started',
      value: ({ startedAt }) => startedAt,
      render: ({ id, startedAt }) => (
        <a href={pathTo('/runs/:id', { id })}>
          <When at={startedAt} />
        </a>
      ),
    },
    { key: 'name', title: 'Job', value: nameOf },
    {
      key: 'kind',
      title: 'Kind',
      value: ({ kind, retryOf }) => (retryOf === undefined ? kind : `${kind} (retry)`),
    },
    {
      key: 'state',
      title: 'State',
      value: ({ state }) => state,
      render: ({ state }) => <StateLabel state={state} />,
    },
    {
      key: 'took',
      title: 'Duration',
      numeric: true,
      value: took,
      render: (run) => duration(took(run)),
    },
    { key: 'vms', title: 'VMs', numeric: true, value: ({ vms }) => vms.total },
    {
      key: 'problem',
      title: 'Problem',
      value: ({ problem }) => problem?.code ?? '',
      render: ({ problem }) => (problem ? <CodeLink code={problem.code} title={problem.what} /> : ''),
    },
  ];
}

/** A run by the name of its job, or by what it restores. */
export function runName(
  run: Pick<Run, 'kind' | 'target' | 'jobId'>,
  jobs: readonly Pick<Job, 'id' | 'name'>[],
): string {
  if (run.kind === 'restore') return run.target ? `restore of ${run.target.vmName}` : 'restore';
  return jobs.find(({ id }) => id === run.jobId)?.name ?? 'removed job';
}

export default function RunsPage() {
  const runs = usePages<RunSummary>('/runs?limit=200');
  const jobs = useResource<readonly Job[]>('/jobs').data;
  const isGoing = runs.data?.some(({ endedAt }) => endedAt === undefined) ?? false;
  const nowMs = useNow(isGoing);
  const columns = useMemo(() => columnsFor(jobs ?? [], nowMs), [jobs, nowMs]);
  return (
    <PageFrame title="Runs" cli="leeward run list --limit 200" json="/runs?limit=200">
      <ListTable
        resource={runs}
        name="run"
        label="Runs"
        word="run"
        columns={columns}
        rowKey={({ id }) => id}
        order="-started"
        more={runs.more}
        nothing={
          <NothingYet title="Nothing has run yet" action={<a href="/jobs">Go to the jobs</a>}>
            Run a job; what it does can then be watched here, step by step.
          </NothingYet>
        }
      />
    </PageFrame>
  );
}
