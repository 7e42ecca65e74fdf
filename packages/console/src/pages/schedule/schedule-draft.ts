import type { Schedule } from '@leeward/core';

/** How the times are chosen; `none`: only by hand. */
export type Rhythm = 'none' | 'daily' | 'weekdays' | 'hours' | 'words';

/** A schedule while it is filled in. */
export interface ScheduleDraft {
  readonly rhythm: Rhythm;
  /** `22:00`, of the daily ones. */
  readonly time: string;
  readonly everyHours: string;
  /** Words or cron fields. */
  readonly words: string;
  readonly timeZone: string;
  /** A missed time is made up for when it is not longer ago; 0: never. */
  readonly catchUpHours: string;
  /** How often what failed is tried again; 0: never. */
  readonly retries: string;
  readonly retryMinutes: string;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;

export function newSchedule(timeZone: string): ScheduleDraft {
  return {
    ...{ rhythm: 'none', time: '22:00', everyHours: '4', words: '', timeZone, catchUpHours: '12' },
    ...{ retries: '0', retryMinutes: '10' },
  };
}

/** A schedule that there is, in the simplest form that says the same. */
export function draftOf(schedule: Schedule): ScheduleDraft {
  const { cron, timeZone, catchUpMs, retries = 0, retryWaitMs } = schedule;
  const draft = {
    ...newSchedule(timeZone),
    ...{ catchUpHours: String(catchUpMs / hourMs), retries: String(retries) },
    ...(retryWaitMs === undefined ? {} : { retryMinutes: String(retryWaitMs / minuteMs) }),
  };
  const [, minute = '', hour = '', days] = /^(\d+) (\d+) \* \* (\*|1-5)$/.exec(cron) ?? [];
  if (days) {
    const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
    return { ...draft, rhythm: days === '*' ? 'daily' : 'weekdays', time };
  }
  const [, step] = /^0 \*(?:\/(\d+))? \* \* \*$/.exec(cron) ?? [];
  if (step !== undefined || cron === '0 * * * *')
    return { ...draft, rhythm: 'hours', everyHours: step ?? '1' };
  return { ...draft, rhythm: 'words', words: cron };
}

/** In words, as API and command line take it; undefined: only by hand. */
export function wordsOf({ rhythm, time, everyHours, words }: ScheduleDraft): string | undefined {
  if (rhythm === 'none') return undefined;
  if (rhythm === 'words') return words;
  if (rhythm === 'hours') return everyHours === '1' ? 'hourly' : `every ${everyHours} hours`;
  return `${rhythm} at ${time}`;
}

/** As the API takes it; undefined: only by hand. */
export function scheduleBody(draft: ScheduleDraft): object | undefined {
  const cron = wordsOf(draft);
  if (cron === undefined) return undefined;
  const { timeZone, catchUpHours, retries, retryMinutes } = draft;
  return {
    ...{ cron, timeZone, catchUpMs: Number(catchUpHours) * hourMs, retries: Number(retries) },
    ...(retries === '0' ? {} : { retryWaitMs: Number(retryMinutes) * minuteMs }),
  };
}

/** Flags of the command line; none: only by hand. */
export function scheduleFlags(draft: ScheduleDraft, quoted: (text: string) => string): readonly string[] {
  const words = wordsOf(draft);
  if (words === undefined) return [];
  const { timeZone, catchUpHours, retries, retryMinutes } = draft;
  return [
    `--schedule ${quoted(words)}`,
    `--time-zone ${quoted(timeZone)}`,
    ...(catchUpHours === '12'
      ? []
      : [catchUpHours === '0' ? '--no-catch-up' : `--catch-up ${catchUpHours}h`]),
    ...(retries === '0' ? [] : [`--retries ${retries} --retry-wait ${retryMinutes}m`]),
  ];
}
