import type { Job } from '@leeward/core';
import { useMemo } from 'react';
import { usePages } from '../../api/use-pages.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { Point } from '../../api/work.ts';
import { bytes } from '../../format/bytes.ts';
import { commandLine } from '../../format/command-line.ts';
import { pathTo } from '../../router/match.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import type { Column } from '../../ui/data-table.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { SourceLabel } from '../../ui/state-label.tsx';
import { When } from '../../ui/when.tsx';

function columnsFor(jobs: readonly Job[]): readonly Column<Point>[] {
  const nameOf = (id: string) =>
    jobs.find((job) => job.id === id)?.name ??
    (id.startsWith('imported:') ? `${id.slice(9)} of another server` : 'removed job');
  return [
    { key: 'vm', title: 'VM', value: ({ vmName }) => vmName },
    {
      key: 'at',
      title: 'Stands for',
      value: ({ createdAt }) => createdAt,
      render: ({ createdAt }) => <When at={createdAt} />,
    },
    { key: 'kind', title: 'Read', value: ({ facts }) => facts.kind },
    {
      key: 'source',
      title: 'Source used',
      value: ({ source }) => source,
      render: ({ source }) => <SourceLabel source={source} />,
    },
    {
      key: 'provisioned',
      title: 'Provisioned',
      numeric: true,
      value: ({ facts }) => facts.bytes.provisioned,
      render: ({ facts }) => bytes(facts.bytes.provisioned),
    },
    {
      key: 'stored',
      title: 'Stored',
      numeric: true,
      value: ({ facts }) => facts.bytes.stored,
      render: ({ facts }) => bytes(facts.bytes.stored),
    },
    { key: 'job', title: 'Job', value: ({ jobId }) => nameOf(jobId) },
    {
      key: 'id',
      title: 'Point',
      value: ({ id }) => id,
      render: ({ id }) => <code title={id}>{id.slice(0, 8)}</code>,
    },
    {
      key: 'run',
      title: 'Run',
      value: ({ runId }) => runId,
      render: ({ runId }) => <a href={pathTo('/runs/:id', { id: runId })}>its run</a>,
    },
    {
      key: 'restore',
      title: 'Restore',
      plain: true,
      value: () => '',
      render: ({ id, vmName }) => (
        <a href={`/restore?point=${id}`} aria-label={`Restore ${vmName}`}>
          Restore
        </a>
      ),
    },
  ];
}

/** What can be restored. */
export default function PointsPage() {
  const [find] = useQueryState('point-find');
  const path = `/points?limit=200${find ? `&find=${encodeURIComponent(find)}` : ''}`;
  const points = usePages<Point>(path);
  const jobs = useResource<readonly Job[]>('/jobs').data;
  const columns = useMemo(() => columnsFor(jobs ?? []), [jobs]);
  return (
    <PageFrame title="Points" cli={commandLine('point list', { find })} json={path}>
      <ListTable
        resource={points}
        name="point"
        label="Points"
        word="point"
        columns={columns}
        rowKey={({ id }) => id}
        order="-at"
        foundByServer
        more={points.more}
        isLookedFor={find !== ''}
        nothing={
          <NothingYet title="There is no point yet" action={<a href="/jobs">Go to the jobs</a>}>
            A point is a restorable state of a VM. Run a job; each VM that it backs up gets one.
          </NothingYet>
        }
      />
    </PageFrame>
  );
}
