import { useEffect, useState } from 'react';
import { useSession } from '../../app/session-context.tsx';
import { bytes } from '../../format/bytes.ts';
import { localTime } from '../../format/when.ts';
import { browserClock } from '../../time/browser-clock.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { fullBy } from './full-by.ts';
import { Tile } from './tile.tsx';

/** The part of the daily report that is shown. */
interface DayOfRepositories {
  /** What all runs of the day stored. */
  readonly bytes: { readonly stored: number };
  readonly repositories: readonly {
    readonly name: string;
    readonly capacityBytes?: number;
    readonly freeBytes?: number;
    readonly problem?: string;
  }[];
}

/** How much room the repositories have, and until when, by what the last day stored. Read once, when it is gone to. */
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
      {day && day.repositories.length === 0 ? <a href="/repositories">Make the first one</a> : null}
      <ul className="lw-plain">
        {day?.repositories.map(({ name, capacityBytes, freeBytes, problem }) => (
          <li key={name} className="lw-gap-small">
            <a href="/repositories">{name}</a>
            <div className="lw-faint-text lw-anywhere">
              {problem ?? roomText(freeBytes, capacityBytes)}
              {day.repositories.length === 1 && freeBytes !== undefined
                ? `; ${fullText(freeBytes, day.bytes.stored)}`
                : ''}
            </div>
          </li>
        ))}
      </ul>
    </Tile>
  );
}

function roomText(freeBytes: number | undefined, capacityBytes: number | undefined): string {
  if (freeBytes === undefined || capacityBytes === undefined) return 'its room is not known';
  return `${bytes(freeBytes)} of ${bytes(capacityBytes)} free`;
}

function fullText(freeBytes: number, storedPerDay: number): string {
  const at = fullBy(freeBytes, storedPerDay, browserClock.now());
  return at === undefined
    ? 'not full soon'
    : `full by ${localTime(at).slice(0, 10)} at the rate of the last day`;
}
