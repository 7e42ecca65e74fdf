import type { RelationKind } from './relation-kinds.ts';

/** The step at which something goes wrong, in the order of a run. */
export const steps = [
  'none',
  'plan',
  'VMware snapshot',
  'storage snapshot',
  'transfer',
  'presentation',
  'read',
] as const;
export type Step = (typeof steps)[number];

/** What a cause does to one relation kind. */
export interface Effect {
  readonly step: Step;
  /**
   * What cannot be had any more. `nothing`: the run goes its regular way. `secondary`: reading there. `both`: reading on
   * either array. `storage snapshots`: making any. `coordinated`: making both halves of a coordinated one, of which one is
   * made. `VM`: a point, whatever is tried.
   */
  readonly loses: 'nothing' | 'secondary' | 'both' | 'storage snapshots' | 'coordinated' | 'VM';
  /** Code of the catalogue that names the cause. Absent where nothing is lost and nothing said. */
  readonly code?: string;
  /**
   * What comes of the transfer and the presentation where the plan sees a cause, and they are tried all the same because
   * the primary is allowed (R1): the code that they fail with, or `works`. Absent: `code`, as nothing can be tried.
   */
  readonly tried?: string;
  /** Code of a warning that the plan gives besides, whatever comes of it. */
  readonly warns?: string;
  /** Hosts cannot write to the primary meanwhile: the code with which a VMware snapshot fails then. */
  readonly stopsHosts?: string;
  /** The array stays away until the end of the run, so that what was begun there cannot be taken back before. */
  readonly staysAway?: boolean;
}

export interface Cause {
  readonly id: string;
  readonly text: string;
  /** Undefined: does not happen to relations of that kind. */
  effectOn(relation: RelationKind): Effect | undefined;
}

/** What happens to snapshot transfers only. */
export function ofTransfers(effectOn: Cause['effectOn']): Cause['effectOn'] {
  return (relation) => (relation.kind === 'transfer' ? effectOn(relation) : undefined);
}
