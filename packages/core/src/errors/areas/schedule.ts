import type { Area } from '../catalogue-entry.ts';

/** SCH: jobs that are started by their schedule. */
export const scheduleErrors = {
  'L-SCH-101': {
    severity: 'warning',
    exit: 'locked',
    permanent: true,
    what: 'Job "{job}" was not started at {due}: its run {run} was still under way.',
    data: 'The time is skipped: there is no point for it. The run that is under way goes on, and the next time of the schedule counts again.',
    next: 'If it happens often, give the job fewer VMs or longer distances: `leeward job edit {job} --schedule`. `leeward run show {run}` says what takes so long.',
  },
  'L-SCH-102': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'Job "{job}" was not started at {due}: no server ran then. {missed} time(s) of its schedule passed meanwhile, and none is made up for, since the last one was longer ago than {bound}.',
    data: 'There is no point for these times; earlier points are not touched.',
    next: 'The next time of the schedule counts again; `leeward job run {job}` starts a run now. `--catch-up` of the job says how long ago a time may be to be made up for.',
  },
  'L-SCH-103': {
    severity: 'info',
    exit: 'error',
    permanent: true,
    what: 'The run makes up for {due}: no server ran then. {missed} time(s) of the schedule passed meanwhile.',
    data: 'The points are of now, not of the time that was missed.',
    next: 'Nothing. `leeward job edit --no-catch-up` switches it off.',
  },
  'L-SCH-104': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: '"{text}" is not a schedule: {reason}',
    data: 'Nothing was changed.',
    next: 'Give words such as `daily at 22:00`, `weekdays at 21:30`, `every 4 hours`, `monthly on 1 at 3:00`, or five cron fields: minute, hour, day of month, month, day of week.',
  },
  'L-SCH-105': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'There is no time zone "{timeZone}".',
    data: 'Nothing was changed.',
    next: 'Give its IANA name, such as `Europe/Berlin` or `UTC`.',
  },
  'L-SCH-106': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'Job "{job}" has no schedule.',
    data: 'Nothing was changed.',
    next: 'Give it one: `leeward job edit {job} --schedule "daily at 22:00"`.',
  },
  'L-SCH-107': {
    severity: 'error',
    exit: 'error',
    permanent: true,
    what: 'Job "{job}" could not be started at {due}: {reason}',
    data: 'There is no point for that time; earlier points are not touched.',
    next: 'See the reason and remove it, then start the job with `leeward job run {job}`, or wait for the next time of its schedule.',
  },
} as const satisfies Area;
