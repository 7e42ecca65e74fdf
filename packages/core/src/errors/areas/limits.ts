import type { Area } from '../catalogue-entry.ts';

/** PLN from 180, RUN from 150: how many VMs share a storage snapshot, how much is asked of vSphere at once, and how long. */
export const limitErrors = {
  'L-PLN-180': {
    severity: 'info',
    exit: 'error',
    permanent: true,
    what: 'VM "{vm}" begins another group: the job has at most {limit} VM(s) per storage snapshot.',
    data: 'None.',
    next: 'Nothing. `leeward job edit --vms-per-storage-snapshot` changes the limit.',
  },
  'L-PLN-181': {
    severity: 'info',
    exit: 'error',
    permanent: true,
    what: 'VM "{vm}" begins another group: with it the VMware snapshots of this one would exist for about {estimate}, longer than the budget of {budget}.',
    data: 'None.',
    next: 'Nothing. `leeward job edit --vmware-snapshot-budget` changes the budget.',
  },
  'L-PLN-182': {
    severity: 'info',
    exit: 'error',
    permanent: true,
    what: 'VM "{vm}" begins another group: with it there would be too many at once on {place}.',
    data: 'None.',
    next: 'Nothing. `leeward settings edit` changes the limits.',
  },
  'L-PLN-183': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'The VMware snapshot of VM "{vm}" will exist for about {estimate}, longer than the budget of {budget}, though the VM shares its storage snapshot with no other one.',
    data: 'None: the VM is backed up all the same.',
    next: 'See which step takes so long with `leeward run show`; raise the budget of the job if it has to be so.',
  },
  'L-RUN-150': {
    severity: 'info',
    exit: 'error',
    permanent: true,
    what: 'Waits to take VMware snapshots: {place} is full, {holders} came first.',
    data: 'None: nothing is frozen yet.',
    next: 'Nothing: it goes on as soon as there is room. `leeward settings edit` changes the limits; `leeward run cancel` gives up.',
  },
  'L-RUN-151': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'The VMware snapshot of VM "{vm}" existed for {lifetime}, longer than the budget of {budget}.',
    data: 'The point is not affected. The VM wrote into a delta file for that long, and was slowed down when it was removed.',
    next: 'Nothing: what was measured is taken into account when the next run forms its groups. If it happens again, see which step takes so long with `leeward run show`.',
  },
  'L-RUN-152': {
    severity: 'error',
    exit: 'error',
    permanent: true,
    what: 'VM "{vm}" was read the standard way for so long that its VMware snapshot reached the longest life of {limit} that the job allows.',
    data: 'The VMware snapshot is removed. The VM has no new point from this run; earlier points are not touched. What was read is in the repository already and is not stored twice by the next run, until pruned.',
    next: 'Find out why reading takes so long, or give it more time with `leeward job edit --standard-max-snapshot`.',
  },
} as const satisfies Area;
