import { LeewardError, parseSchedule, type Schedule } from '@leeward/core';
import { Cron } from 'croner';

type Times = Pick<Schedule, 'cron' | 'timeZone'>;

/**
 * Five fields only. Where clocks go forward, a time in the gap comes right after it; where they go back, a time that
 * comes twice counts once. That holds for hours that are named; what is repeated through the day (`*`, steps) goes by
 * elapsed time.
 */
function cronOf({ cron, timeZone }: Times): Cron {
  return new Cron(cron, { timezone: timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
}

/**
 * The cron text of what a user gave, words or cron. `L-SCH-104` for what is neither or never comes, `L-SCH-105` for an
 * unknown time zone.
 */
export function checkedCron(text: string, timeZone: string, nowMs: number): string {
  requireTimeZone(timeZone);
  const cron = parseSchedule(text);
  if (cron === undefined)
    throw new LeewardError('L-SCH-104', { text, reason: 'it is neither such words nor five cron fields' });
  const [next] = nextTimes(valid(text, cron, timeZone), nowMs, 1);
  if (next === undefined) throw new LeewardError('L-SCH-104', { text, reason: 'that time never comes' });
  return cron;
}

function valid(text: string, cron: string, timeZone: string): Times {
  try {
    cronOf({ cron, timeZone });
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/^CronPattern: /, '');
    throw new LeewardError('L-SCH-104', { text, reason }, error);
  }
  return { cron, timeZone };
}

/** `L-SCH-105` for one that there is not. */
export function requireTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (error) {
    throw new LeewardError('L-SCH-105', { timeZone }, error);
  }
}

/** The next times after then, epoch in ms, at most `count`. */
export function nextTimes(times: Times, afterMs: number, count: number): readonly number[] {
  return cronOf(times)
    .nextRuns(count, new Date(afterMs))
    .map((time) => time.getTime());
}

/** The newest time that is not after then. */
export function lastTime(times: Times, atMs: number): number | undefined {
  // croner gives what lies before the reference; here the reference counts too.
  return cronOf(times)
    .previousRuns(2, new Date(atMs + 1_000))
    .map((time) => time.getTime())
    .find((time) => time <= atMs);
}
