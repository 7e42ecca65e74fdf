import type { TopologyPath } from '@leeward/server';
import { duration } from '../output/format.ts';

/** One block per VM, by inventory path: each datastore with its primary volume, below it every way to read it. */
export function topologyText(paths: readonly TopologyPath[]): string {
  const byVm = Map.groupBy(paths, ({ vmPath }) => vmPath);
  return [...byVm]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([vmPath, own]) => [vmPath, ...datastoreLines(own)].join('\n'))
    .join('\n\n');
}

function datastoreLines(paths: readonly TopologyPath[]): string[] {
  return [...Map.groupBy(paths, ({ datastore }) => datastore)].flatMap(([datastore, own]) => [
    `  [${datastore}] on ${place(own[0]?.primary)}`,
    ...own.flatMap(pathLines),
  ]);
}

function pathLines({ primary, relation, via = [], secondary, proxies, problem }: TopologyPath): string[] {
  const lines: string[] = [];
  if (relation && secondary) {
    const { kind, policy, policyName, healthy, lagMs, sync } = relation;
    const rule = sync ? policyName : `${policy} (${policyName})`;
    const state = sync?.state ?? relation.state;
    const lag = lagMs === undefined ? '' : `, ${duration(lagMs)} behind`;
    const health = healthy ? '' : ', NOT HEALTHY';
    lines.push(`    ─ ${hopsText(via)}${kind}, ${rule}, ${state}${lag}${health} → ${place(secondary)}`);
    if (sync) lines.push(`        the secondary is ${sync.secondarySide}, by ${sync.decidedBy}`);
    lines.push(`        read by proxy ${proxies.join(', ') || '(none online)'}`);
  } else if (primary) lines.push('    no relation to a secondary');
  if (problem)
    lines.push(`        cannot be used: ${problem.code} ${problem.what}`, `        next: ${problem.next}`);
  return lines;
}

/** How deep a relation is in a cascade, and by way of which volumes. */
function hopsText(via: readonly NonNullable<TopologyPath['secondary']>[]): string {
  return via.length === 0 ? '' : `hop ${via.length + 1}, by way of ${via.map(place).join(' and ')}: `;
}

function place(end: TopologyPath['primary']): string {
  return end ? `${end.array}:${end.tenant}/${end.volume}` : 'storage that no registered array has';
}
