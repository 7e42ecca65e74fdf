import type { ErrorReport, Job } from '@leeward/core';

/** A job with what its schedule means now. */
export interface ScheduledJob extends Job {
  readonly scheduleWords?: string;
  readonly nextRunAt?: string;
}

export interface SchedulePreview {
  /** Five fields. */
  readonly cron: string;
  readonly words: string;
  readonly timeZone: string;
  readonly times: readonly string[];
}

/** What became of a time of a schedule. */
export interface ScheduleTime {
  readonly dueAt: string;
  readonly outcome: 'starting' | 'started' | 'skipped' | 'missed' | 'failed';
  /** Times that passed since the one before, this one included. */
  readonly times: number;
  readonly runId?: string;
  readonly report?: ErrorReport;
}
