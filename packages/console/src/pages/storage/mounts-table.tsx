import type { Mount } from '@leeward/core';
import { useResource } from '../../api/use-resource.tsx';
import { pathTo } from '../../router/match.ts';
import type { Column } from '../../ui/data-table.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { whenColumn } from '../../ui/when-column.tsx';

const columns: readonly Column<Mount>[] = [
  {
    ...{ key: 'array', title: 'Array', value: ({ arrayName }) => arrayName },
    render: ({ arrayId, arrayName }) => (
      <PageLink to={pathTo('/storage/:id', { id: arrayId })}>{arrayName}</PageLink>
    ),
  },
  { key: 'volume', title: 'Volume', value: ({ volume }) => volume },
  {
    key: 'snapshot',
    title: 'Storage snapshot',
    value: ({ storageSnapshotName }) => storageSnapshotName,
  },
  { key: 'protocol', title: 'By', value: ({ protocol }) => (protocol === 'nfs' ? 'NFS' : 'iSCSI') },
  { key: 'to', title: 'Shown to', value: ({ shownTo }) => shownTo.join(', ') },
  {
    ...{ key: 'run', title: 'Run', value: ({ runId }) => runId },
    render: ({ runId }) => <a href={pathTo('/runs/:id', { id: runId })}>{runId}</a>,
  },
  whenColumn('since', 'Since', ({ since }) => since),
  {
    key: 'state',
    title: 'State',
    value: ({ state }) => (state === 'present' ? 'mounted' : 'being made'),
  },
];

/** What proxies can reach on the arrays now; it is taken away at the end of each read, whatever happens. */
export function MountsTable() {
  return (
    <ListTable
      resource={useResource<readonly Mount[]>('/mounts')}
      name="mount"
      label="Mounts"
      word="mount"
      columns={columns}
      rowKey={({ arrayId, name, runId }) => [arrayId, name, runId].join('/')}
      order="since"
      nothing={<p className="lw-faint-text">No storage snapshot is shown to a proxy now.</p>}
    />
  );
}
