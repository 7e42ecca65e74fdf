import type { JobView, Run } from '@leeward/server';
import { duration, when } from '../output/format.ts';

/** The schedule of a job in words. */
export function scheduleText({ schedule, scheduleWords = '' }: JobView): string {
  if (!schedule) return 'none: only by hand';
  const { cron, timeZone, enabled, catchUpMs, retries, retryWaitMs = 0 } = schedule;
  const missed =
    catchUpMs === 0
      ? 'what is missed is not made up for'
      : `what is missed is made up for within ${duration(catchUpMs)}`;
  const again = !retries
    ? ''
    : `; what failed is tried again up to ${retries} times, each ${duration(retryWaitMs)} later`;
  return `${scheduleWords} (${cron}), time zone ${timeZone}; ${missed}${again}${enabled ? '' : '; switched off'}`;
}

/** When a job is started next. */
export function nextText({ schedule, nextRunAt }: JobView): string {
  if (nextRunAt !== undefined) return when(nextRunAt);
  return schedule && !schedule.enabled ? 'switched off' : '';
}

/** Who started a run. */
export function startedByText({ startedBy }: Pick<Run, 'startedBy'>): string {
  if (!startedBy) return '';
  const { kind, name, catchUp } = startedBy;
  if (kind === 'schedule') return catchUp ? 'schedule (made up for)' : 'schedule';
  return name === '' ? kind : `${kind} ${name}`;
}
