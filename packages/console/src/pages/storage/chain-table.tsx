import type { Job } from '@leeward/core';
import { Label } from '@patternfly/react-core';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import { useMemo } from 'react';
import type { ApiClient } from '../../api/client.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { ChainLink } from '../../api/work.ts';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { When } from '../../ui/when.tsx';
import { whenColumn } from '../../ui/when-column.tsx';

/** Storage snapshots: where each is, what for, why it is kept and when it goes. */
export function ChainTable({ links }: { readonly links: readonly ChainLink[] }) {
  const jobs = useResource<readonly Job[]>('/jobs').data;
  const { api } = useSession();
  const mayChange = useMay('delete-storage-snapshot');
  const columns = useMemo(() => columnsFor(jobs ?? [], api, mayChange), [jobs, api, mayChange]);
  return (
    <DataTable
      name="chain"
      label="Storage snapshots"
      word="storage snapshot"
      rows={links}
      columns={columns}
      rowKey={({ name, arrayId, volumeName, place, jobId }) =>
        [name, arrayId, volumeName, place, jobId].join(' ')
      }
      order="-created"
    />
  );
}

function columnsFor(jobs: readonly Job[], api: ApiClient, mayChange: boolean): readonly Column<ChainLink>[] {
  const jobOf = ({ jobId }: ChainLink) => jobs.find(({ id }) => id === jobId);
  return [
    whenColumn('created', 'Created', ({ createdAt }) => createdAt),
    {
      key: 'where',
      title: 'Where',
      value: ({ place, arrayName, volumeName, name }) => `${place} ${arrayName}/${volumeName} ${name}`,
      render: ({ place, arrayName, volumeName, name }) => (
        <div className="lw-wide-cell">
          <Label isCompact>{place}</Label> {arrayName}/{volumeName}
          <br />
          <code className="lw-anywhere">{name}</code>
        </div>
      ),
    },
    {
      key: 'role',
      title: 'Role',
      value: ({ role, owner, state }) =>
        [role ?? '', owner === 'this-job' ? '' : owner, state === 'there' ? '' : state]
          .filter(Boolean)
          .join(', '),
    },
    {
      key: 'lock',
      title: 'Locked until',
      value: ({ lockedUntil }) => lockedUntil ?? '',
      render: ({ lockedUntil }) =>
        lockedUntil === undefined ? (
          ''
        ) : (
          <>
            <LockIcon /> {lockedUntil === 'forever' ? 'forever' : <When at={lockedUntil} />}
          </>
        ),
    },
    { key: 'job', title: 'Job', value: (link) => jobOf(link)?.name ?? '' },
    {
      key: 'why',
      title: 'Kept because',
      value: ({ why, goes }) => `${why} ${goes}`,
      render: ({ why, goes }) => (
        <div className="lw-wide-cell">
          {why} {goes}
        </div>
      ),
    },
    {
      key: 'do',
      title: 'Do',
      plain: true,
      value: () => '',
      render: (link) => {
        const job = jobOf(link);
        if (!job || link.owner === 'foreign' || link.state !== 'there' || link.place === 'middle') return '';
        return <Delete link={link} job={job} api={api} allowed={mayChange} />;
      },
    },
  ];
}

interface DeleteProps {
  readonly link: ChainLink;
  readonly job: Job;
  readonly api: ApiClient;
  readonly allowed: boolean;
}

function Delete({ link: { name, place, arrayName, volumeName }, job, api, allowed }: DeleteProps) {
  const path = pathTo('/jobs/:id/chains/:name', { id: job.id, name });
  return (
    <ConfirmButton
      small
      label="Delete"
      ariaLabel={`Delete ${name} on ${arrayName}`}
      title="Delete this storage snapshot?"
      cli={`leeward chain delete ${quoted(job.name)} --name ${name} --side ${place}`}
      allowed={allowed}
      work={() => api.delete(`${path}?side=${place}`)}
    >
      {name} on {arrayName}/{volumeName} and the states of VMs in it are gone then. Points in the repository
      stay. What the next transfer starts from is not deleted.
    </ConfirmButton>
  );
}
