import type { Run, RunSummary, RunView } from '@leeward/engine';
import { runVmFactsSchema } from '@leeward/engine/store/run-vms';
import { restoreTargetSchema, startedBySchema } from '@leeward/engine/store/runs';
import { z } from 'zod';
import { named } from './named.ts';
import { plan } from './plan-answer.ts';
import { errorReport } from './problem-answer.ts';

const time = z.iso.datetime();

export const run = named(
  'Run',
  z.object({
    id: z.string(),
    jobId: z.string(),
    kind: z.enum(['backup', 'restore']),
    state: z.enum(['queued', 'running', 'success', 'partly', 'failed', 'cancelled']),
    target: restoreTargetSchema.optional().describe('What a restore restores, and where'),
    plan: plan.optional().describe('What it executes'),
    startedAt: time,
    endedAt: time.optional(),
    problem: errorReport.optional().describe('Why it failed'),
    startedBy: startedBySchema.optional().describe('Its schedule, or who started it'),
    retryOf: z.string().optional().describe('The run whose failed VMs it backs up'),
  }) satisfies z.ZodType<Run>,
);

const count = z.int().min(0);
const { plan: _, ...withoutPlan } = run.shape;

export const runSummary = named(
  'RunSummary',
  z.object({
    ...withoutPlan,
    vms: z.object({ total: count, success: count, failed: count }).describe('VMs, as far as it has begun'),
    bytes: z
      .object({ provisioned: count, changed: count, read: count, stored: count })
      .describe('Sums over its VMs, as far as known'),
  }) satisfies z.ZodType<RunSummary>,
);

const runVm = z.object({
  runId: z.string(),
  vmKey: z.string(),
  name: z.string(),
  state: z.enum(['waiting', 'running', 'success', 'failed', 'cancelled']),
  facts: runVmFactsSchema,
  problem: errorReport.optional(),
});

export const runView = named(
  'RunView',
  z.object({
    run,
    jobName: z.string(),
    retriedBy: z.string().optional().describe('The run that backed up what failed here, or tries to'),
    vms: z.array(runVm),
    steps: z.array(
      z.object({
        scope: z.string().describe('`vmKey`, or empty for a step of the whole run'),
        name: z.string(),
        startedAt: time,
        endedAt: time.optional(),
        detail: z.record(z.string(), z.unknown()).describe('`failed`: code of what a step ended with'),
      }),
    ),
    events: z
      .array(z.object({ vmKey: z.string(), at: time, report: errorReport }))
      .describe('Warnings and downgrades'),
    progress: z.record(z.string(), z.unknown()).describe('Live figures by flow'),
    openObjects: z
      .array(
        z.object({
          kind: z.enum(['presentation', 'transfer', 'vmware-snapshot', 'storage-snapshot']),
          systemId: z.string(),
          name: z.string(),
          state: z.enum(['intended', 'present', 'kept', 'released']),
        }),
      )
      .describe('What the run has on foreign systems now'),
  }) satisfies z.ZodType<RunView>,
);
