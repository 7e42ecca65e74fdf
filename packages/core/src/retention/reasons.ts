/** Why a storage snapshot is kept. What has `untilMs` ends then by itself; the rest ends with an event. */
export type Reason =
  | { readonly kind: 'foreign'; readonly owner: 'by-hand' | 'other-installation' | 'foreign' }
  /** Another job of this installation decides. */
  | { readonly kind: 'other-job' }
  | { readonly kind: 'in-use' }
  | { readonly kind: 'on-its-way'; readonly to: readonly string[] }
  | { readonly kind: 'locked'; readonly untilMs: number }
  | { readonly kind: 'held'; readonly by: readonly string[] }
  /** Base of the next transfer between the two places. */
  | { readonly kind: 'base'; readonly from: string; readonly to: string }
  /** The newest auxiliary one, where nothing was transferred yet. */
  | { readonly kind: 'next-base' }
  /** `newer` whole links are newer; it goes when there are `count`. */
  | { readonly kind: 'count'; readonly count: number; readonly newer: number }
  | { readonly kind: 'days'; readonly days: number; readonly untilMs: number }
  /** Last whole link of its chain. */
  | { readonly kind: 'minimum' }
  /** Nobody said what to keep here. */
  | { readonly kind: 'no-rule' }
  /** Another place needs it: the other half of a pair, or a mirror that has what this one has. */
  | { readonly kind: 'needed-at'; readonly place: string; readonly reason: Reason }
  /** The other half of the pair cannot be looked at; pairs go together. */
  | { readonly kind: 'pair-unknown'; readonly place: string }
  /** The other side of a relation may need it, and cannot be looked at. */
  | { readonly kind: 'copy-unknown'; readonly place: string }
  /** The array's own rule removes it. */
  | {
      readonly kind: 'array-rule';
      readonly by: 'label' | 'schedule';
      readonly name: string;
      readonly keep: number;
    }
  /** A mirror: it goes with the first transfer after it went at the place that feeds it. */
  | { readonly kind: 'mirror'; readonly of: string }
  | { readonly kind: 'refused' };

export type ReasonKind = Reason['kind'];

/** When it is over by itself, or `undefined` when an event ends it. */
export function endOf(reason: Reason): number | undefined {
  if (reason.kind === 'needed-at') return endOf(reason.reason);
  if (reason.kind !== 'locked' && reason.kind !== 'days') return undefined;
  return Number.isFinite(reason.untilMs) ? reason.untilMs : undefined;
}

/** When the last of them is over, if all of them end by themselves. */
export function endOfAll(reasons: readonly Reason[]): number | undefined {
  const ends = reasons.map(endOf);
  return ends.every((end) => end !== undefined) ? Math.max(...ends) : undefined;
}

/** It would be deleted, but the array or whoever uses it does not let it go. */
export function isObstacle(reason: Reason): boolean {
  if (reason.kind === 'needed-at') return isObstacle(reason.reason);
  return obstacles.has(reason.kind);
}

const obstacles: ReadonlySet<ReasonKind> = new Set<ReasonKind>([
  'in-use',
  'locked',
  'held',
  'refused',
  'array-rule',
  'mirror',
  'pair-unknown',
  'copy-unknown',
]);
