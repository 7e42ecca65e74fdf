import type { TopologyPath } from '@leeward/core/words/topology';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import { useMemo, useState } from 'react';
import type { ChainLink } from '../../api/work.ts';
import { localTime } from '../../format/when.ts';
import { useNow } from '../../time/use-now.ts';
import { When } from '../../ui/when.tsx';
import { kindText, lockText, markLabel } from './mark-label.ts';
import { chainTimeline, type Timeline, type TimelineMark } from './timeline-layout.ts';

interface ChainTimelineProps {
  readonly links: readonly ChainLink[];
  readonly ways: readonly TopologyPath[];
}

/** The storage snapshots of a chain over time, a lane for each volume; the table beside it says the same. */
export function ChainTimeline({ links, ways }: ChainTimelineProps) {
  const nowMs = useNow(true, 60_000);
  const timeline = useMemo(() => chainTimeline(links, ways, nowMs), [links, ways, nowMs]);
  const [key, setKey] = useState<string>();
  const marks = timeline.lanes.flatMap((lane) => lane.marks);
  const chosen = marks.find((mark) => mark.key === key);
  return (
    <figure className="lw-timeline">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide picture that is scrolled by keyboard */}
      <section className="lw-picture" tabIndex={0} aria-label="Chain over time">
        <div className="lw-timeline-box" style={{ inlineSize: timeline.width, blockSize: timeline.height }}>
          <Lines timeline={timeline} chosen={chosen?.link.name} />
          {marks.map((mark) => (
            <Mark key={mark.key} mark={mark} isChosen={mark.key === key} choose={() => setKey(mark.key)} />
          ))}
        </div>
      </section>
      <figcaption>
        <Legend />
        <div role="status" className="lw-timeline-facts">
          {chosen ? <Facts link={chosen.link} /> : 'Point at a mark: why it is kept and when it goes.'}
        </div>
        {timeline.leftOut > 0 ? <p>{timeline.leftOut} older ones are in the table alone.</p> : null}
      </figcaption>
    </figure>
  );
}

/** Lanes, pairs and times; what can be pointed at lies above. */
function Lines({ timeline, chosen }: { readonly timeline: Timeline; readonly chosen: string | undefined }) {
  const { lanes, pairs, ticks, nowX, width, height } = timeline;
  return (
    <svg width={width} height={height} aria-hidden="true">
      {ticks.map(({ x, at }) => (
        <g key={at}>
          <line x1={x} x2={x} y1={16} y2={height} className="lw-grid" />
          <text x={x} y={11} textAnchor="middle" className="lw-edge-text lw-faint">
            {localTime(at).slice(0, 16)}
          </text>
        </g>
      ))}
      <line x1={nowX} x2={nowX} y1={16} y2={height} className="lw-now" />
      <text x={nowX} y={11} textAnchor="middle" className="lw-edge-text lw-faint">
        now
      </text>
      {lanes.map(({ key, label, place, y }) => (
        <g key={key}>
          <line x1={0} x2={width} y1={y + 26} y2={y + 26} className={`lw-lane lw-lane-${place}`} />
          <text x={0} y={y + 4} className="lw-edge-text">
            {place}: {label}
          </text>
        </g>
      ))}
      {pairs.map(({ key, from, to }) => (
        <line
          key={key}
          x1={from.x}
          y1={from.y + 26}
          x2={to.x}
          y2={to.y + 26}
          className={`lw-pair${from.link.name === chosen ? ' lw-pair-chosen' : ''}`}
        />
      ))}
    </svg>
  );
}

interface MarkProps {
  readonly mark: TimelineMark;
  readonly isChosen: boolean;
  readonly choose: () => void;
}

function Mark({ mark: { x, y, link }, isChosen, choose }: MarkProps) {
  return (
    <>
      <button
        type="button"
        className={`lw-mark lw-mark-${lookOf(link)}`}
        style={{ insetInlineStart: x - 12, insetBlockStart: y + 14 }}
        aria-label={markLabel(link)}
        aria-pressed={isChosen}
        onClick={choose}
        onFocus={choose}
        onMouseEnter={choose}
      >
        <span />
      </button>
      {link.lockedUntil === undefined ? null : (
        <span
          className="lw-mark-lock"
          aria-hidden="true"
          style={{ insetInlineStart: x - 28, insetBlockStart: y + 38 }}
        >
          <LockIcon /> {link.lockedUntil === 'forever' ? '∞' : localTime(link.lockedUntil).slice(5, 10)}
        </span>
      )}
    </>
  );
}

type Look = 'long-term' | 'auxiliary' | 'temporary' | 'foreign' | 'gone';

function lookOf({ state, owner, role }: ChainLink): Look {
  if (state === 'gone') return 'gone';
  if (owner === 'foreign' || owner === 'other-installation') return 'foreign';
  return role ?? 'long-term';
}

function Facts({ link }: { readonly link: ChainLink }) {
  const { name, arrayName, volumeName, createdAt, lockedUntil, why, goes, heldBy } = link;
  return (
    <>
      <strong>
        {arrayName}/{volumeName}
      </strong>{' '}
      <code className="lw-anywhere">{name}</code>
      <br />
      {kindText(link)}, of <When at={createdAt} />
      {lockedUntil === undefined ? '' : `, locked ${lockText(lockedUntil)}`}
      {heldBy.length > 0 ? `, held by ${heldBy.join(', ')}` : ''}
      <br />
      {why} {goes}
    </>
  );
}

const looks: readonly (readonly [Look, string])[] = [
  ['long-term', 'long-term'],
  ['auxiliary', 'auxiliary: base of the next transfer'],
  ['temporary', 'temporary: goes after its run'],
  ['foreign', 'not of this installation'],
  ['gone', 'deleted by somebody'],
];

function Legend() {
  return (
    <ul className="lw-legend">
      {looks.map(([look, text]) => (
        <li key={look}>
          <span className={`lw-mark-sample lw-mark-${look}`}>
            <span />
          </span>
          {text}
        </li>
      ))}
      <li>
        <LockIcon /> locked until that day
      </li>
    </ul>
  );
}
