import type { ErrorReport } from '@leeward/core';

/** What became of a time of a schedule. */
export interface ScheduleTime {
  readonly dueAt: string;
  readonly outcome: 'starting' | 'started' | 'skipped' | 'missed' | 'failed';
  /** Times that passed since the one before, this one included. */
  readonly times: number;
  readonly runId?: string;
  readonly report?: ErrorReport;
}
