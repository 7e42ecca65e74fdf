import type { Effect } from './cause.ts';
import type { RelationKind } from './relation-kinds.ts';

/** A synchronous relation that has lost its sync before the run, as the plan tells with that code. */
export function outOfSync(code: string, { strict }: RelationKind): Effect {
  const hosts = strict === true ? { stopsHosts: 'L-VC-306' } : {};
  return { step: 'plan', loses: 'secondary', code, ...hosts };
}
