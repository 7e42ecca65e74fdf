import { type ErrorReport, isError, LeewardError, makePlan, type Plan, reportOf, vmKey } from '@leeward/core';
import { z } from 'zod';
import type { FlowContext } from '../flow/flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { planningInventory } from '../inventory/planning-inventory.ts';
import { releaseRun } from '../janitor/release.ts';
import type { RunVm } from '../store/run-vms.ts';
import type { RunState } from '../store/runs.ts';
import type { BackupDeps } from './backup-deps.ts';
import { rotatePoints } from './rotate-points.ts';
import { runGroup } from './run-group.ts';

const planTimeoutMs = 10 * 60_000;
const lanesAtOnce = 4;

const runInputSchema = z.object({ runId: z.string() });
const laneInputSchema = z.object({ runId: z.string(), groupIds: z.array(z.string()) });

export type BackupRunInput = z.infer<typeof runInputSchema>;

export interface BackupFlows {
  readonly run: FlowDefinition<BackupRunInput, RunState>;
  readonly lane: FlowDefinition<z.infer<typeof laneInputSchema>, null>;
}

/** The flow of DESIGN.md section 2: plan first, then lanes of groups, then the true end state. */
export function backupFlows(deps: BackupDeps): BackupFlows {
  const lane: BackupFlows['lane'] = {
    name: 'backup-lane',
    parseInput: (value) => laneInputSchema.parse(value),
    async run(context, { runId, groupIds }) {
      const plan = await context.step('plan of the run', {}, async () => planOf(deps, runId));
      for (const group of plan.groups)
        if (groupIds.includes(group.id)) await runGroup(deps, context, runId, plan, group);
      return null;
    },
  };
  const run: BackupFlows['run'] = {
    name: 'backup-run',
    parseInput: (value) => runInputSchema.parse(value),
    async run(context, { runId }) {
      try {
        const plan = await context.step('plan', { cancellable: true, timeoutMs: planTimeoutMs }, (signal) =>
          deps.store.runLog.step(runId, [''], 'plan', () => beginRun(deps, runId, signal)),
        );
        const items = lanesOf(plan).map((groupIds, at) => ({
          id: `lane-${at + 1}`,
          input: { runId, groupIds },
        }));
        const outcomes = await context.children(lane, items, { limit: lanesAtOnce });
        await context.step('points', {}, () => rotatePoints(deps, runId, plan, () => context.ensureOwned()));
        const broken = outcomes.find((outcome) => !outcome.ok);
        if (broken && !broken.ok) throw broken.error;
        return await endRun(deps, context, runId);
      } catch (error) {
        if (isOwnershipLost(error)) throw error;
        return await endRun(deps, context, runId, error);
      }
    },
  };
  return { run, lane };
}

async function planOf(deps: BackupDeps, runId: string): Promise<Plan> {
  const { plan } = await deps.store.runs.get(runId);
  if (!plan) throw new LeewardError('L-RUN-105', { kind: 'plan of run', id: runId });
  return plan;
}

/** Groups that share volumes run one after the other (R12), others side by side. */
function lanesOf(plan: Plan): readonly string[][] {
  const lanes = new Map<string, string[]>();
  for (const group of plan.groups) lanes.set(group.lane, [...(lanes.get(group.lane) ?? []), group.id]);
  return [...lanes.values()];
}

/** Looks at everything anew, makes the plan and writes down what it says of each VM. */
async function beginRun(deps: BackupDeps, runId: string, signal: AbortSignal): Promise<Plan> {
  const { store, clock } = deps;
  const known = await store.runs.get(runId);
  if (known.plan) return known.plan;
  const job = await store.jobs.get(known.jobId);
  const plan = makePlan(job, await planningInventory(deps, { refresh: true, signal }), clock.now());
  for (const { member, problem } of plan.unresolved)
    await store.runVms.put({ runId, vmKey: `?${member}`, name: member, state: 'failed' }, {}, problem);
  for (const vm of plan.vms) {
    const row = { runId, vmKey: vmKey(vm.vm), name: vm.name };
    if (vm.problem) await store.runVms.put({ ...row, state: 'failed' }, {}, vm.problem);
    else await store.runVms.put({ ...row, state: 'waiting' });
    for (const warning of vm.warnings)
      await store.runLog.event(runId, row.vmKey, new LeewardError(warning.code, warning.details));
  }
  await store.runs.begin(runId, plan);
  return plan;
}

async function endRun(
  deps: BackupDeps,
  context: FlowContext,
  runId: string,
  error?: unknown,
): Promise<RunState> {
  await context.step('clean-up', {}, () => releaseRun(deps, runId, () => context.ensureOwned()));
  const now = await context.now();
  return context.step('end', {}, async () => {
    const { store } = deps;
    const vms = await store.runVms.list(runId);
    const cancelled = isError(error, 'L-RUN-102') || vms.some((vm) => vm.state === 'cancelled');
    const state = cancelled ? 'cancelled' : endState(vms, error);
    const ended = cancelled
      ? new LeewardError('L-RUN-102')
      : (error ?? new LeewardError('L-RUN-106', { run: runId }));
    for (const vm of vms)
      if (vm.state === 'waiting' || vm.state === 'running')
        await store.runVms.put({ ...vm, state: cancelled ? 'cancelled' : 'failed' }, {}, reportOf(ended));
    const problem = problemOf(state, runId, error);
    await store.changeLists.removeRun(runId);
    await store.runs.end(runId, state, new Date(now).toISOString(), problem);
    return state;
  });
}

function endState(vms: readonly RunVm[], error: unknown): RunState {
  const done = vms.filter((vm) => vm.state === 'success').length;
  if (done === 0) return 'failed';
  return error === undefined && done === vms.length ? 'success' : 'partly';
}

function problemOf(state: RunState, runId: string, error: unknown): ErrorReport | undefined {
  if (state === 'cancelled') return reportOf(new LeewardError('L-RUN-102'));
  if (error !== undefined) return reportOf(error);
  return state === 'failed' ? reportOf(new LeewardError('L-RUN-106', { run: runId })) : undefined;
}
