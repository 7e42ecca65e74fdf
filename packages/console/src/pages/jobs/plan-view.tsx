import type { Plan, VmPlan } from '@leeward/core';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useMemo } from 'react';
import { CodeLink } from '../../ui/code-link.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { SourceLabel } from '../../ui/state-label.tsx';
import { ExplainedVm } from './explained-vm.tsx';

const keyOf = ({ vm }: VmPlan) => `${vm.vcenterId}/${vm.moId}`;

/** What a run would do: each VM with its path and why not another one; what is made and removed on foreign systems. */
export function PlanView({ plan }: { readonly plan: Plan }) {
  const columns = useMemo(() => columnsOf(plan), [plan]);
  return (
    <div className="lw-stack">
      {plan.unresolved.map(({ member, problem }) => (
        <ProblemAlert key={member} problem={problem} variant="warning" />
      ))}
      <DataTable
        name="plan"
        label="Planned VMs"
        word="VM"
        rows={plan.vms}
        columns={columns}
        rowKey={keyOf}
        order="name"
      />
      <Card>
        <CardTitle component="h3">What a run will do to vCenter and arrays</CardTitle>
        <CardBody>
          {plan.effects.length === 0 ? (
            <p>Nothing.</p>
          ) : (
            <ul className="lw-plain">
              {plan.effects.map(({ system, action, what }) => (
                <li key={`${system} ${action} ${what}`} className="lw-anywhere">
                  <strong>{action}</strong> on {system}: {what}
                </li>
              ))}
            </ul>
          )}
        </CardBody>
      </Card>
    </div>
  );
}

function columnsOf({ groups }: Plan): readonly Column<VmPlan>[] {
  const relationOf = ({ groupId }: VmPlan) =>
    (groups.find(({ id }) => id === groupId)?.volumes ?? [])
      .map(({ arrayName, volumeName, relation }) =>
        relation
          ? `${arrayName}/${volumeName} ${relation.kind === 'sync' ? '⇄' : '→'} ${relation.arrayName}/${relation.volumeName}`
          : `${arrayName}/${volumeName}`,
      )
      .join(', ');
  const reasonsOf = ({ problem, notTaken }: VmPlan) => [
    ...(problem ? [{ label: 'no backup', reason: problem }] : []),
    ...notTaken.map(({ path, reason }) => ({ label: `not ${path}`, reason })),
  ];
  return [
    { key: 'name', title: 'VM', value: ({ name }) => name },
    {
      key: 'source',
      title: 'Source',
      value: ({ source }) => source ?? 'none',
      render: ({ source }) => (source ? <SourceLabel source={source} /> : 'none'),
    },
    { key: 'group', title: 'Group', value: ({ groupId }) => groupId ?? '' },
    { key: 'relation', title: 'Volumes and relation', value: relationOf },
    { key: 'proxy', title: 'Proxy', value: ({ proxyId }) => proxyId ?? '' },
    {
      key: 'why',
      title: 'Why not another way',
      value: (vm) =>
        reasonsOf(vm)
          .map(({ label, reason }) => `${label} ${reason.code}`)
          .join(' '),
      render: (vm) => (
        <>
          <ul className="lw-plain">
            {reasonsOf(vm).map(({ label, reason }) => (
              <li key={label}>
                {label}: <CodeLink code={reason.code} /> {reason.what}
              </li>
            ))}
          </ul>
          <details>
            <summary>every path</summary>
            <ExplainedVm vm={vm} />
          </details>
        </>
      ),
    },
  ];
}
