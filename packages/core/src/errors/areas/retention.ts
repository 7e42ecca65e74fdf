import type { Area } from '../catalogue-entry.ts';

/** RET: chains of storage snapshots and their retention. */
export const retentionErrors = {
  'L-RET-101': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'The clock of {place} and ours are more than a day apart: it is {theirs} there and {ours} here.',
    data: 'How old its storage snapshots are is counted by its own clock, which stamped them: if that was set forward, some go sooner than the job says, but never the newest one, what a number in the job keeps, or what is locked.',
    next: 'Set both clocks by the same time server. A number beside the days in the job, or a lock, holds against a wrong clock.',
  },
  'L-RET-102': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'Storage snapshots of {place} are locked for {given}, not {wanted}: the array allows no longer lock.',
    data: 'They are kept as long as the job says, but can be deleted by an administrator after {given}.',
    next: 'Raise the longest lock that the array allows, or ask for a shorter one in the job.',
  },
  'L-RET-103': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'Storage snapshots of {place} cannot be locked for {wanted}: {why}',
    data: 'They are kept as long as the job says, but an administrator of the array can delete them.',
    next: 'Do what the reason asks for on the array, or take the lock out of the job.',
  },
  'L-RET-104': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'The array does not let single storage snapshots of {place} be deleted; {count} should go.',
    data: 'Backups are not affected; the chain there grows.',
    next: 'Add a retention rule for their label to the policy of the relation, or remove them by hand.',
  },
  'L-RET-105': {
    severity: 'warning',
    exit: 'unreachable',
    permanent: false,
    what: 'The storage snapshots of {place} cannot be listed now.',
    data: 'Nothing is removed there, nor what it may need elsewhere; chains are longer for a while.',
    next: 'See why the array does not answer; the next run makes it up.',
  },
  'L-RET-106': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'Storage snapshot "{name}" of {place} is no longer whole: a part of it on another volume or array is gone.',
    data: 'It does not count as a link of its chain, and goes when as many whole ones are newer as the chain keeps.',
    next: 'Find out who deletes storage snapshots of Leeward on the arrays. Lock them if it must not happen.',
  },
  'L-RET-107': {
    severity: 'info',
    exit: 'error',
    permanent: false,
    what: 'Storage snapshot "{name}" of {place} should go, but the array holds it: {holders}.',
    data: 'Backups are not affected; the chain is longer until it is free.',
    next: 'Nothing, if it is a clone or a transfer that ends; it goes after the next run. Else remove what holds it.',
  },
} as const satisfies Area;
