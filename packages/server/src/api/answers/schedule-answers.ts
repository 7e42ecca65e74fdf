import type { SchedulePreview, ScheduleTime } from '@leeward/engine';
import { z } from 'zod';
import { named } from './named.ts';
import { errorReport } from './problem-answer.ts';

const time = z.iso.datetime();

export const schedulePreview = named(
  'SchedulePreview',
  z.object({
    cron: z.string().describe('Five fields'),
    words: z.string().describe('What it means'),
    timeZone: z.string(),
    times: z.array(time).describe('The next ones'),
  }) satisfies z.ZodType<SchedulePreview>,
);

export const scheduleTime = named(
  'ScheduleTime',
  z.object({
    jobId: z.string(),
    dueAt: time,
    outcome: z
      .enum(['starting', 'started', 'skipped', 'missed', 'failed'])
      .describe('`skipped`: the run before was still under way; `missed`: no server ran'),
    times: z.int().describe('Times that passed since the one before, this one included'),
    runId: z.string().optional().describe('The run that was started, or that was still under way'),
    report: errorReport.optional().describe('Why no run was started'),
    at: time.describe('When that was decided'),
  }) satisfies z.ZodType<ScheduleTime>,
);
