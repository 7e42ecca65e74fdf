import type { Job } from '@leeward/core';
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useMemo } from 'react';
import { useResource } from '../../api/use-resource.tsx';
import type { ChainLink } from '../../api/work.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import { Picture } from './job-chain.tsx';

/** One chain of all that are known, as a picture: that of the job that is chosen. */
export function ChosenChain({ links }: { readonly links: readonly ChainLink[] }) {
  const jobs = useResource<readonly Job[]>('/jobs').data ?? [];
  const ids = [...new Set(links.flatMap(({ jobId }) => (jobId === undefined ? [] : [jobId])))];
  const [wanted, choose] = useQueryState('job');
  const chosen = ids.find((id) => id === wanted) ?? ids[0];
  const shown = useMemo(() => links.filter(({ jobId }) => jobId === chosen), [links, chosen]);
  if (chosen === undefined) return null;
  return (
    <div>
      <FormSelect
        aria-label="Chain of the job"
        className="lw-narrow lw-gap"
        value={chosen}
        onChange={(_event, id) => choose(id)}
      >
        {ids.map((id) => (
          <FormSelectOption
            key={id}
            value={id}
            label={`Chain of ${jobs.find((job) => job.id === id)?.name ?? 'a removed job'}`}
          />
        ))}
      </FormSelect>
      <Picture links={shown} />
    </div>
  );
}
