import type { Area } from '../catalogue-entry.ts';

const earlier = 'The VM gets no new point from this run; earlier points are not touched.';

/** Synchronous relations as a source: what is seen at the start of a run, and what is lost later. */
export const syncErrors = {
  'L-PLN-160': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The secondary of the synchronous relation of volume "{volume}" to "{secondary}" is not detected: it is {state}: {reasons}.',
    data: 'Nothing can be read on the secondary now. Unless the job allows another path, the VM gets no new point; earlier points are not touched.',
    next: 'Bring both sides in sync again on the array, or allow failover to primary: it holds for a secondary that is not detected at the start of a run.',
  },
  'L-PLN-161': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'Array "{array}" has no failover to primary for the synchronous relation of volume "{volume}".',
    data: earlier,
    next: 'Bring both sides in sync again on the array, then run the job again.',
  },
  'L-PLN-162': {
    severity: 'info',
    exit: 'error',
    permanent: true,
    what: 'The secondary of a synchronous relation is detected, so the primary is no way out: if the secondary is lost later, the VM fails.',
    data: 'None.',
    next: 'Nothing; or let runs that lose the secondary be finished on the primary with `--finish-on-primary`.',
  },
  'L-SRC-118': {
    severity: 'error',
    exit: 'error',
    permanent: true,
    what: 'The secondary of a synchronous relation was detected at the start of the run and lost later, so VM "{vm}" fails: {reason}',
    data: earlier,
    next: 'Repair the cause, see the reason, and run the job again. Failover to primary holds only for a secondary that is not detected at the start; `--finish-on-primary` is for one that is lost later.',
  },
  'L-SRC-119': {
    severity: 'warning',
    exit: 'partly',
    permanent: true,
    what: 'VM "{vm}" is finished on the PRIMARY array, from the coordinated storage snapshot, as the secondary was lost: {reason}',
    data: 'The point is complete and of the same instant; what was read before is not read again. Production storage was read for the rest.',
    next: 'Repair the secondary, see the reason.',
  },
  'L-RUN-130': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'Array "{array}" cannot make a storage snapshot on both sides of a synchronous relation.',
    data: earlier,
    next: 'Rescan the array with `leeward array rescan`, and look at its relations with `leeward topology show`.',
  },
} as const satisfies Area;
