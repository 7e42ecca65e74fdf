import type { Area } from '../catalogue-entry.ts';

/** OPS: the server's configuration as a file, its backup and its restore. */
export const operationsErrors = {
  'L-OPS-101': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'The configuration cannot be applied: {problems}',
    data: 'Nothing was changed.',
    next: 'Correct the file; `leeward apply -f FILE --dry-run` says what it would do. `leeward config export` shows how a file has to look.',
  },
  'L-OPS-102': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'Passwords that the configuration needs are not there: {places}',
    data: 'Nothing was changed.',
    next: 'Set the environment variables, or write the files, that `passwordFrom` names, then apply again.',
  },
  'L-OPS-103': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: '{name} was named with `--prune`, but {reason}.',
    data: 'Nothing was changed.',
    next: 'Name what is on the server and not in the file, as `job/NAME`, `array/NAME` or `vcenter/NAME`; `--dry-run` lists it.',
  },
  'L-OPS-110': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'A server can only be restored into an empty data folder and an empty database: {place} is not empty.',
    data: 'Nothing was changed there.',
    next: 'Give an empty folder with LEEWARD_DATA (and an empty database with DATABASE_URL, if you use one of your own). Move away what is there if it is of no use any more.',
  },
  'L-OPS-111': {
    severity: 'error',
    exit: 'not-found',
    permanent: true,
    what: 'The repository {path} holds no backup of a server{wanted}.',
    data: 'Nothing was changed.',
    next: 'Look for another repository; `restic snapshots --tag leeward-server` lists backups of servers.',
  },
  'L-OPS-112': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The backup was made by Leeward {version}, which is newer than this one: {reason}.',
    data: 'Nothing was changed.',
    next: 'Install that version or a later one, and restore with it.',
  },
  'L-OPS-113': {
    severity: 'error',
    exit: 'damage',
    permanent: true,
    what: 'The backup of the server {snapshot} cannot be restored: {reason}.',
    data: 'What was made in the new data folder is of no use; the repository was not changed.',
    next: 'Empty the data folder and restore an older backup with `--snapshot`; `leeward repository check` or `restic check --read-data` says what is damaged.',
  },
  'L-OPS-114': {
    severity: 'error',
    exit: 'error',
    permanent: true,
    what: 'The run was under way when the server was backed up, and the server was restored from that backup.',
    data: 'Points that the run had made by then are there. What it had on vCenter and arrays is removed by the janitor.',
    next: 'Start the job again.',
  },
} as const satisfies Area;
