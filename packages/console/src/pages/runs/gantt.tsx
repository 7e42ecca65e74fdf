import { duration } from '../../format/duration.ts';
import { localTime } from '../../format/when.ts';
import { type Gantt, type GanttBar, type GanttLane, kindNames, kindOf } from './gantt-layout.ts';

const width = 900;
const labelPx = 170;
const rowPx = 18;
const gapPx = 10;
const headPx = 24;

/** One lane for the run and one for each VM, one colour for each kind of step; times and failures as text on each bar. */
export function GanttPicture({ gantt }: { readonly gantt: Gantt }) {
  const { lanes, fromMs, toMs } = gantt;
  const tops: number[] = [];
  let height = headPx;
  for (const { rows } of lanes) {
    tops.push(height);
    height += rows * rowPx + gapPx;
  }
  const x = (part: number) => labelPx + part * (width - labelPx - 8);
  return (
    <figure className="lw-picture" aria-label="Steps over time">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a picture that is scrolled by keyboard */}
      <section tabIndex={0} aria-label="Steps over time, picture" className="lw-scroll">
        <svg style={{ inlineSize: '100%', minInlineSize: 640 }} viewBox={`0 0 ${width} ${height}`} role="img">
          <title>{`One lane for each VM, from ${localTime(new Date(fromMs).toISOString())}, ${duration(toMs - fromMs)} long`}</title>
          {[0, 0.25, 0.5, 0.75, 1].map((part) => (
            <g key={part}>
              <line x1={x(part)} x2={x(part)} y1={headPx - 6} y2={height} className="lw-grid" />
              <text
                x={x(part)}
                y={12}
                textAnchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}
                className="lw-faint"
              >
                {duration((toMs - fromMs) * part)}
              </text>
            </g>
          ))}
          {lanes.map((lane, at) => (
            <g key={lane.key} transform={`translate(0 ${tops[at]})`}>
              <text x={0} y={13}>
                <title>{lane.name}</title>
                {cut(lane.name)}
              </text>
              {lane.life ? <Life life={lane.life} y={lane.rows * rowPx - 1} x={x} /> : null}
              {lane.bars.map((bar) => (
                <Bar key={`${bar.step} ${bar.startedAt}`} bar={bar} x={x} />
              ))}
            </g>
          ))}
        </svg>
      </section>
      <ul className="lw-legend">
        <li>
          <span className="lw-swatch lw-swatch-life" />
          VMware snapshot exists
        </li>
        {Object.entries(kindNames).map(([kind, name]) => (
          <li key={kind}>
            <span className={`lw-swatch lw-swatch-${kind}`} />
            {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}

interface LifeProps {
  readonly life: NonNullable<GanttLane['life']>;
  readonly y: number;
  readonly x: (part: number) => number;
}

/** How long the VMware snapshot existed. */
function Life({ life: { from, to, durationMs }, y, x }: LifeProps) {
  return (
    <rect x={x(from)} y={y} width={Math.max(2, x(to) - x(from))} height={4} className="lw-life">
      <title>{`VMware snapshot existed ${duration(durationMs)}`}</title>
    </rect>
  );
}

function Bar({ bar, x }: { readonly bar: GanttBar; readonly x: (part: number) => number }) {
  const { step, from, to, durationMs, failed, isGoing, row } = bar;
  const barPx = Math.max(2, x(to) - x(from));
  const text = `${step} ${duration(durationMs)}${failed ? `, failed: ${failed}` : ''}${isGoing ? ', going on' : ''}`;
  return (
    <g transform={`translate(${x(from)} ${row * rowPx})`}>
      <rect
        width={barPx}
        height={rowPx - 3}
        className={`lw-bar lw-bar-${kindOf(step)}${failed ? ' lw-bar-failed' : ''}${isGoing ? ' lw-bar-going' : ''}`}
      >
        <title>{text}</title>
      </rect>
      {barPx > step.length * 7 ? (
        <text x={4} y={11} className="lw-bar-text">
          {step}
        </text>
      ) : null}
    </g>
  );
}

function cut(name: string): string {
  return name.length > 22 ? `${name.slice(0, 21)}…` : name;
}
