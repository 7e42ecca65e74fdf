import { type Gantt, kindOf } from './gantt-layout.ts';

type Kind = ReturnType<typeof kindOf>;

/** What the run spends most of its time on, over all VMs at once: the place to look at to make it faster. */
export interface Busiest {
  readonly kind: Kind;
  /** 0 to 1 of the time of the run in which something of that kind was under way. */
  readonly share: number;
}

/** Undefined where no step was begun. */
export function busiest({ lanes }: Pick<Gantt, 'lanes'>): Busiest | undefined {
  const spans = new Map<Kind, { readonly from: number; readonly to: number }[]>();
  for (const { step, from, to } of lanes.flatMap(({ bars }) => bars)) {
    const kind = kindOf(step);
    spans.set(kind, [...(spans.get(kind) ?? []), { from, to }]);
  }
  const shares = [...spans].map(([kind, all]) => ({ kind, share: covered(all) }));
  return shares.toSorted((a, b) => b.share - a.share)[0];
}

/** How much of the whole is within at least one of the spans. */
function covered(spans: readonly { readonly from: number; readonly to: number }[]): number {
  let sum = 0;
  let end = 0;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}
