import { stagesOfRun } from '@leeward/core/words/run-stages';
import { bottleneckText, stageName, stageShares } from '@leeward/core/words/stage-times';
import type { RunView } from '../../api/runs.ts';

/** What holds the run up: the stage that takes most of the time, and how the time is shared between all of them. */
export function Bottleneck({ vms, progress }: Pick<RunView, 'vms' | 'progress'>) {
  const { times, sources } = stagesOfRun(vms, progress);
  const shares = stageShares(times);
  const [most] = shares.toSorted((a, b) => b.share - a.share);
  if (!most) return null;
  const text = ({ stage, share }: typeof most) => `${stageName(stage, sources)} ${Math.round(share * 100)} %`;
  return (
    <div className="lw-figure">
      <dt>Bottleneck</dt>
      <dd>
        {text(most)}
        <div className="lw-stages" role="img" aria-label={bottleneckText(times, sources)}>
          {shares.map(({ stage, share }) => (
            <span key={stage} className={`lw-stage-${stage}`} style={{ flexGrow: share }} />
          ))}
        </div>
        <div className="lw-stage-names">
          {shares.map((each) => (
            <span key={each.stage} className={`lw-stage-${each.stage}`}>
              {text(each)}
            </span>
          ))}
        </div>
      </dd>
    </div>
  );
}
