export interface RingPart {
  readonly key: 'in time' | 'late' | 'never';
  readonly count: number;
  readonly to: string;
}

const radius = 60;
const around = 2 * Math.PI * radius;

/** Shares of a whole as a ring, with the same as a list of links beside it. */
export function Ring({ parts }: { readonly parts: readonly RingPart[] }) {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const arcs = parts.map(({ key, count }, at) => {
    const before = parts.slice(0, at).reduce((sum, part) => sum + part.count, 0);
    return { key, length: (count / (total || 1)) * around, from: (before / (total || 1)) * around };
  });
  const [first] = parts;
  const percent = total === 0 || !first ? 0 : Math.floor((first.count / total) * 100);
  return (
    <div className="lw-ring">
      <svg
        viewBox="0 0 160 160"
        width="150"
        height="150"
        role="img"
        aria-label={`${percent} % in time`}
        className="lw-ring-picture"
      >
        <circle cx="80" cy="80" r={radius} className="lw-arc lw-arc-empty" />
        {arcs.map(({ key, length, from }) => (
          <circle
            key={key}
            cx="80"
            cy="80"
            r={radius}
            className={`lw-arc lw-arc-${key.replace(' ', '-')}`}
            strokeDasharray={`${length} ${around - length}`}
            strokeDashoffset={-from}
            transform="rotate(-90 80 80)"
          />
        ))}
        <text x="80" y="88" textAnchor="middle" className="lw-ring-text">
          {percent} %
        </text>
      </svg>
      <ul className="lw-plain">
        {parts.map(({ key, count, to }) => (
          <li key={key}>
            <span className={`lw-swatch lw-swatch-${key.replace(' ', '-')}`} />{' '}
            <a href={to}>
              {count.toLocaleString('en')} {key}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
