import type { TopologyPath } from '@leeward/core/words/topology';
import { ExpandableSection } from '@patternfly/react-core';
import { useMemo } from 'react';
import { useResource } from '../../api/use-resource.tsx';
import type { ChainLink } from '../../api/work.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { ChainTable } from './chain-table.tsx';
import { ChainTimeline } from './timeline.tsx';

const noWays: readonly TopologyPath[] = [];

/** The chain of one job as picture and as table. */
export function JobChain({ jobId }: { readonly jobId: string }) {
  const chain = useResource<readonly ChainLink[]>(`/chains?job=${encodeURIComponent(jobId)}`);
  return (
    <Loaded resource={chain}>
      {(links) =>
        links.length === 0 ? (
          <p>Nothing of it is on an array yet; every run leaves a storage snapshot on the secondary.</p>
        ) : (
          <>
            <Picture links={links} />
            <ExpandableSection toggleText="As a table" displaySize="lg">
              <ChainTable links={links} />
            </ExpandableSection>
          </>
        )
      }
    </Loaded>
  );
}

/** With the ways of the topology, by which volumes belong together. */
export function Picture({ links }: { readonly links: readonly ChainLink[] }) {
  const topology = useResource<readonly TopologyPath[]>('/topology?limit=500').data;
  const ways = useMemo(
    () => topology?.filter(({ secondary }) => secondary !== undefined) ?? noWays,
    [topology],
  );
  return <ChainTimeline links={links} ways={ways} />;
}
