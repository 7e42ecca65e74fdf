import { LeewardError, type Plan, type VmPlan, vmKey } from '@leeward/core';
import { z } from 'zod';
import type { FlowContext } from '../flow/flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { proxyQueue, readVmFlow } from '../proxy/read-vm.ts';
import type { BackupDeps } from './backup-deps.ts';
import { askVms, freezeVms } from './freeze-group.ts';
import { failVm, type GroupState } from './group-state.ts';
import { outcomeOf } from './outcome.ts';
import { planOf } from './plan-of-run.ts';
import { recordPoint } from './read-group.ts';
import { releaseVm } from './release-vm-step.ts';
import { runGroup } from './run-group.ts';
import { readInTime, readUntilMs } from './standard-deadline.ts';
import { standardInput } from './standard-input.ts';
import { standardQueue } from './standard-queue.ts';
import { withStandard } from './turn-to-standard.ts';

const releaseTimeoutMs = 30 * 60_000;
const inputTimeoutMs = 10 * 60_000;
/** No group of a plan is called so. */
const groupId = 'standard';

const inputSchema = z.object({ runId: z.string(), vmKey: z.string() });

export type StandardVmFlow = FlowDefinition<z.infer<typeof inputSchema>, null>;

/**
 * One VM that no storage snapshot is read of: its VMware snapshot lives until a proxy has read the last byte of it
 * through vCenter, and goes in every case.
 */
export function standardVmFlow(deps: BackupDeps): StandardVmFlow {
  return {
    name: 'backup-standard-vm',
    parseInput: (value) => inputSchema.parse(value),
    async run(context, { runId, vmKey: key }) {
      const plan = await context.step('plan of the run', {}, () => planOf(deps, runId));
      const ofVm = withStandard(plan, key);
      const alone = { id: groupId, lane: '', vmKeys: [key], volumes: [] };
      await runGroup(deps, context, runId, ofVm, alone, backUp);
      return null;
    },
  };
}

/**
 * Backs up the VMs of the plan that go the standard way. Called when the storage-snapshot VMs of the run are done (R13),
 * so that no VMware snapshot of it is there before all storage snapshots are. Returns the first error that no single VM
 * is to blame for.
 * @param turned keys of VMs of its groups that go this way as no storage snapshot of them could be made (R6)
 */
export async function runStandardVms(
  context: FlowContext,
  flow: StandardVmFlow,
  runId: string,
  plan: Plan,
  turned: readonly string[],
): Promise<unknown> {
  const vms = [
    ...plan.vms.filter(({ source }) => source === 'standard'),
    ...plan.vms.filter(({ vm }) => turned.includes(vmKey(vm))),
  ];
  const started = [];
  for (const [at, { vm }] of vms.entries()) {
    const input = { runId, vmKey: vmKey(vm) };
    const where = { queue: standardQueue, partition: vm.vcenterId };
    started.push(await context.child(flow, `standard-${at + 1}`, input, where));
  }
  let broken: unknown;
  for (const child of started) {
    try {
      await child.result();
    } catch (error) {
      if (isOwnershipLost(error)) throw error;
      broken ??= error;
    }
  }
  return broken;
}

async function backUp(state: GroupState): Promise<void> {
  await noteWay(state);
  await freezeVms(state);
  await askVms(state);
  for (const vm of [...state.vms.values()]) {
    const problem = await readVm(state, vm);
    if (problem) await failVm(state, vm, problem);
  }
  for (const vm of state.planned) await release(state, vm);
}

/**
 * Says that production is read, and why: a downgrade (R6), or the regular way where storage snapshots are out of the
 * question.
 */
async function noteWay({ deps, context, runId, planned, group }: GroupState): Promise<void> {
  for (const vm of planned) {
    const reason = vm.notTaken.find(({ path }) => path === 'secondary')?.reason;
    if (!reason) continue;
    // Files are placed on volumes only of VMs that nothing keeps from storage snapshots.
    const code = vm.vmxFile ? 'L-SRC-105' : 'L-SRC-106';
    const note = new LeewardError(code, { vm: vm.name, reason: reason.what });
    await context.step(`${group.id}: ${vmKey(vm.vm)} the standard way`, {}, () =>
      deps.store.runLog.event(runId, vmKey(vm.vm), note),
    );
  }
}

/** See `readInTime`. */
async function readVm(state: GroupState, vm: VmPlan) {
  const { deps, context, runId, group } = state;
  const key = vmKey(vm.vm);
  const options = { cancellable: true, timeoutMs: inputTimeoutMs };
  const prepared = await context.step(`${group.id}: read input for ${key}`, options, (signal) =>
    outcomeOf(async () => {
      const input = await standardInput(state, vm, signal);
      const row = { runId, vmKey: key, name: vm.name, state: 'running' as const };
      await deps.store.runVms.put(row, { source: 'standard', transport: 'http' });
      return input;
    }, signal),
  );
  if (!prepared.ok) return prepared.problem;
  const input = prepared.value;
  const queue = proxyQueue(vm.proxyId ?? '');
  const reader = await context.child(readVmFlow, `read-${vm.vm.moId}`, input, { queue });
  const read = await readInTime(state, vm, reader, readUntilMs(state, input.frozenAt));
  if (!read.ok) return read.problem;
  await recordPoint(state, vm, input, read.result);
  return undefined;
}

function release(state: GroupState, vm: VmPlan): Promise<null> {
  const { deps, context, runId, group } = state;
  const name = `${group.id}: removal of the VMware snapshot of ${vmKey(vm.vm)}`;
  return context.step(name, { timeoutMs: releaseTimeoutMs }, async (signal) => {
    await releaseVm(deps, runId, vm, false, signal);
    await deps.store.places.release(runId, [vmKey(vm.vm)]);
    return null;
  });
}
