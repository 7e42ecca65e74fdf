import { Button, Checkbox, SearchInput } from '@patternfly/react-core';
import { useState } from 'react';
import type { SystemSummary, TopologyPath } from '../../api/systems.ts';
import { useInventories } from '../../api/use-inventories.ts';
import { useResource } from '../../api/use-resource.tsx';
import { counted } from '../../format/when.ts';
import { Loaded } from '../../ui/loaded.tsx';
import type { StepProps } from './step-props.ts';

/** More are found by name. */
const mostShown = 200;

/** Which VMs, with what keeps each from being read from a secondary. */
export function VmsStep({ draft, change }: StepProps) {
  const inventories = useInventories(useResource<readonly SystemSummary[]>('/vcenters'));
  const paths = useResource<readonly TopologyPath[]>('/topology').data ?? [];
  const [find, setFind] = useState('');
  const chosen = new Set(draft.vms);
  return (
    <Loaded resource={inventories}>
      {(vcenters) => {
        const wanted = find.trim().toLowerCase();
        const all = vcenters.flatMap(({ vms }) => vms.filter(({ isTemplate }) => !isTemplate));
        const found = all.filter(({ path }) => path.toLowerCase().includes(wanted));
        const set = (vms: ReadonlySet<string>) => change({ vms: [...vms] });
        return (
          <>
            <SearchInput
              aria-label="Find VMs"
              placeholder="Name or path"
              value={find}
              onChange={(_event, text) => setFind(text)}
              onClear={() => setFind('')}
            />
            <p role="status" className="lw-gap">
              {counted(chosen.size, 'VM')} chosen of {all.length}{' '}
              <Button
                variant="link"
                isInline
                onClick={() => set(new Set([...chosen, ...found.map(({ path }) => path)]))}
              >
                Choose all {found.length} found
              </Button>{' '}
              <Button variant="link" isInline onClick={() => set(new Set())}>
                Choose none
              </Button>
            </p>
            {found.slice(0, mostShown).map(({ path }) => {
              const problem = paths.find(({ vmPath, problem }) => vmPath === path && problem)?.problem;
              return (
                <Checkbox
                  key={path}
                  id={`vm ${path}`}
                  label={path}
                  isChecked={chosen.has(path)}
                  {...(problem
                    ? { description: `not from the secondary: ${problem.code} ${problem.what}` }
                    : {})}
                  onChange={(_event, checked) =>
                    set(new Set(checked ? [...chosen, path] : draft.vms.filter((each) => each !== path)))
                  }
                />
              );
            })}
            {found.length > mostShown ? <p>{found.length - mostShown} more: find them by name.</p> : null}
          </>
        );
      }}
    </Loaded>
  );
}
