import type { TopologyPath, TopologyRelation } from '../../api/systems.ts';

export interface SeenRelation {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly relation: TopologyRelation;
  readonly vms: number;
}

/** Each relation of the topology once, with the number of VMs on it; what is ill first, then by lag. */
export function relationsOf(paths: readonly TopologyPath[]): readonly SeenRelation[] {
  const seen = new Map<string, { relation: SeenRelation; vms: Set<string> }>();
  for (const { primary, via, secondary, relation, vmPath } of paths) {
    if (!primary || !relation || !secondary) continue;
    const start = via?.at(-1) ?? primary;
    const from = `${start.array}/${start.volume}`;
    const to = `${secondary.array}/${secondary.volume}`;
    const key = `${from} ${to} ${relation.kind}`;
    const known = seen.get(key) ?? { relation: { key, from, to, relation, vms: 0 }, vms: new Set<string>() };
    known.vms.add(vmPath);
    seen.set(key, known);
  }
  return [...seen.values()]
    .map(({ relation, vms }) => ({ ...relation, vms: vms.size }))
    .toSorted(
      (a, b) =>
        Number(a.relation.healthy) - Number(b.relation.healthy) ||
        (b.relation.lagMs ?? 0) - (a.relation.lagMs ?? 0),
    );
}
