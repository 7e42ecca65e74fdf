import type { Schedule } from '../model/objects.ts';

export type Timing = Pick<Schedule, 'period' | 'periodUnit' | 'atTimeSeconds' | 'untilTimeSeconds' | 'days'>;

const dayMs = 86_400_000;
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const unitMs = { minutes: 60_000, hours: 3_600_000, days: dayMs, weeks: 7 * dayMs };

/** First moment after `nowMs` (UTC) at which the schedule takes storage snapshots. */
export function nextTime(timing: Timing, nowMs: number): number {
  const { period, periodUnit, atTimeSeconds, untilTimeSeconds } = timing;
  const stepMs = period * unitMs[periodUnit];
  const today = Math.floor(nowMs / dayMs);
  for (let day = today; ; day++) {
    if (!isOnDay(timing, day)) continue;
    const first = day * dayMs + atTimeSeconds * 1000;
    if (first > nowMs) return first;
    if (stepMs >= dayMs) continue;
    const next = first + (Math.floor((nowMs - first) / stepMs) + 1) * stepMs;
    const until = untilTimeSeconds > atTimeSeconds ? untilTimeSeconds : 86_399;
    if (next <= day * dayMs + until * 1000) return next;
  }
}

function isOnDay({ period, periodUnit, days }: Timing, day: number): boolean {
  // Day 0 of the Unix time was a Thursday; weeks are counted from Monday.
  const weekday = weekdays[(day + 4) % 7] ?? 'sun';
  const allowed = days === 'all' || days.split(',').some((one) => one.trim() === weekday);
  // Days of the week and every n-th day might never meet: the former count.
  if (periodUnit === 'days') return days === 'all' ? day % period === 0 : allowed;
  if (periodUnit !== 'weeks') return allowed;
  const week = Math.floor((day + 3) / 7);
  return week % period === 0 && (days === 'all' ? weekday === 'mon' : allowed);
}

/** `<collection>-<schedule>-YYYY-MM-DD::HH:MM:SS.mmm` */
export function scheduledName(collection: string, schedule: string, atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return `${collection}-${schedule}-${iso.slice(0, 10)}::${iso.slice(11, 23)}`;
}
