import type { Job } from '@leeward/core';
import { Button, SearchInput, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import type { TopologyPath } from '../../api/systems.ts';
import { usePages } from '../../api/use-pages.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { Repository } from '../../api/work.ts';
import { counted } from '../../format/when.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import { Loaded, together } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { topologyPicture } from './layout.ts';
import { PathTable } from './path-table.tsx';
import { TopologyDrawing } from './picture.tsx';

/** More VMs than that are no picture any more; the table has all. */
const mostVms = 60;

export default function TopologyPage() {
  const [find] = useQueryState('find');
  const query = find.trim() === '' ? '' : `&find=${encodeURIComponent(find.trim())}`;
  const paths = usePages<TopologyPath>(`/topology?limit=200${query}`);
  const all = together(
    paths,
    useResource<readonly Job[]>('/jobs'),
    useResource<readonly Repository[]>('/repositories'),
  );
  return (
    <PageFrame title="Topology" cli="leeward topology show">
      <Loaded resource={all}>
        {([known, jobs, repositories]) =>
          known.length === 0 && find === '' ? (
            <NothingYet
              title="There is nothing to draw"
              action={<a href="/infrastructure">Go to the infrastructure</a>}
            >
              Register a vCenter and the arrays that its datastores lie on. The picture then shows each VM's
              way from its datastore over the relations of its volume to the proxy and the repository.
            </NothingYet>
          ) : (
            <Found paths={known} jobs={jobs} repositories={repositories} more={paths.more} />
          )
        }
      </Loaded>
    </PageFrame>
  );
}

interface FoundProps {
  readonly paths: readonly TopologyPath[];
  readonly jobs: readonly Job[];
  readonly repositories: readonly Repository[];
  readonly more?: (() => void) | undefined;
}

function Found({ paths, jobs, repositories, more }: FoundProps) {
  const [find, setFind] = useQueryState('find');
  const [typed, setTyped] = useState(find);
  const shown = useMemo(() => paths.filter((path) => fits(path, find)), [paths, find]);
  const vms = new Set(shown.map(({ vmPath }) => vmPath));
  const picture = useMemo(() => {
    const drawn = new Set([...new Set(shown.map(({ vmPath }) => vmPath))].slice(0, mostVms));
    return topologyPicture(
      shown.filter(({ vmPath }) => drawn.has(vmPath)),
      (path) => repositoriesOf(path, jobs, repositories),
    );
  }, [shown, jobs, repositories]);
  const type = (text: string) => {
    setTyped(text);
    setFind(text);
  };
  return (
    <>
      <Toolbar inset={{ default: 'insetNone' }}>
        <ToolbarContent>
          <ToolbarItem>
            <SearchInput
              aria-label="Find VM, datastore, volume, array or proxy"
              placeholder="VM, datastore, volume, array, proxy"
              value={typed}
              onChange={(_event, text) => type(text)}
              onClear={() => type('')}
            />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <span role="status">
              {counted(vms.size, 'VM')}
              {vms.size > mostVms ? `; the picture has the first ${mostVms}, the table all` : ''}
              {more ? (
                <>
                  ; there are more{' '}
                  <Button variant="link" isInline onClick={more}>
                    Read more
                  </Button>
                </>
              ) : null}
            </span>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <TopologyDrawing picture={picture} />
      <PathTable paths={shown} />
    </>
  );
}

function fits({ vm, vmPath, datastore, primary, secondary, proxies }: TopologyPath, find: string): boolean {
  const words = [
    vm,
    vmPath,
    datastore,
    ...[primary, secondary].flatMap((place) => (place ? [place.array, place.volume] : [])),
    ...proxies,
  ];
  return words.join('\n').toLowerCase().includes(find.trim().toLowerCase());
}

function repositoriesOf(
  { vm, vmPath }: TopologyPath,
  jobs: readonly Job[],
  repositories: readonly Repository[],
): readonly string[] {
  const ids = jobs
    .filter(({ vms }) => vms.includes(vmPath) || vms.includes(vm))
    .flatMap(({ repositoryId }) => (repositoryId ? [repositoryId] : []));
  return repositories.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
}
