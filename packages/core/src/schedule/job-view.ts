import type { Job } from '../plan/job.ts';

/** A job with what its schedule means now. */
export interface JobView extends Job {
  /** The schedule in words. */
  readonly scheduleWords?: string;
  /** When it is started next; missing where it is not, or is switched off. */
  readonly nextRunAt?: string;
}

/** What a schedule means. */
export interface SchedulePreview {
  /** Five fields. */
  readonly cron: string;
  readonly words: string;
  readonly timeZone: string;
  /** The next times, ISO. */
  readonly times: readonly string[];
}
