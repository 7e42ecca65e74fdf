import type { Run, RunState } from '../../api/runs.ts';
import { localTime } from '../../format/when.ts';
import { pathTo } from '../../router/match.ts';

const signs: Readonly<Record<RunState, string>> = {
  queued: '…',
  running: '▸',
  success: '✓',
  partly: '!',
  failed: '✗',
  cancelled: '–',
};

/** The last runs of a job, the newest first: a sign and a colour for each, each a link. */
export function RunDots({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <span className="lw-dots">
      {runs.slice(0, 5).map(({ id, state, startedAt }) => (
        <a
          key={id}
          href={pathTo('/runs/:id', { id })}
          className={`lw-dot lw-dot-${state}`}
          aria-label={`Run of ${localTime(startedAt)}: ${state}`}
          title={`${localTime(startedAt)}: ${state}`}
        >
          {signs[state]}
        </a>
      ))}
    </span>
  );
}
