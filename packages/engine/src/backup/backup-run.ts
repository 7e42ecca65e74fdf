import {
  afterOthers,
  type ErrorReport,
  isError,
  LeewardError,
  type Plan,
  reportOf,
  type VmId,
  vmKey,
} from '@leeward/core';
import { z } from 'zod';
import type { FlowContext } from '../flow/flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { planningInventory } from '../inventory/planning-inventory.ts';
import { rescanAll } from '../inventory/rescan.ts';
import { releaseRun } from '../janitor/release.ts';
import type { RunVm } from '../store/run-vms.ts';
import type { RunState } from '../store/runs.ts';
import type { BackupDeps } from './backup-deps.ts';
import { planAtStart } from './look-at-start.ts';
import { planAfterMigrations } from './plan-after-migrations.ts';
import { planOf } from './plan-of-run.ts';
import { rotatePoints } from './rotate-points.ts';
import { runGroup } from './run-group.ts';
import { type RunScripts, runPostScript, runPreScript, scriptsOf } from './script-step.ts';
import { runStandardVms, type StandardVmFlow, standardVmFlow } from './standard-vm.ts';
import { waitForProxy } from './wait-for-proxy.ts';

const planTimeoutMs = 10 * 60_000;
const lanesAtOnce = 4;

const runInputSchema = z.object({ runId: z.string() });
const laneInputSchema = z.object({ runId: z.string(), groupIds: z.array(z.string()) });

export type BackupRunInput = z.infer<typeof runInputSchema>;

export interface BackupFlows {
  readonly run: FlowDefinition<BackupRunInput, RunState>;
  /** Answers the keys of its VMs that go the standard way after all; runs of earlier releases answered nothing. */
  readonly lane: FlowDefinition<z.infer<typeof laneInputSchema>, readonly string[] | null>;
  readonly standard: StandardVmFlow;
}

/** The flow of DESIGN.md section 2: plan first, then lanes of groups, then VMs on the standard way (R13), then the true end state. */
export function backupFlows(deps: BackupDeps): BackupFlows {
  const lane: BackupFlows['lane'] = {
    name: 'backup-lane',
    parseInput: (value) => laneInputSchema.parse(value),
    async run(context, { runId, groupIds }) {
      const plan = await context.step('plan of the run', {}, () => planOf(deps, runId));
      const turned: string[] = [];
      for (const group of plan.groups)
        if (groupIds.includes(group.id)) turned.push(...(await runGroup(deps, context, runId, plan, group)));
      return turned;
    },
  };
  const standard = standardVmFlow(deps);
  const run: BackupFlows['run'] = {
    name: 'backup-run',
    parseInput: (value) => runInputSchema.parse(value),
    async run(context, { runId }) {
      let scripts: RunScripts | undefined;
      try {
        scripts = await context.step('scripts', {}, () => scriptsOf(deps, runId));
        await runPreScript(deps, context, runId, scripts);
        const plan = await context.step('plan', { cancellable: true, timeoutMs: planTimeoutMs }, (signal) =>
          deps.store.runLog.step(runId, [''], 'plan', () => beginRun(deps, runId, signal)),
        );
        const items = lanesOf(plan).map(({ name, groupIds }, at) => ({
          ...{ name, id: `lane-${at + 1}`, input: { runId, groupIds } },
        }));
        const isLast = ({ name }: { readonly name: string }) => name === afterOthers;
        const first = items.filter((item) => !isLast(item));
        const outcomes = [
          ...(await context.children(lane, first, { limit: lanesAtOnce })),
          ...(await context.children(lane, items.filter(isLast), { limit: lanesAtOnce })),
        ];
        const turned = outcomes.flatMap((outcome) => (outcome.ok ? (outcome.result ?? []) : []));
        const failed = await runStandardVms(context, standard, runId, plan, turned);
        await context.step('points', {}, () => rotatePoints(deps, runId, plan, () => context.ensureOwned()));
        const broken = outcomes.find((outcome) => !outcome.ok);
        if (broken && !broken.ok) throw broken.error;
        if (failed) throw failed;
        return await endRun(deps, context, runId, scripts);
      } catch (error) {
        if (isOwnershipLost(error)) throw error;
        return await endRun(deps, context, runId, scripts, error);
      }
    },
  };
  return { run, lane, standard };
}

/** Groups that share volumes run one after the other (R12), others side by side. */
function lanesOf(plan: Plan): readonly { readonly name: string; readonly groupIds: string[] }[] {
  const lanes = Map.groupBy(plan.groups, ({ lane }) => lane);
  return [...lanes].map(([name, groups]) => ({ name, groupIds: groups.map(({ id }) => id) }));
}

/** Looks at everything anew, makes the plan and writes down what it says of each VM. */
async function beginRun(deps: BackupDeps, runId: string, signal: AbortSignal): Promise<Plan> {
  const { store, clock } = deps;
  const known = await store.runs.get(runId);
  if (known.plan) return known.plan;
  const [job, scope] = await Promise.all([store.jobs.get(known.jobId), store.runs.scopeOf(runId)]);
  const plan = await planAfterMigrations({
    clock,
    signal,
    plan: async () => {
      await rescanAll(deps, signal);
      // Not before: a proxy that died with the server counts as online until its last sign of life is too old, which it may
      // become while vCenters and arrays are read.
      if (!job.snapshotOnly) await waitForProxy(store.proxies, clock, signal);
      const inventory = await planningInventory(deps, { refresh: false, signal });
      return planAtStart(deps, { runId, job, scope }, inventory, signal);
    },
    isMigrating: (vm) => isMigrating(deps, vm, signal),
    waiting: (vmKeys, wait) => store.runLog.step(runId, vmKeys, 'migration', wait),
  });
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

/** One that cannot be looked at does not count: the plan that is made next says why. */
async function isMigrating({ doors }: BackupDeps, vm: VmId, signal: AbortSignal): Promise<boolean> {
  try {
    const door = await doors.vcenter(vm.vcenterId);
    return (await door.vm(vm.moId, signal)).migration !== undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LeewardError) return false;
    throw error;
  }
}

/** JSON. */
interface RunOutcome {
  readonly state: RunState;
  readonly problem?: ErrorReport;
}

async function endRun(
  deps: BackupDeps,
  context: FlowContext,
  runId: string,
  scripts: RunScripts | undefined,
  error?: unknown,
): Promise<RunState> {
  const { store } = deps;
  await context.step('clean-up', {}, () =>
    releaseRun(deps, runId, () => context.ensureOwned(), { once: true }),
  );
  const outcome = await context.step('outcome', {}, async (): Promise<RunOutcome> => {
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
    return problem ? { state, problem } : { state };
  });
  if (scripts) await runPostScript(deps, context, runId, scripts, outcome);
  const now = await context.now();
  return context.step('end', {}, async () => {
    await store.changeLists.removeRun(runId);
    await store.runs.end(runId, outcome.state, new Date(now).toISOString(), outcome.problem);
    return outcome.state;
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
