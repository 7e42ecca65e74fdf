import { cronWords, isoTime, type Job, type Schedule, scheduleDefaults } from '@leeward/core';
import { checkedCron, nextTimes } from '../schedule/cron-times.ts';

/** As a user gives it: what is left out stays, or is as by default. */
export interface ScheduleInput {
  /** Five cron fields, or words as `parseSchedule` knows them. */
  readonly cron?: string | undefined;
  /** IANA name; by default that of the server. */
  readonly timeZone?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly catchUpMs?: number | undefined;
}

/** A job with what its schedule means now. */
export interface JobView extends Job {
  /** The schedule in words. */
  readonly scheduleWords?: string;
  /** When it is started next; missing where it is not, or is switched off. */
  readonly nextRunAt?: string;
}

export interface SchedulePreview {
  readonly cron: string;
  readonly words: string;
  readonly timeZone: string;
  /** The next times, ISO. */
  readonly times: readonly string[];
}

/** `L-SCH-104` and `L-SCH-105`. Holds from now on where anything but the catch-up changes. */
export function scheduleOf(input: ScheduleInput, known: Schedule | undefined, nowMs: number): Schedule {
  const timeZone = input.timeZone ?? known?.timeZone ?? zoneOfServer();
  const cron = checkedCron(input.cron ?? known?.cron ?? '', timeZone, nowMs);
  const enabled = input.enabled ?? known?.enabled ?? scheduleDefaults.enabled;
  const catchUpMs = input.catchUpMs ?? known?.catchUpMs ?? scheduleDefaults.catchUpMs;
  const isSame = known?.cron === cron && known.timeZone === timeZone && known.enabled === enabled;
  return { cron, timeZone, enabled, catchUpMs, since: isSame ? known.since : isoTime(nowMs) };
}

export function jobView(job: Job, nowMs: number): JobView {
  const { schedule } = job;
  if (!schedule) return job;
  const [next] = schedule.enabled ? nextTimes(schedule, nowMs, 1) : [];
  return {
    ...job,
    scheduleWords: cronWords(schedule.cron),
    ...(next === undefined ? {} : { nextRunAt: isoTime(next) }),
  };
}

export function previewOf(
  input: { readonly cron: string; readonly timeZone?: string | undefined; readonly count: number },
  nowMs: number,
): SchedulePreview {
  const timeZone = input.timeZone ?? zoneOfServer();
  const cron = checkedCron(input.cron, timeZone, nowMs);
  const times = nextTimes({ cron, timeZone }, nowMs, input.count).map(isoTime);
  return { cron, words: cronWords(cron), timeZone, times };
}

function zoneOfServer(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
