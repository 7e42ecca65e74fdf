import type { VmPlan } from '@leeward/core';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useCallback, useEffect, useState } from 'react';
import { useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import { CliLine } from '../../ui/cli-line.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { ExplainedVm } from './explained-vm.tsx';

interface ExplainCardProps {
  readonly path: string;
  readonly name: string;
  /** Members of the job. */
  readonly vms: readonly string[];
}

/** Why one VM of the job is read the way it is; the VM stands in the address. */
export function ExplainCard({ path, name, vms }: ExplainCardProps) {
  const { api } = useSession();
  const [wanted, want] = useQueryState('explain');
  const [vm, setVm] = useState<VmPlan>();
  const { busy, error, run } = useAction();
  const explain = useCallback(
    () =>
      run(async () => {
        setVm(undefined);
        setVm(await api.post<VmPlan>(`${path}/explain`, { vm: wanted }));
      }),
    [api, run, path, wanted],
  );
  useEffect(() => {
    if (wanted !== '') void explain();
  }, [wanted, explain]);
  const members = vms.includes(wanted) || wanted === '' ? vms : [wanted, ...vms];
  return (
    <Card>
      <CardTitle component="h2">Why is a VM read that way?</CardTitle>
      <CardBody>
        <div className="lw-form lw-gap">
          <SelectField
            id="explain-vm"
            label="Every path considered for"
            value={wanted}
            choices={[['', 'Choose a VM'], ...members.map((each) => [each, each] as const)]}
            onChange={want}
          />
        </div>
        {wanted === '' ? null : (
          <CliLine command={`leeward job plan ${quoted(name)} --explain ${quoted(wanted)}`} />
        )}
        {error === undefined ? null : <ProblemAlert problem={error} onRetry={() => void explain()} />}
        {busy && wanted !== '' ? <p role="status">Reading vCenter and arrays; nothing is touched …</p> : null}
        {vm && !busy && wanted !== '' ? <ExplainedVm vm={vm} /> : null}
      </CardBody>
    </Card>
  );
}
