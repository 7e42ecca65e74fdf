import type { Cause, Effect } from './cause.ts';
import { outOfSync } from './out-of-sync.ts';
import type { RelationKind } from './relation-kinds.ts';

function ofSync(effectOn: (relation: RelationKind) => Effect): Cause['effectOn'] {
  return (relation) => (relation.kind === 'sync' ? effectOn(relation) : undefined);
}

/** What happens to synchronous relations only. */
export const syncCauses: readonly Cause[] = [
  {
    id: 'not-in-sync-at-start',
    text: 'the two sides do not reach each other at the start of the run',
    effectOn: ofSync((relation) => outOfSync('L-PLN-160', relation)),
  },
  {
    id: 'secondary-down-at-start',
    text: 'the array of the secondary side is down at the start of the run',
    effectOn: (relation) =>
      relation.family === 'nimble-sync' ? outOfSync('L-PLN-160', relation) : undefined,
  },
  {
    id: 'torn-storage-snapshot',
    text: 'the secondary is lost in the middle of the call that makes both halves',
    effectOn: ofSync(() => ({ step: 'storage snapshot', loses: 'coordinated', code: 'L-SRC-118' })),
  },
  {
    id: 'half-gone',
    text: 'the secondary half of the storage snapshot is not there any more when it is to be presented',
    effectOn: ofSync(() => ({ step: 'presentation', loses: 'secondary', code: 'L-ARR-009' })),
  },
];
