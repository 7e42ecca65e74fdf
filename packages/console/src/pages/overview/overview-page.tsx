import type { Job } from '@leeward/core';
import type { SeenRelation, TopologyPlace } from '@leeward/core/words/topology';
import type { RunSummary } from '../../api/runs.ts';
import type { ProtectionCounts, ProxyView, SystemSummary } from '../../api/systems.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { Repository } from '../../api/work.ts';
import { useSession } from '../../app/session-context.tsx';
import { commandLine } from '../../format/command-line.ts';
import { duration } from '../../format/duration.ts';
import { pathTo } from '../../router/match.ts';
import { CodeLink } from '../../ui/code-link.tsx';
import { Loaded, together } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { HealthLabel, StateLabel } from '../../ui/state-label.tsx';
import { When } from '../../ui/when.tsx';
import { runName } from '../runs/runs-page.tsx';
import { useWithin, WithinSelect } from '../vms/within.tsx';
import { DayBand } from './day-band.tsx';
import { NextStarts } from './next-starts.tsx';
import { RepositoriesTile } from './repositories-tile.tsx';
import { Ring } from './ring.tsx';
import { LeftBehind, LongestSnapshot } from './snapshot-tiles.tsx';
import { Tile } from './tile.tsx';

const hourMs = 3_600_000;

/** Is all well? What is protected, what ran last, how the arrays and relations are. */
export default function OverviewPage() {
  const within = useWithin();
  // vCenters and arrays are of all: the server refuses them to who is limited to jobs.
  const seesSystems = useSession().session.user.scopes === undefined;
  return (
    <PageFrame
      title="Overview"
      cli={commandLine('vm counts', { within: within.option })}
      json={`/vms/counts?withinHours=${within.ms / hourMs}`}
      actions={<WithinSelect within={within} />}
    >
      <div className="lw-tiles">
        <Protected withinHours={within.ms / hourMs} withinKey={within.key} />
        <LongestSnapshot />
        <LeftBehind />
        <NextStarts />
        <RepositoriesTile />
        <DayBand />
        <LastRuns />
        {seesSystems ? <Systems /> : null}
        <Relations />
      </div>
    </PageFrame>
  );
}

interface ProtectedProps {
  readonly withinHours: number;
  readonly withinKey: string;
}

function Protected({ withinHours, withinKey }: ProtectedProps) {
  const counts = useResource<ProtectionCounts>(`/vms/counts?withinHours=${withinHours}`);
  return (
    <Tile title="Protected VMs">
      <Loaded resource={counts}>
        {({ total, inTime, late, never }) =>
          total === 0 ? (
            <NothingYet
              title="No VM is known"
              action={<PageLink to="/infrastructure">Go to the infrastructure</PageLink>}
            >
              Register a vCenter and its arrays first.
            </NothingYet>
          ) : (
            <Ring
              parts={(
                [
                  ['in time', inTime, 'in-time'],
                  ['late', late, 'late'],
                  ['never', never, 'never'],
                ] as const
              ).map(([key, count, state]) => ({
                key,
                count,
                to: `/vms?within=${withinKey}&state=${state}`,
              }))}
            />
          )
        }
      </Loaded>
    </Tile>
  );
}

function LastRuns() {
  const all = together(
    useResource<readonly RunSummary[]>('/runs?limit=8'),
    useResource<readonly Job[]>('/jobs'),
  );
  return (
    <Tile title="Last runs" wide>
      <Loaded resource={all}>
        {([runs, jobs]) =>
          runs.length === 0 ? (
            <NothingYet title="Nothing has run yet" action={<a href="/jobs/new">Make a job</a>}>
              A job says which VMs are backed up, by which data path, and what is kept.
            </NothingYet>
          ) : (
            <ul className="lw-plain lw-lines">
              {runs.map((run) => (
                <li key={run.id}>
                  <StateLabel state={run.state} />
                  <a href={pathTo('/runs/:id', { id: run.id })}>{runName(run, jobs)}</a>
                  <When at={run.startedAt} />
                  <span className="lw-faint-text">
                    {run.endedAt ? duration(Date.parse(run.endedAt) - Date.parse(run.startedAt)) : 'going on'}
                  </span>
                  {run.problem ? <CodeLink code={run.problem.code} title={run.problem.what} /> : null}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Tile>
  );
}

function Systems() {
  const all = together(
    useResource<readonly SystemSummary[]>('/vcenters'),
    useResource<readonly SystemSummary[]>('/arrays'),
    useResource<readonly ProxyView[]>('/proxies'),
    useResource<readonly Repository[]>('/repositories'),
  );
  return (
    <Tile title="Systems" wide>
      <Loaded resource={all}>
        {([vcenters, arrays, proxies, repositories]) => (
          <ul className="lw-plain lw-lines">
            {[...vcenters, ...arrays].map(({ id, kind, name, problem }) => (
              <li key={id}>
                <HealthLabel good={!problem} text={problem ? problem.code : 'read'} />
                <PageLink to={kind === 'array' ? pathTo('/storage/:id', { id }) : '/infrastructure'}>
                  {name}
                </PageLink>
                <span className="lw-faint-text">{kind === 'array' ? 'array' : 'vCenter'}</span>
              </li>
            ))}
            {proxies.map(({ id, name, online }) => (
              <li key={id}>
                <HealthLabel good={online} text={online ? 'online' : 'offline'} />
                <PageLink to="/infrastructure">{name}</PageLink>
                <span className="lw-faint-text">proxy</span>
              </li>
            ))}
            <li>
              <PageLink to="/repositories">
                {repositories.length === 0
                  ? 'No repository yet: make one'
                  : repositories.map(({ name }) => name).join(', ')}
              </PageLink>
              <span className="lw-faint-text">
                {repositories.length === 1 ? 'repository' : 'repositories'}
              </span>
            </li>
          </ul>
        )}
      </Loaded>
    </Tile>
  );
}

function Relations() {
  const relations = useResource<readonly SeenRelation[]>('/topology/relations');
  return (
    <Tile title="Relations" wide>
      <Loaded resource={relations}>
        {(known) =>
          known.length === 0 ? (
            <p>
              No relation of a volume with VMs is known. <a href="/topology">The topology</a> says of each VM
              why.
            </p>
          ) : (
            <ul className="lw-plain lw-lines">
              {known.slice(0, 12).map(({ source, destination, relation, vms }) => (
                <li key={`${nameOf(source)} ${nameOf(destination)} ${relation.kind}`}>
                  <HealthLabel good={relation.healthy} text={relation.healthy ? 'healthy' : relation.state} />
                  <span className="lw-anywhere">
                    {nameOf(source)} {relation.kind === 'sync' ? '⇄' : '→'} {nameOf(destination)}
                  </span>
                  <span className="lw-faint-text">
                    {relation.kind === 'sync' ? 'sync' : relation.policyName},{' '}
                    {relation.lagMs === undefined ? 'no lag told' : `lag ${duration(relation.lagMs)}`}, {vms}{' '}
                    VMs
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Tile>
  );
}

function nameOf({ array, volume }: TopologyPlace): string {
  return `${array}/${volume}`;
}
