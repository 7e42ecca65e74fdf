import type { Job } from '@leeward/core';
import type { TopologyPath, TopologyPlace } from '@leeward/core/words/topology';
import {
  Button,
  FormSelect,
  FormSelectOption,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import type { SystemSummary } from '../../api/systems.ts';
import { usePages } from '../../api/use-pages.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { Repository } from '../../api/work.ts';
import { useSession } from '../../app/session-context.tsx';
import { commandLine } from '../../format/command-line.ts';
import { counted } from '../../format/when.ts';
import { pathTo } from '../../router/match.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import { Loaded, together } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { topologyPicture } from './layout.ts';
import { PathTable } from './path-table.tsx';
import { TopologyDrawing } from './picture.tsx';

/** More VMs than that are no picture any more; the table has all. */
const mostVms = 60;

export default function TopologyPage() {
  const [find] = useQueryState('find');
  const [chosen] = useQueryState('job');
  const jobs = useResource<readonly Job[]>('/jobs');
  const job = jobs.data?.find(({ id }) => id === chosen);
  // Of larger jobs the pages that were read are looked through.
  const asked = { find: find.trim(), vm: job && job.vms.length <= mostVms ? job.vms : [] };
  const query = new URLSearchParams({ limit: '200' });
  if (asked.find !== '') query.set('find', asked.find);
  for (const vm of asked.vm) query.append('vm', vm);
  const paths = usePages<TopologyPath>(`/topology?${query}`);
  const all = together(paths, jobs, useResource<readonly Repository[]>('/repositories'));
  return (
    <PageFrame title="Topology" cli={commandLine('topology show', asked)} json={`/topology?${query}`}>
      <Loaded resource={all}>
        {([known, knownJobs, repositories]) =>
          known.length === 0 && find === '' && chosen === '' ? (
            <NothingYet
              title="There is nothing to draw"
              action={<PageLink to="/infrastructure">Go to the infrastructure</PageLink>}
            >
              Register a vCenter and the arrays that its datastores lie on. The picture then shows each VM's
              way from its datastore over the relations of its volume to the proxy and the repository.
            </NothingYet>
          ) : (
            <Found
              paths={job ? known.filter((path) => isOf(path, job)) : known}
              jobs={knownJobs}
              repositories={repositories}
              more={paths.more}
            />
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
  const [chosen, choose] = useQueryState('job');
  const pageOf = usePageOfVolume();
  const shown = useMemo(() => paths.filter((path) => fits(path, find)), [paths, find]);
  const vms = new Set(shown.map(({ vmPath }) => vmPath));
  const picture = useMemo(() => {
    const drawn = new Set([...new Set(shown.map(({ vmPath }) => vmPath))].slice(0, mostVms));
    return topologyPicture(
      shown.filter(({ vmPath }) => drawn.has(vmPath)),
      (path) => repositoriesOf(path, jobs, repositories),
      pageOf,
    );
  }, [shown, jobs, repositories, pageOf]);
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
          <ToolbarItem>
            <FormSelect aria-label="Of job" value={chosen} onChange={(_event, id) => choose(id)}>
              <FormSelectOption value="" label="VMs of all jobs and none" />
              {jobs.map(({ id, name }) => (
                <FormSelectOption key={id} value={id} label={`VMs of ${name}`} />
              ))}
            </FormSelect>
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

function isOf({ vm, vmPath }: Pick<TopologyPath, 'vm' | 'vmPath'>, { vms }: Job): boolean {
  return vms.includes(vmPath) || vms.includes(vm);
}

/** The page of the array, with the volume looked for; nowhere where the array is not known. */
function usePageOfVolume(): (place: TopologyPlace) => string | undefined {
  const asks = useSession().session.user.scopes === undefined;
  const arrays = useResource<readonly SystemSummary[]>(asks ? '/arrays' : undefined).data;
  return useCallback(
    ({ array, volume }: TopologyPlace) => {
      const id = arrays?.find(({ name }) => name === array)?.id;
      if (id === undefined) return undefined;
      return `${pathTo('/storage/:id', { id })}?volume-find=${encodeURIComponent(volume)}`;
    },
    [arrays],
  );
}

function repositoriesOf(
  { vm, vmPath }: TopologyPath,
  jobs: readonly Job[],
  repositories: readonly Repository[],
): readonly string[] {
  const ids = jobs
    .filter((job) => isOf({ vm, vmPath }, job))
    .flatMap(({ repositoryId }) => (repositoryId ? [repositoryId] : []));
  return repositories.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
}
