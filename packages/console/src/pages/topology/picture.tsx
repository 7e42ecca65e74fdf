import { leadsTo } from '../../app/navigation.ts';
import { useSession } from '../../app/session-context.tsx';
import { duration } from '../../format/duration.ts';
import { errorPath } from '../../format/error-path.ts';
import {
  type ColumnTitle,
  columnPx,
  columnTitles,
  nodePx,
  type TopologyEdge,
  type TopologyNode,
  type TopologyPicture,
} from './layout.ts';

/** VM → datastore → primary volume → relation → secondary volume → proxy → repository. */
export function TopologyDrawing({ picture }: { readonly picture: TopologyPicture }) {
  const { nodes, edges, width, height } = picture;
  return (
    <figure className="lw-picture">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a picture that is scrolled by keyboard */}
      <section tabIndex={0} aria-label="Topology, picture" className="lw-scroll">
        <svg
          style={{ inlineSize: '100%', maxInlineSize: width * 1.25, minInlineSize: width * 0.85 }}
          viewBox={`-1 0 ${width + 2} ${height}`}
          aria-label="Topology"
        >
          {columnTitles.map((title) => (
            <text key={title} x={columnX(title)} y={16} className="lw-faint">
              {title}
            </text>
          ))}
          {edges.map((edge) => (
            <Edge key={edge.key} edge={edge} />
          ))}
          {nodes.map((node) => (
            <Node key={node.key} node={node} />
          ))}
        </svg>
      </section>
      <ul className="lw-legend">
        <li>
          <Sample className="lw-edge" /> can be used
        </li>
        <li>
          <Sample className="lw-edge lw-edge-sync" /> sync relation
        </li>
        <li>
          <Sample className="lw-edge lw-edge-not" /> cannot be used: the code says why
        </li>
      </ul>
    </figure>
  );
}

const columnX = (title: ColumnTitle) => columnPx * columnTitles.indexOf(title);

function Sample({ className }: { readonly className: string }) {
  return (
    <svg width="34" height="12" aria-hidden="true">
      <path d="M0 6h34" className={className} />
    </svg>
  );
}

function Edge({ edge: { from, to, relation, problem } }: { readonly edge: TopologyEdge }) {
  const isWithin = from.column === to.column;
  const start = { x: from.x + nodePx.width, y: from.y + nodePx.height / 2 };
  const end = { x: isWithin ? to.x + nodePx.width : to.x, y: to.y + nodePx.height / 2 };
  const bend = isWithin ? start.x + 40 : (start.x + end.x) / 2;
  const line = `M${start.x} ${start.y}C${bend} ${start.y} ${bend} ${end.y} ${end.x} ${end.y}`;
  const isSync = relation?.kind === 'sync';
  const label = problem?.code ?? (relation ? textOf(relation) : '');
  const title = problem
    ? `${problem.code} ${problem.what} ${problem.next}`
    : relation
      ? `${relation.kind}, policy ${relation.policyName}, ${relation.state}${relation.healthy ? ', healthy' : ', not healthy'}`
      : '';
  return (
    <g>
      <path d={line} className={`lw-edge${isSync ? ' lw-edge-sync' : ''}${problem ? ' lw-edge-not' : ''}`}>
        {title ? <title>{title}</title> : null}
      </path>
      {label ? (
        <text x={end.x - 25} y={end.y - 5} textAnchor="middle" className="lw-edge-text">
          <title>{title}</title>
          {problem ? <a href={errorPath(problem.code)}>{label}</a> : label}
        </text>
      ) : null}
    </g>
  );
}

function textOf({ kind, lagMs }: { readonly kind: string; readonly lagMs?: number }): string {
  return lagMs === undefined ? kind : `lag ${duration(lagMs)}`;
}

function Node({ node: { title, subtitle, x, y, to } }: { readonly node: TopologyNode }) {
  const { user } = useSession().session;
  const texts = (
    // Clips what is longer than the box; links are named by all of it.
    <svg width={nodePx.width - 8} height={nodePx.height} role="presentation">
      <text x="10" y={subtitle ? 19 : 27}>
        {title}
      </text>{' '}
      {subtitle ? (
        <text x="10" y="36" className="lw-faint">
          {subtitle}
        </text>
      ) : null}
    </svg>
  );
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect width={nodePx.width} height={nodePx.height} rx="6" className="lw-node">
        <title>{title}</title>
      </rect>
      {to && leadsTo(to, user) ? (
        <a href={to} aria-label={subtitle ? `${title} ${subtitle}` : title}>
          {texts}
        </a>
      ) : (
        texts
      )}
    </g>
  );
}
