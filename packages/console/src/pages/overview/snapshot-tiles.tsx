import type { RunSummary, RunView } from '../../api/runs.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { ChainLink } from '../../api/work.ts';
import { useSession } from '../../app/session-context.tsx';
import { duration } from '../../format/duration.ts';
import { pathTo } from '../../router/match.ts';
import { useNow } from '../../time/use-now.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { snapshotLives } from '../runs/figures.ts';
import { Tile } from './tile.tsx';

/** How long VMware snapshots lived in the newest backup: the figure that must not grow with the size of a VM. */
export function LongestSnapshot() {
  const runs = useResource<readonly RunSummary[]>('/runs?kind=backup&limit=1');
  return (
    <Tile title="Longest VMware snapshot, newest backup">
      <Loaded resource={runs}>
        {(known) => {
          const [newest] = known;
          return newest ? <LongestOf id={newest.id} /> : <p>No backup has run yet.</p>;
        }}
      </Loaded>
    </Tile>
  );
}

function LongestOf({ id }: { readonly id: string }) {
  const path = pathTo('/runs/:id', { id });
  const view = useResource<RunView>(path);
  const nowMs = useNow(view.data?.run.endedAt === undefined);
  return (
    <Loaded resource={view}>
      {({ vms }) => {
        const [longest] = snapshotLives(vms, nowMs);
        if (!longest) return <p>It made none.</p>;
        return (
          <>
            <p className="lw-big">{duration(longest.livedMs)}</p>
            <p>
              <a href={path}>{longest.vm}</a>
              {longest.isThere ? ' and counting' : ''}
            </p>
          </>
        );
      }}
    </Loaded>
  );
}

/** Storage snapshots of ours that nobody looks after: the aim is none. */
export function LeftBehind() {
  const chains = useResource<readonly ChainLink[]>('/chains');
  const seesStorage = useSession().session.user.scopes === undefined;
  return (
    <Tile title="Storage snapshots nobody looks after">
      <Loaded resource={chains}>
        {(links) => {
          const left = links.filter(
            ({ reasons }) => reasons.includes('no-job') || reasons.includes('no-relation'),
          );
          return (
            <>
              <p className="lw-big">{left.length}</p>
              <p>
                {left.length === 0 ? 'None is left behind. ' : 'Left by jobs or relations that are gone. '}
                {seesStorage ? <a href="/storage">See all {links.length}</a> : null}
              </p>
            </>
          );
        }}
      </Loaded>
    </Tile>
  );
}
