import { cronWords, isoTime, type Job, type Schedule, scheduleDefaults } from '@leeward/core';
import type { JobView, SchedulePreview } from '@leeward/core/schedule/job-view';
import { checkedCron, nextTimes } from '../schedule/cron-times.ts';

/** As a user gives it: what is left out stays, or is as by default. */
export interface ScheduleInput {
  /** Five cron fields, or words as `parseSchedule` knows them. */
  readonly cron?: string | undefined;
  /** IANA name; by default that of the server. */
  readonly timeZone?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly catchUpMs?: number | undefined;
  /** 0: none. */
  readonly retries?: number | undefined;
  readonly retryWaitMs?: number | undefined;
}

/** `L-SCH-104` and `L-SCH-105`. Holds from now on where cron, time zone or switch change. */
export function scheduleOf(input: ScheduleInput, known: Schedule | undefined, nowMs: number): Schedule {
  const timeZone = input.timeZone ?? known?.timeZone ?? zoneOfServer();
  const cron = checkedCron(input.cron ?? known?.cron ?? '', timeZone, nowMs);
  const enabled = input.enabled ?? known?.enabled ?? scheduleDefaults.enabled;
  const catchUpMs = input.catchUpMs ?? known?.catchUpMs ?? scheduleDefaults.catchUpMs;
  const isSame = known?.cron === cron && known.timeZone === timeZone && known.enabled === enabled;
  const retries = input.retries ?? known?.retries;
  const retryWaitMs = input.retryWaitMs ?? known?.retryWaitMs ?? scheduleDefaults.retryWaitMs;
  const since = isSame ? known.since : isoTime(nowMs);
  const again = retries === undefined ? {} : { retries, retryWaitMs };
  return { cron, timeZone, enabled, catchUpMs, ...again, since };
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
