import type { JobView } from '@leeward/core/schedule/job-view';
import { FormSelect, FormSelectOption, Label, ToolbarItem } from '@patternfly/react-core';
import { useMemo } from 'react';
import type { ProtectionState, VmSummary } from '../../api/systems.ts';
import { usePages } from '../../api/use-pages.ts';
import { useResource } from '../../api/use-resource.tsx';
import { bytes } from '../../format/bytes.ts';
import { commandLine } from '../../format/command-line.ts';
import { pathTo } from '../../router/match.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import { CodeLink } from '../../ui/code-link.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { SourceLabel } from '../../ui/state-label.tsx';
import { When } from '../../ui/when.tsx';
import { useWithin, WithinSelect } from './within.tsx';

const look: Readonly<Record<ProtectionState, 'success' | 'warning' | 'danger'>> = {
  'in-time': 'success',
  late: 'warning',
  never: 'danger',
};

const columnsFor = (nextOf: (vm: VmSummary) => string): readonly Column<VmSummary>[] => [
  {
    key: 'name',
    title: 'VM',
    value: ({ name }) => name,
    render: (vm) => <a href={topologyOf(vm)}>{vm.name}</a>,
  },
  {
    key: 'state',
    title: 'Protected',
    value: ({ protection }) => words(protection),
    render: ({ protection }) => (
      <Label isCompact status={look[protection]}>
        {words(protection)}
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
    key: 'next',
    title: 'Next start',
    value: nextOf,
    render: (vm) => (nextOf(vm) === '' ? 'by hand' : <When at={nextOf(vm)} />),
  },
  {
    key: 'why',
    title: 'Why not',
    value: (vm) => [whyOf(vm), vm.problem?.code ?? '', vm.problem?.what ?? ''].join(' '),
    render: (vm) => (
      <>
        {whyOf(vm)}
        {whyOf(vm) && vm.problem ? '; ' : ''}
        {vm.problem ? (
          <span title={vm.problem.what}>
            not from the secondary: <CodeLink code={vm.problem.code} />
          </span>
        ) : null}{' '}
        {vm.jobs.slice(0, 1).map(({ id }) => (
          <a
            key={id}
            href={`${pathTo('/jobs/:id', { id })}?explain=${encodeURIComponent(vm.path)}`}
            aria-label={`Every path of ${vm.name}`}
          >
            every path
          </a>
        ))}
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

const hourMs = 3_600_000;

const topologyOf = ({ name }: VmSummary) => `/topology?find=${encodeURIComponent(name)}`;

const words = (state: ProtectionState) => state.replace('-', ' ');

/** When a job of the VM is started by itself next; empty: none is. */
function nextStart(vm: VmSummary, jobs: readonly JobView[]): string {
  const own = jobs.filter(({ id }) => vm.jobs.some((job) => job.id === id));
  return own.flatMap(({ nextRunAt }) => nextRunAt ?? []).toSorted()[0] ?? '';
}

/** Why it is not protected in time. */
function whyOf({ protection, jobs }: VmSummary): string {
  if (protection === 'in-time') return '';
  if (jobs.length === 0) return 'In no job';
  return protection === 'never' ? 'No run of its job has made a point yet' : 'Its last point is older';
}

/** Which VM is protected, by which path, and why not. */
export default function VmsPage() {
  const within = useWithin();
  const [state, setState] = useQueryState('state');
  const [find] = useQueryState('vm-find');
  const query = new URLSearchParams({
    templates: 'false',
    limit: '500',
    withinHours: String(within.ms / hourMs),
  });
  if (state) query.set('protection', state);
  if (find) query.set('find', find);
  const vms = usePages<VmSummary>(`/vms?${query}`);
  const jobs = useResource<readonly JobView[]>('/jobs').data;
  const columns = useMemo(() => columnsFor((vm) => nextStart(vm, jobs ?? [])), [jobs]);
  const cli = commandLine('vm list', {
    ...{ 'no-templates': true, protection: state, find, within: within.option },
  });
  const filters = (
    <>
      <ToolbarItem>
        <FormSelect aria-label="Protected" value={state} onChange={(_event, value) => setState(value)}>
          <FormSelectOption value="" label="All VMs" />
          {Object.keys(look).map((each) => (
            <FormSelectOption key={each} value={each} label={`Only ${each.replace('-', ' ')}`} />
          ))}
        </FormSelect>
      </ToolbarItem>
      <ToolbarItem>
        <WithinSelect within={within} />
      </ToolbarItem>
    </>
  );
  return (
    <PageFrame title="VMs" cli={cli} json={`/vms?${query}`}>
      <ListTable
        resource={vms}
        name="vm"
        label="VMs"
        word="VM"
        columns={columns}
        rowKey={({ key }) => key}
        order="name"
        filters={filters}
        foundByServer
        more={vms.more}
        isLookedFor={state !== '' || find !== ''}
        nothing={
          <NothingYet
            title="No VM is known"
            action={<PageLink to="/infrastructure">Go to the infrastructure</PageLink>}
          >
            Register a vCenter; its VMs are then read and listed here.
          </NothingYet>
        }
      />
    </PageFrame>
  );
}
