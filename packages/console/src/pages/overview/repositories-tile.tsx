import { useEffect, useState } from 'react';
import { useSession } from '../../app/session-context.tsx';
import { bytes } from '../../format/bytes.ts';
import { localTime } from '../../format/when.ts';
import { PageLink } from '../../ui/page-link.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Tile } from './tile.tsx';

/** How a repository grows; missing where its jobs have run for less than two days. */
interface Growth {
  readonly storedPerDay?: number;
  readonly measuredDays?: number;
  readonly fullBy?: string;
}

interface RepositoryRoom extends Growth {
  readonly name: string;
  readonly capacityBytes?: number;
  readonly freeBytes?: number;
  readonly problem?: string;
}

/** The part of the daily report that is shown. */
interface DayOfRepositories {
  readonly repositories: readonly RepositoryRoom[];
}

/** How much room the repositories have, and until when, by what was stored lately. Read once, when it is gone to. */
export function RepositoriesTile() {
  const { api } = useSession();
  const [day, setDay] = useState<DayOfRepositories>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const abort = new AbortController();
    api.get<DayOfRepositories>('/reports/daily', abort.signal).then(setDay, (problem: unknown) => {
      if (!abort.signal.aborted) setError(problem);
    });
    return () => abort.abort();
  }, [api]);
  return (
    <Tile title="Repositories">
      {error === undefined ? null : <ProblemAlert problem={error} />}
      {day && day.repositories.length === 0 ? (
        <PageLink to="/repositories">Make the first one</PageLink>
      ) : null}
      <ul className="lw-plain">
        {day?.repositories.map(({ name, capacityBytes, freeBytes, problem, ...growth }) => (
          <li key={name} className="lw-gap-small">
            <PageLink to="/repositories">{name}</PageLink>
            <div className="lw-faint-text lw-anywhere">
              {problem ?? roomText(freeBytes, capacityBytes)}
              {freeBytes === undefined ? '' : `; ${fullText(growth)}`}
            </div>
          </li>
        ))}
      </ul>
    </Tile>
  );
}

function roomText(freeBytes: number | undefined, capacityBytes: number | undefined): string {
  // Who is limited to jobs is told the names alone.
  if (freeBytes === undefined || capacityBytes === undefined) return '';
  return `${bytes(freeBytes)} of ${bytes(capacityBytes)} free`;
}

function fullText({ storedPerDay, measuredDays = 0, fullBy }: Growth): string {
  if (storedPerDay === undefined) return 'full by: not known before two days of runs';
  const rate = `${bytes(Math.round(storedPerDay))} a day in ${Math.floor(measuredDays)} days`;
  return fullBy === undefined
    ? `not full soon, or not known, at ${rate}`
    : `full by ${localTime(fullBy).slice(0, 10)} at ${rate}`;
}
