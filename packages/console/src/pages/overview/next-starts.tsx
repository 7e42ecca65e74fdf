import type { JobView } from '@leeward/core/schedule/job-view';
import { useResource } from '../../api/use-resource.tsx';
import { pathTo } from '../../router/match.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { When } from '../../ui/when.tsx';
import { Tile } from './tile.tsx';

const mostShown = 5;

/** Which jobs are started by themselves next, and how many only by hand. */
export function NextStarts() {
  const jobs = useResource<readonly JobView[]>('/jobs');
  return (
    <Tile title="Next starts">
      <Loaded resource={jobs}>
        {(known) => {
          const next = known
            .filter(({ nextRunAt }) => nextRunAt !== undefined)
            .toSorted((a, b) => ((a.nextRunAt ?? '') < (b.nextRunAt ?? '') ? -1 : 1));
          const byHand = known.length - next.length;
          return (
            <>
              <ul className="lw-plain lw-lines">
                {next.slice(0, mostShown).map(({ id, name, nextRunAt = '', scheduleWords }) => (
                  <li key={id}>
                    <When at={nextRunAt} />
                    <a href={pathTo('/jobs/:id', { id })} title={scheduleWords}>
                      {name}
                    </a>
                  </li>
                ))}
              </ul>
              {next.length === 0 ? <p>No job is started by itself.</p> : null}
              {byHand > 0 ? (
                <p className="lw-faint-text">
                  {byHand} of <a href="/jobs">{known.length}</a> only by hand
                </p>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </Tile>
  );
}
