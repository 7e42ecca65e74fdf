import type { ErrorReport } from '@leeward/core';
import type { TopologyPath, TopologyPlace, TopologyRelation } from '@leeward/core/words/topology';

/** Columns of the picture, from left to right. */
export const columnTitles = [
  'VM',
  'Datastore',
  'Primary volume',
  'Secondary volume',
  'Proxy',
  'Repository',
] as const;

export type ColumnTitle = (typeof columnTitles)[number];

export interface TopologyNode {
  readonly key: string;
  readonly column: ColumnTitle;
  readonly title: string;
  readonly subtitle?: string;
  readonly to?: string;
  readonly x: number;
  readonly y: number;
}

export interface TopologyEdge {
  readonly key: string;
  readonly from: TopologyNode;
  readonly to: TopologyNode;
  readonly relation?: TopologyRelation;
  /** Why it cannot be used. */
  readonly problem?: ErrorReport;
}

export interface TopologyPicture {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly width: number;
  readonly height: number;
}

export const nodePx = { width: 128, height: 44 } as const;
export const columnPx = 178;
const rowPx = 58;
const headPx = 34;

/** Where more is told of a volume; undefined: nowhere, for who asks. */
type PageOfVolume = (place: TopologyPlace) => string | undefined;

interface Draft {
  readonly nodes: Map<string, Omit<TopologyNode, 'x' | 'y'>>;
  readonly edges: Map<
    string,
    { from: string; to: string; relation?: TopologyRelation; problem?: ErrorReport }
  >;
}

/**
 * A stable picture of the paths: a node for each thing, columns by kind, rows in the order of the paths. Repositories
 * are those of the jobs of the VMs.
 */
export function topologyPicture(
  paths: readonly TopologyPath[],
  repositoriesOf: (path: TopologyPath) => readonly string[],
  pageOf: PageOfVolume = () => undefined,
): TopologyPicture {
  const draft: Draft = { nodes: new Map(), edges: new Map() };
  for (const path of paths) addPath(draft, path, repositoriesOf(path), pageOf);
  return placed(draft);
}

function addPath(
  draft: Draft,
  path: TopologyPath,
  repositories: readonly string[],
  pageOf: PageOfVolume,
): void {
  const { vm, vmPath, datastore, primary, via = [], secondary, relation, proxies, problem } = path;
  const vmNode = node(draft, 'VM', vmPath, { title: vm, to: `/vms?vm-find=${encodeURIComponent(vm)}` });
  const store = node(draft, 'Datastore', datastore, {
    title: datastore,
    to: `/topology?find=${encodeURIComponent(datastore)}`,
  });
  edge(draft, vmNode, store);
  if (!primary) return;
  let last = volume(draft, 'Primary volume', primary, pageOf);
  edge(draft, store, last);
  if (!secondary) {
    if (problem) {
      const none = node(draft, 'Secondary volume', `none ${problem.code}`, {
        title: 'not from a secondary',
        subtitle: problem.code,
      });
      edge(draft, last, none, { problem });
    }
    return;
  }
  for (const [at, place] of [...via, secondary].entries()) {
    const next = volume(draft, 'Secondary volume', place, pageOf);
    const isLast = at === via.length;
    edge(draft, last, next, { ...(isLast && relation ? { relation } : {}), ...(problem ? { problem } : {}) });
    last = next;
  }
  for (const name of proxies) {
    const proxy = node(draft, 'Proxy', name, { title: name, to: '/infrastructure' });
    edge(draft, last, proxy, problem ? { problem } : {});
    for (const repository of repositories)
      edge(draft, proxy, node(draft, 'Repository', repository, { title: repository, to: '/repositories' }));
  }
}

function volume(draft: Draft, column: ColumnTitle, place: TopologyPlace, pageOf: PageOfVolume): string {
  const { array, tenant, volume: name } = place;
  const to = pageOf(place);
  const key = [array, tenant, name].join('/');
  return node(draft, column, key, { title: name, subtitle: array, ...(to === undefined ? {} : { to }) });
}

function node(
  { nodes }: Draft,
  column: ColumnTitle,
  name: string,
  rest: Pick<TopologyNode, 'title'> & Partial<Pick<TopologyNode, 'subtitle' | 'to'>>,
): string {
  const key = `${column} ${name}`;
  if (!nodes.has(key)) nodes.set(key, { key, column, ...rest });
  return key;
}

function edge(
  { edges }: Draft,
  from: string,
  to: string,
  rest: { relation?: TopologyRelation; problem?: ErrorReport } = {},
): void {
  const key = `${from} > ${to}`;
  const known = edges.get(key);
  // One path that can be used makes the way usable.
  if (known && !(known.problem && !rest.problem)) return;
  edges.set(key, { from, to, ...rest });
}

function placed({ nodes, edges }: Draft): TopologyPicture {
  const rows = new Map<ColumnTitle, number>();
  const all = new Map<string, TopologyNode>();
  for (const each of nodes.values()) {
    const row = rows.get(each.column) ?? 0;
    rows.set(each.column, row + 1);
    const x = columnTitles.indexOf(each.column) * columnPx;
    all.set(each.key, { ...each, x, y: headPx + row * rowPx });
  }
  const height = headPx + Math.max(1, ...rows.values()) * rowPx;
  return {
    nodes: [...all.values()],
    edges: [...edges].flatMap(([key, { from, to, ...rest }]) => {
      const ends = { from: all.get(from), to: all.get(to) };
      return ends.from && ends.to ? [{ key, from: ends.from, to: ends.to, ...rest }] : [];
    }),
    width: (columnTitles.length - 1) * columnPx + nodePx.width,
    height,
  };
}
