import { bottleneckFirst, bottleneckText, namedShares, readsOfRun } from '@leeward/core/words/measured-reads';
import type { RunView } from '../../api/runs.ts';

/** What holds the run up: the stage that takes most of the time, and how the time is shared between all of them. */
export function Bottleneck({ vms, progress }: Pick<RunView, 'vms' | 'progress'>) {
  const reads = readsOfRun(vms, progress);
  const [most] = bottleneckFirst(reads);
  if (!most) return null;
  const shares = namedShares(reads);
  return (
    <div className="lw-figure">
      <dt>Bottleneck</dt>
      <dd>
        {most.text}
        <div className="lw-stages" role="img" aria-label={bottleneckText(reads)}>
          {shares.map(({ stage, share }) => (
            <span key={stage} className={`lw-stage-${stage}`} style={{ flexGrow: share }} />
          ))}
        </div>
        <div className="lw-stage-names">
          {shares.map(({ stage, text }) => (
            <span key={stage} className={`lw-stage-${stage}`}>
              {text}
            </span>
          ))}
        </div>
      </dd>
    </div>
  );
}
