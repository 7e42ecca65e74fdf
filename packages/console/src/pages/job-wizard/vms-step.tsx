import { Button, Checkbox, SearchInput } from '@patternfly/react-core';
import { useState } from 'react';
import type { ProtectionCounts, VmSummary } from '../../api/systems.ts';
import { usePages } from '../../api/use-pages.ts';
import { useResource } from '../../api/use-resource.tsx';
import { counted } from '../../format/when.ts';
import { Loaded } from '../../ui/loaded.tsx';
import type { StepProps } from './step-props.ts';

/** Which VMs, with what keeps each from being read from a secondary. */
export function VmsStep({ draft, change }: StepProps) {
  const [find, setFind] = useState('');
  const wanted = find.trim();
  const query = wanted === '' ? '' : `&find=${encodeURIComponent(wanted)}`;
  const vms = usePages<VmSummary>(`/vms?templates=false&limit=200${query}`);
  const all = useResource<ProtectionCounts>('/vms/counts').data?.total;
  const chosen = new Set(draft.vms);
  const set = (paths: ReadonlySet<string>) => change({ vms: [...paths] });
  return (
    <>
      <SearchInput
        aria-label="Find VMs"
        placeholder="Name or path"
        value={find}
        onChange={(_event, text) => setFind(text)}
        onClear={() => setFind('')}
      />
      <Loaded resource={vms}>
        {(found) => (
          <>
            <p role="status" className="lw-gap">
              {counted(chosen.size, 'VM')} chosen{all === undefined ? '' : ` of ${all.toLocaleString('en')}`}{' '}
              <Button
                variant="link"
                isInline
                onClick={() => set(new Set([...chosen, ...found.map(({ path }) => path)]))}
              >
                Choose all {found.length} {vms.more ? 'shown' : 'found'}
              </Button>{' '}
              <Button variant="link" isInline onClick={() => set(new Set())}>
                Choose none
              </Button>
            </p>
            {found.map(({ key, path, problem }) => (
              <Checkbox
                key={key}
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
            ))}
            {vms.more ? (
              <p>
                There are more: find them by name, or{' '}
                <Button variant="link" isInline onClick={vms.more}>
                  read more
                </Button>
              </p>
            ) : null}
          </>
        )}
      </Loaded>
    </>
  );
}
