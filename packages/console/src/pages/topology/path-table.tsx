import type { TopologyPath, TopologyPlace } from '@leeward/core/words/topology';
import { duration } from '../../format/duration.ts';
import { CodeLink } from '../../ui/code-link.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { HealthLabel } from '../../ui/state-label.tsx';

const placeText = (place: TopologyPlace | undefined) => (place ? `${place.array}/${place.volume}` : '');

const columns: readonly Column<TopologyPath>[] = [
  { key: 'vm', title: 'VM', value: ({ vm }) => vm },
  {
    key: 'why',
    title: 'Why not from the secondary',
    value: ({ problem }) => (problem ? `${problem.code} ${problem.what}` : ''),
    render: ({ problem }) =>
      problem ? (
        <details>
          <summary>
            <CodeLink code={problem.code} /> {problem.what}
          </summary>
          <p>{problem.data}</p>
          <p>{problem.next}</p>
        </details>
      ) : (
        ''
      ),
  },
  { key: 'datastore', title: 'Datastore', value: ({ datastore }) => datastore },
  { key: 'primary', title: 'Primary volume', value: ({ primary }) => placeText(primary) },
  {
    key: 'relation',
    title: 'Relation',
    value: ({ relation }) => (relation ? `${relation.kind} ${relation.policyName}` : ''),
    render: ({ relation }) =>
      relation ? (
        <>
          <HealthLabel good={relation.healthy} text={relation.healthy ? 'healthy' : relation.state} />{' '}
          {relation.kind === 'sync' ? 'sync' : `transfer, ${relation.policyName}`}
        </>
      ) : (
        'none'
      ),
  },
  {
    key: 'lag',
    title: 'Lag',
    numeric: true,
    value: ({ relation }) => relation?.lagMs ?? -1,
    render: ({ relation }) => (relation?.lagMs === undefined ? '' : duration(relation.lagMs)),
  },
  {
    key: 'secondary',
    title: 'Secondary volume',
    value: ({ via, secondary }) => [...(via ?? []), secondary].map(placeText).filter(Boolean).join(' → '),
  },
  { key: 'proxies', title: 'Proxies', value: ({ proxies }) => proxies.join(', ') },
];

/** The same as the picture, as a table: for many VMs, for screen readers, for finding by code. */
export function PathTable({ paths }: { readonly paths: readonly TopologyPath[] }) {
  return (
    <DataTable
      name="path"
      label="Paths"
      word="path"
      rows={paths}
      columns={columns}
      rowKey={({ vmPath, datastore, primary, secondary }) =>
        [vmPath, datastore, placeText(primary), placeText(secondary)].join(' ')
      }
      order="vm"
    />
  );
}
