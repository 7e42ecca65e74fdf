import { z } from 'zod';

const cron = z
  .string()
  .min(1)
  .max(200)
  .describe('Five cron fields, or words such as `daily at 22:00`, `weekdays at 21:30`, `every 4 hours`');

const timeZone = z.string().min(1).max(100).describe('IANA name; left out: that of the server');

export const scheduleInput = z.strictObject({
  cron,
  timeZone: timeZone.optional(),
  enabled: z.boolean().optional().describe('Default true'),
  catchUpMs: z
    .int()
    .min(0)
    .max(31 * 86_400_000)
    .optional()
    .describe('A time missed while no server ran is made up for when it is not longer ago; default 12 h'),
  retries: z
    .int()
    .min(0)
    .max(10)
    .optional()
    .describe(
      'How often the VMs alone that a run by the schedule did not back up are tried again; default 0',
    ),
  retryWaitMs: z
    .int()
    .min(60_000)
    .max(86_400_000)
    .optional()
    .describe('So long after the end of the run before; default 10 min'),
});

/** What is left out stays as it is. */
export const scheduleChanges = scheduleInput.partial();

export const previewSchedule = z.strictObject({
  cron,
  timeZone: timeZone.optional(),
  count: z.int().min(1).max(100).default(5).describe('How many times'),
});

export const timesFilter = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).optional(),
});
