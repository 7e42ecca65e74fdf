import { FormSelect, FormSelectOption, Label, ToolbarItem } from '@patternfly/react-core';
import { bytes } from '../../format/bytes.ts';
import { pathTo } from '../../router/match.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { SourceLabel } from '../../ui/state-label.tsx';
import { When } from '../../ui/when.tsx';
import type { ProtectionState, VmProtection } from './protection.ts';
import { useProtection } from './use-protection.ts';
import { useWithin, WithinSelect } from './within.tsx';

const look: Readonly<Record<ProtectionState, 'success' | 'warning' | 'danger'>> = {
  'in time': 'success',
  late: 'warning',
  never: 'danger',
};

const columns: readonly Column<VmProtection>[] = [
  {
    key: 'name',
    title: 'VM',
    value: ({ name }) => name,
    render: (vm) => <a href={topologyOf(vm)}>{vm.name}</a>,
  },
  {
    key: 'state',
    title: 'Protected',
    value: ({ state }) => state,
    render: ({ state }) => (
      <Label isCompact status={look[state]}>
        {state}
      </Label>
    ),
  },
  {
    key: 'last',
    title: 'Last point',
    value: ({ lastPoint, lastKeptAt }) => lastPoint?.createdAt ?? lastKeptAt ?? '',
    render: ({ lastPoint, lastKeptAt }) => {
      if (lastPoint) return <When at={lastPoint.createdAt} />;
      return lastKeptAt ? (
        <>
          <When at={lastKeptAt} /> (storage snapshots)
        </>
      ) : (
        'none'
      );
    },
  },
  {
    key: 'source',
    title: 'Source used',
    value: ({ lastPoint }) => lastPoint?.source ?? '',
    render: ({ lastPoint }) => (lastPoint ? <SourceLabel source={lastPoint.source} /> : ''),
  },
  {
    key: 'jobs',
    title: 'Jobs',
    value: ({ jobs }) => jobs.map(({ name }) => name).join(', '),
    render: ({ jobs }) =>
      jobs.map(({ id, name }) => (
        <a key={id} href={pathTo('/jobs/:id', { id })} className="lw-list-item">
          {name}
        </a>
      )),
  },
  {
    key: 'why',
    title: 'Why not',
    value: ({ why, problem }) => [why, problem?.code ?? '', problem?.what ?? ''].join(' '),
    render: ({ why, problem }) => (
      <>
        {why}
        {why && problem ? '; ' : ''}
        {problem ? (
          <span title={problem.what}>
            not from the secondary: <code>{problem.code}</code>
          </span>
        ) : null}
      </>
    ),
  },
  {
    key: 'size',
    title: 'Provisioned',
    numeric: true,
    value: ({ provisionedBytes }) => provisionedBytes,
    render: ({ provisionedBytes }) => bytes(provisionedBytes),
  },
  { key: 'vcenter', title: 'vCenter', value: ({ vcenterName }) => vcenterName },
];

const topologyOf = ({ name }: VmProtection) => `/topology?find=${encodeURIComponent(name)}`;

/** Which VM is protected, by which path, and why not. */
export default function VmsPage() {
  const within = useWithin();
  const [state, setState] = useQueryState('state');
  const vms = useProtection(within.ms);
  const filters = (
    <>
      <ToolbarItem>
        <FormSelect aria-label="Protected" value={state} onChange={(_event, value) => setState(value)}>
          <FormSelectOption value="" label="All VMs" />
          {Object.keys(look).map((each) => (
            <FormSelectOption key={each} value={each} label={`Only ${each}`} />
          ))}
        </FormSelect>
      </ToolbarItem>
      <ToolbarItem>
        <WithinSelect within={within} />
      </ToolbarItem>
    </>
  );
  return (
    <PageFrame title="VMs" cli="leeward topology show">
      <Loaded resource={vms}>
        {(known) =>
          known.length === 0 ? (
            <NothingYet
              title="No VM is known"
              action={<a href="/infrastructure">Go to the infrastructure</a>}
            >
              Register a vCenter; its VMs are then read and listed here.
            </NothingYet>
          ) : (
            <DataTable
              name="vm"
              label="VMs"
              word="VM"
              rows={state ? known.filter((vm) => vm.state === state) : known}
              columns={columns}
              rowKey={({ key }) => key}
              order="name"
              filters={filters}
            />
          )
        }
      </Loaded>
    </PageFrame>
  );
}
