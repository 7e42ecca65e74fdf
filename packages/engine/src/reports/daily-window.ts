import { lastTime, nextTimes } from '../schedule/cron-times.ts';
import type { ReportSettings } from '../store/settings.ts';

/** The 24 hours (23 or 25 where clocks change) that a daily report is about. */
export interface DailyWindow {
  /** Day on which it ends, in the time zone of the settings: `YYYY-MM-DD`. */
  readonly date: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The newest that is over. */
export function lastWindow(settings: ReportSettings, nowMs: number): DailyWindow | undefined {
  const untilMs = lastTime(timesOf(settings), nowMs);
  return untilMs === undefined ? undefined : windowUntil(settings, untilMs);
}

/** That of a day; undefined where there is no such day. */
export function windowOf(settings: ReportSettings, date: string): DailyWindow | undefined {
  const noonMs = Date.parse(`${date}T12:00:00Z`);
  if (Number.isNaN(noonMs)) return undefined;
  // Zones are up to 14 hours apart from UTC.
  const near = nextTimes(timesOf(settings), noonMs - 40 * 3_600_000, 4);
  const untilMs = near.find((time) => dateIn(settings.timeZone, time) === date);
  return untilMs === undefined ? undefined : windowUntil(settings, untilMs);
}

function windowUntil(settings: ReportSettings, untilMs: number): DailyWindow | undefined {
  const fromMs = lastTime(timesOf(settings), untilMs - 1);
  if (fromMs === undefined) return undefined;
  return { date: dateIn(settings.timeZone, untilMs), fromMs, untilMs };
}

function timesOf({ dailyAt, timeZone }: ReportSettings) {
  const [hour = '8', minute = '0'] = dailyAt.split(':').map((part) => String(Number(part)));
  return { cron: `${minute} ${hour} * * *`, timeZone };
}

function dateIn(timeZone: string, timeMs: number): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return format.format(new Date(timeMs));
}
