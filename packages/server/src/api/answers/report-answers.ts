import type { DailyReport, ProtectionReport, RunReport } from '@leeward/engine';
import { stageTimesSchema } from '@leeward/engine/store/run-vms';
import { startedBySchema } from '@leeward/engine/store/runs';
import { protectionStates } from '@leeward/engine/store/vms';
import { z } from 'zod';
import { named } from './named.ts';
import { source } from './plan-answer.ts';
import { errorReport } from './problem-answer.ts';

const time = z.iso.datetime();
const count = z.int().min(0);
const bytes = z.object({
  provisioned: z.number(),
  changed: z.number(),
  read: z.number(),
  stored: z.number(),
});
const stageTimes = stageTimesSchema.describe('Where the time of proxies went, summed over their threads');
const kind = z.enum(['backup', 'restore']);
const state = z.enum(['queued', 'running', 'success', 'partly', 'failed', 'cancelled']);

const links = z
  .array(z.object({ title: z.string(), url: z.string() }))
  .optional()
  .describe('Into the console, where its public address is set');

const vm = z.object({
  name: z.string(),
  state: z.enum(['waiting', 'running', 'success', 'failed', 'cancelled']),
  source: source.optional().describe('The data path that was really used'),
  kind: z.enum(['full', 'incremental']).optional(),
  startedAt: time.optional(),
  endedAt: time.optional(),
  durationMs: z.number().optional(),
  bytes: bytes.optional(),
  stageTimes: stageTimes.optional(),
  vmwareSnapshotMs: z.number().optional().describe('How long its VMware snapshot existed'),
  consistency: z.enum(['quiesced', 'crash-consistent']).optional(),
  pointId: z.string().optional(),
  warnings: z.array(errorReport),
  problem: errorReport.optional(),
});

export const runReport = named(
  'RunReport',
  z.object({
    runId: z.string(),
    kind,
    jobId: z.string(),
    jobName: z.string(),
    state,
    startedAt: time,
    endedAt: time.optional(),
    durationMs: z.number().optional(),
    startedBy: startedBySchema.optional(),
    vms: z.array(vm),
    counts: z.object({ total: count, success: count, warning: count, failed: count }),
    bytes,
    stageTimes,
    longestVmwareSnapshotMs: z.number().optional(),
    sources: z.object({ secondary: count, primary: count, standard: count }),
    storageSnapshots: z
      .array(
        z.object({
          name: z.string(),
          arrayName: z.string(),
          volumeName: z.string(),
          role: z.enum(['temporary', 'long-term', 'auxiliary']),
        }),
      )
      .describe('What it left on arrays for chains'),
    open: count.describe('Objects on foreign systems that are not removed yet'),
    warnings: z.array(errorReport).describe('Of the run as a whole'),
    problem: errorReport.optional(),
    retryOf: z.string().optional().describe('The run whose failed VMs it backed up'),
    links,
  }) satisfies z.ZodType<RunReport>,
);

const protectionCounts = z.object({ total: count, inTime: count, late: count, never: count });

export const dailyReport = named(
  'DailyReport',
  z.object({
    date: z.string().describe('The day on which the time ends'),
    from: time,
    until: time,
    runs: z.array(
      z.object({
        runId: z.string(),
        jobName: z.string(),
        kind,
        state,
        startedAt: time,
        endedAt: time.optional(),
        startedBy: startedBySchema.optional(),
        vms: z.object({ total: count, success: count, failed: count }),
        bytes,
        problem: errorReport.optional(),
        retryOf: z.string().optional(),
        url: z.string().optional().describe('Of its page in the console'),
      }),
    ),
    moreRuns: z.boolean(),
    bytes,
    missedTimes: z
      .array(
        z.object({
          jobName: z.string(),
          dueAt: time,
          outcome: z.enum(['starting', 'started', 'skipped', 'missed', 'failed']),
          report: errorReport.optional(),
        }),
      )
      .describe('Times of schedules without a run'),
    protection: protectionCounts.extend({ withinHours: z.number() }).describe('As of now'),
    behind: z
      .array(
        z.object({
          name: z.string(),
          vcenterName: z.string(),
          jobs: z.array(z.string()),
          newestAt: time.optional(),
        }),
      )
      .describe('VMs of jobs that are late or have no copy'),
    chains: z.array(z.object({ jobName: z.string(), arrayName: z.string(), count })),
    runsToClean: z.array(z.string()).describe('Runs that are over and left something on foreign systems'),
    repositories: z.array(
      z.object({
        name: z.string(),
        capacityBytes: z.number().optional(),
        freeBytes: z.number().optional(),
        storedPerDay: z
          .number()
          .optional()
          .describe(
            'By its jobs since their first runs, at most two weeks; missing: less than two days of runs',
          ),
        measuredDays: z.number().optional(),
        fullBy: time
          .optional()
          .describe(
            'When there is no room if all on the same file system go on so; missing: not soon, or not known',
          ),
        problem: z.string().optional(),
      }),
    ),
    links,
  }) satisfies z.ZodType<DailyReport>,
);

const copies = { count, newestAt: time };

export const protectionReport = named(
  'ProtectionReport',
  z.object({
    at: time,
    withinHours: z.number().describe('A copy that is not older is in time'),
    counts: protectionCounts,
    vms: z.array(
      z.object({
        name: z.string(),
        path: z.string(),
        vcenterName: z.string(),
        protection: z.enum(protectionStates),
        jobs: z.array(z.string()),
        points: z.array(z.object({ repositoryName: z.string(), ...copies })),
        source: source.optional().describe('Of the newest point'),
        storageSnapshots: z.array(z.object({ arrayName: z.string(), ...copies })),
      }),
    ),
  }) satisfies z.ZodType<ProtectionReport>,
);
