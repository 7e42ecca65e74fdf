import type { RunSummary } from '../../api/runs.ts';
import { useResource } from '../../api/use-resource.tsx';
import { localTime } from '../../format/when.ts';
import { useNow } from '../../time/use-now.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { StateLabel } from '../../ui/state-label.tsx';
import { bandMarks, countsOf } from './band.ts';
import { Tile } from './tile.tsx';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The list is asked for anew when the band has moved so far. */
const stepMs = hourMs / 6;
const ticks = [0, 6, 12, 18, 24];

/** All runs of the last 24 hours over time. */
export function DayBand() {
  const nowMs = useNow(true, 60_000);
  const since = new Date(Math.floor((nowMs - dayMs) / stepMs) * stepMs).toISOString();
  const runs = useResource<readonly RunSummary[]>(`/runs?since=${encodeURIComponent(since)}&limit=500`);
  return (
    <Tile title="Last 24 hours" wide>
      <Loaded resource={runs}>{(known) => <Band runs={known} toMs={nowMs} />}</Loaded>
    </Tile>
  );
}

function Band({ runs, toMs }: { readonly runs: readonly RunSummary[]; readonly toMs: number }) {
  const fromMs = toMs - dayMs;
  const marks = bandMarks(runs, fromMs, toMs);
  const lanes = Math.max(1, ...marks.map(({ lane }) => lane + 1));
  const counts = countsOf(runs);
  const text = counts.map(([state, count]) => `${count} ${state}`).join(', ');
  return (
    <>
      <div
        className="lw-band"
        style={{ blockSize: `${lanes * 1}rem` }}
        role="img"
        aria-label={`Runs of the last 24 hours: ${text || 'none'}`}
      >
        {marks.map(({ id, state, from, width, lane }) => (
          <span
            key={id}
            className={`lw-run-mark lw-run-mark-${state}`}
            title={`${id}: ${state}`}
            style={{ insetInlineStart: `${from}%`, inlineSize: `${width}%`, insetBlockStart: `${lane}rem` }}
          />
        ))}
      </div>
      <div className="lw-ticks" aria-hidden="true">
        {ticks.map((hours) => (
          <span key={hours}>{localTime(new Date(fromMs + hours * hourMs).toISOString()).slice(11, 16)}</span>
        ))}
      </div>
      <p className="lw-lines">
        {counts.length === 0 ? 'No run was started.' : null}
        {counts.map(([state, count]) => (
          <a key={state} href={`/runs?run-find=${state}`} className="lw-list-item">
            {count} <StateLabel state={state} />
          </a>
        ))}
      </p>
    </>
  );
}
