import type { Cause, Effect } from './cause.ts';

const ofSync =
  (effect: Effect): Cause['effectOn'] =>
  ({ kind }) =>
    kind === 'sync' ? effect : undefined;

/** What happens to synchronous relations only. */
export const syncCauses: readonly Cause[] = [
  {
    id: 'not-in-sync-at-start',
    text: 'the two sides do not reach each other at the start of the run',
    effectOn: ofSync({ step: 'plan', loses: 'secondary', code: 'L-PLN-160' }),
  },
  {
    id: 'secondary-down-at-start',
    text: 'the array of the secondary side is down at the start of the run',
    effectOn: ofSync({ step: 'plan', loses: 'secondary', code: 'L-PLN-160' }),
  },
  {
    id: 'torn-storage-snapshot',
    text: 'the secondary is lost in the middle of the call that makes both halves',
    effectOn: ofSync({ step: 'storage snapshot', loses: 'VM', code: 'L-SRC-118' }),
  },
  {
    id: 'half-gone',
    text: 'the secondary half of the storage snapshot is not there any more when it is to be presented',
    effectOn: ofSync({ step: 'presentation', loses: 'secondary', code: 'L-ARR-009' }),
  },
];
