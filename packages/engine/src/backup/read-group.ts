import { type ErrorReport, isError, reportOf, repositoryOf, type VmPlan, vmKey } from '@leeward/core';
import type { ChildHandle } from '../flow/flow.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { initiatorNameOf } from '../proxy/initiator-name.ts';
import { proxyQueue, type ReadVmInput, type ReadVmResult, readVmFlow } from '../proxy/read-vm.ts';
import type { Point } from '../store/points.ts';
import type { RunVmFacts } from '../store/run-vms.ts';
import { accessesOf, failVm, type GroupState } from './group-state.ts';
import { outcomeOf } from './outcome.ts';
import { coordinatedVolumesOf, turnToPrimary } from './present-group.ts';
import { readBase } from './read-base.ts';
import { turnToStandard } from './turn-to-standard.ts';
import { volumesToRead } from './volumes-to-read.ts';

/**
 * Has the proxies read every VM of the group that is still on its way; each success is a point. A VM whose files cannot
 * be trusted goes to the next source that its job allows: from the secondary to the primary, from there, or where that
 * is not allowed, out of the group to the standard way. One that loses the secondary of a synchronous relation is read
 * again on the primary alone, at the first block that was not read yet. Returns or throws only when no reader is at
 * work any more, since then what they read is withdrawn.
 */
export async function readGroup(state: GroupState, storageSnapshotName: string): Promise<void> {
  const again: VmPlan[] = [];
  for (const { vm, problem } of await readAll(state, [...state.vms.values()], 'read', storageSnapshotName)) {
    if (!mayTurnToPrimary(state, vm, problem)) await giveUp(state, vm, problem);
    else if (await turnToPrimary(state, vm, problem, storageSnapshotName, isPaired(state, vm)))
      again.push(vm);
  }
  if (again.length === 0) return;
  for (const { vm, problem } of await readAll(state, again, 'read-again', storageSnapshotName))
    await giveUp(state, vm, problem);
}

/** Whether the primary is a way out of this. */
function mayTurnToPrimary(state: GroupState, vm: VmPlan, problem: ErrorReport): boolean {
  if (state.onPrimaryVms.has(vmKey(vm.vm))) return false;
  const { failoverToPrimary, finishOnPrimary } = state.plan.job;
  // Damage is no loss: only where the job has such a VM finished on the primary it is another way there too (R2).
  if (isPaired(state, vm)) return isLoss(problem) || (isDoubt(problem) && finishOnPrimary);
  return isDoubt(problem) && failoverToPrimary;
}

/** No storage snapshot is left to read the VM from; where the files could not be trusted its host may be. */
async function giveUp(state: GroupState, vm: VmPlan, problem: ErrorReport): Promise<void> {
  if (isDoubt(problem) && !isPaired(state, vm)) await turnToStandard(state, vm, problem);
  else await failVm(state, vm, problem);
}

function isPaired(state: GroupState, vm: VmPlan): boolean {
  return coordinatedVolumesOf(state, vm).length > 0;
}

/** What was read contradicts itself or CBT: damage, or a state that the hosts were still writing. */
function isDoubt({ code }: ErrorReport): boolean {
  return code.startsWith('L-FMT-');
}

/** The data ports, or what they show, were not there any more: network, NFS and block access. */
function isLoss({ code }: ErrorReport): boolean {
  return code.startsWith('L-NET-') || code.startsWith('L-BLK-');
}

async function readAll(
  state: GroupState,
  vms: readonly VmPlan[],
  purpose: 'read' | 'read-again',
  storageSnapshotName: string,
): Promise<readonly { readonly vm: VmPlan; readonly problem: ErrorReport }[]> {
  const { context, group } = state;
  const inputs: { vm: VmPlan; input: ReadVmInput }[] = [];
  const failed: { vm: VmPlan; problem: ErrorReport }[] = [];
  for (const vm of vms) {
    const outcome = await context.step(`${group.id}: ${purpose} input for ${vmKey(vm.vm)}`, {}, () =>
      outcomeOf(() => readInput(state, vm, storageSnapshotName)),
    );
    if (outcome.ok) inputs.push({ vm, input: outcome.value });
    else failed.push({ vm, problem: outcome.problem });
  }
  const started: { vm: VmPlan; input: ReadVmInput; handle: ChildHandle<ReadVmResult> }[] = [];
  for (const { vm, input } of inputs) {
    const childId = `${purpose}-${vm.vm.moId}-${group.id}`;
    const queue = proxyQueue(vm.proxyId ?? '');
    started.push({ vm, input, handle: await context.child(readVmFlow, childId, input, { queue }) });
  }
  let cancelled: unknown;
  for (const { vm, input, handle } of started) {
    try {
      await recordPoint(state, vm, input, await handle.result());
    } catch (error) {
      if (isOwnershipLost(error)) throw error;
      if (isError(error, 'L-RUN-102')) cancelled = error;
      else failed.push({ vm, problem: reportOf(error) });
    }
  }
  if (cancelled) {
    for (const { vm, problem } of failed) await failVm(state, vm, problem);
    throw cancelled;
  }
  return failed;
}

async function readInput(state: GroupState, vm: VmPlan, storageSnapshotName: string): Promise<ReadVmInput> {
  const { deps, runId, plan } = state;
  const key = vmKey(vm.vm);
  const frozen = state.frozen.get(key);
  const bases = state.bases.get(key) ?? { incremental: [], fullBecause: {} };
  const fromPrimary = state.onPrimaryVms.has(key);
  const presented = fromPrimary ? state.onPrimary : state.onSecondary;
  const accesses = accessesOf(vm);
  const proxy = (await deps.store.proxies.list()).find(({ id }) => id === vm.proxyId);
  const volumes = volumesToRead(vm, presented, proxy?.reach ?? []);
  const disks = await Promise.all(
    vm.disks.map(async (disk) => {
      const now = frozen?.disks.find((each) => each.key === disk.key);
      const base = await readBase(deps, { runId, job: plan.job, vm }, disk, bases);
      return {
        key: disk.key,
        label: disk.label,
        node: disk.node,
        fileName: disk.fileName,
        located: disk.located,
        parents: disk.parents,
        deltas: frozen?.deltas?.[String(disk.key)] ?? [],
        sizeBytes: now?.sizeBytes ?? disk.sizeBytes,
        ...(now?.changeId ? { changeId: now.changeId } : {}),
        ...base,
      };
    }),
  );
  const relation = state.group.volumes.find((each) => each.relation)?.relation;
  const skew = (await deps.store.runVms.list(runId)).find((each) => each.vmKey === key)?.facts.skew;
  await deps.store.runVms.put(
    { runId, vmKey: key, name: vm.name, state: 'running' },
    {
      source: fromPrimary ? 'primary' : 'secondary',
      transport: accesses.some(({ protocol }) => protocol === 'iscsi') ? 'iscsi' : 'nfs',
      ...(relation
        ? { relation: { kind: relation.kind, policy: relation.policy, secondary: relation.arrayName } }
        : {}),
    },
  );
  return {
    runId,
    jobId: plan.job.id,
    jobName: plan.job.name,
    vmKey: key,
    vmName: vm.name,
    vmPath: vm.path,
    vcenterName: vm.vcenterName,
    repositoryId: repositoryOf(plan.job),
    source: fromPrimary ? 'primary' : 'secondary',
    frozenAt: frozen?.createdAt ?? plan.madeAt,
    ...(skew ? { skew } : {}),
    storageSnapshotName,
    initiatorName: proxy ? initiatorNameOf(proxy) : '',
    volumes,
    ...(vm.vmxFile ? { vmxFile: vm.vmxFile } : {}),
    failOnDowngrade: plan.job.failOnDowngrade,
    disks,
  };
}

/** The point of a VM as its reader committed it. */
export async function recordPoint(
  state: GroupState,
  vm: VmPlan,
  input: ReadVmInput,
  result: ReadVmResult,
): Promise<void> {
  const { deps, context, runId, group } = state;
  const point: Point = {
    id: result.pointId,
    vmKey: input.vmKey,
    vmName: vm.name,
    vcenterName: vm.vcenterName,
    jobId: input.jobId,
    runId,
    repositoryId: input.repositoryId,
    createdAt: input.frozenAt,
    source: input.source,
    facts: {
      vmPath: vm.path,
      kind: result.kind,
      frozenAt: input.frozenAt,
      ...(input.skew ? { skew: input.skew } : {}),
      bytes: result.bytes,
      disks: input.disks.map(({ key, label, node, fileName, sizeBytes, changeId, fullBecause }) => ({
        key,
        label,
        node,
        name: result.diskNames[String(key)] ?? label,
        fileName,
        sizeBytes,
        ...(changeId ? { changeId } : {}),
        ...causeOf(result.disks?.[String(key)]?.fullBecause ?? fullBecause),
        ...(result.deltaAreas?.[String(key)] ? { deltaAreas: result.deltaAreas[String(key)] } : {}),
      })),
    },
  };
  await context.step(`${group.id}: point of ${input.vmKey}`, {}, async () => {
    await deps.store.points.add(point);
    await deps.store.runVms.put(
      { runId, vmKey: input.vmKey, name: vm.name, state: 'success' },
      {
        ...{ kind: result.kind, bytes: result.bytes, resumedBytes: result.resumedBytes },
        ...{ pointId: result.pointId, disks: tasksOf(input, result) },
        ...(result.stageTimes ? { stageTimes: result.stageTimes } : {}),
      },
    );
  });
  state.vms.delete(input.vmKey);
}

type Cause = NonNullable<RunVmFacts['disks']>[number]['fullBecause'];

function causeOf(fullBecause: Cause): { readonly fullBecause?: Cause } {
  return fullBecause ? { fullBecause } : {};
}

/** How each disk was read. */
function tasksOf(input: ReadVmInput, result: ReadVmResult): NonNullable<RunVmFacts['disks']> {
  return input.disks.map(({ key, label, parent, fullBecause: planned }) => {
    const { fullBecause = planned, sampledBlocks } = result.disks?.[String(key)] ?? {};
    const isFull = parent === undefined || fullBecause !== undefined;
    return {
      ...{ key, label, kind: isFull ? 'full' : 'incremental' },
      ...causeOf(fullBecause),
      ...(isFull || sampledBlocks === undefined ? {} : { sampledBlocks }),
    };
  });
}
