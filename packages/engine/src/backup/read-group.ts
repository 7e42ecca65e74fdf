import { isError, reportOf, type VmPlan, vmKey } from '@leeward/core';
import type { ChildHandle } from '../flow/flow.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { proxyQueue, type ReadVmInput, type ReadVmResult, readVmFlow } from '../proxy/read-vm.ts';
import type { Point } from '../store/points.ts';
import { failVm, type GroupState, volumesOf } from './group-state.ts';
import { readsPrimary } from './present-group.ts';
import { objectKey } from './storage-snapshot-step.ts';

/**
 * Has the proxies read every VM of the group that is still on its way; each success is a point. Returns or throws
 * only when no reader is at work any more, since then what they read is withdrawn.
 */
export async function readGroup(state: GroupState, storageSnapshotName: string): Promise<void> {
  const { context, group } = state;
  const inputs: { vm: VmPlan; input: ReadVmInput }[] = [];
  for (const vm of state.vms.values()) {
    const input = await context.step(`${group.id}: input for ${vmKey(vm.vm)}`, {}, () =>
      readInput(state, vm, storageSnapshotName),
    );
    inputs.push({ vm, input });
  }
  const started: { vm: VmPlan; input: ReadVmInput; handle: ChildHandle<ReadVmResult> }[] = [];
  for (const { vm, input } of inputs) {
    const childId = `read-${vm.vm.moId}-${group.id}`;
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
      else await failVm(state, vm, reportOf(error));
    }
  }
  if (cancelled) throw cancelled;
}

async function readInput(state: GroupState, vm: VmPlan, storageSnapshotName: string): Promise<ReadVmInput> {
  const { deps, runId, plan } = state;
  const key = vmKey(vm.vm);
  const frozen = state.frozen.get(key);
  const incremental = state.incremental.get(key) ?? [];
  const fromPrimary = readsPrimary(state, vm);
  const presented = fromPrimary ? state.onPrimary : state.onSecondary;
  const volumes = volumesOf(vm).flatMap((volume) => {
    const presentation = presented.get(objectKey(volume));
    return presentation
      ? [{ volume, presentation: { ...presentation, addresses: [...presentation.addresses] } }]
      : [];
  });
  const disks = await Promise.all(
    vm.disks.map(async (disk) => {
      const now = frozen?.disks.find((each) => each.key === disk.key);
      const parent = incremental.includes(disk.key) ? await parentOf(state, vm, disk.key) : undefined;
      return {
        key: disk.key,
        label: disk.label,
        node: disk.node,
        fileName: disk.fileName,
        located: disk.located,
        sizeBytes: now?.sizeBytes ?? disk.sizeBytes,
        ...(now?.changeId ? { changeId: now.changeId } : {}),
        ...(parent ? { parent } : {}),
      };
    }),
  );
  const relation = state.group.volumes.find((each) => each.relation)?.relation;
  await deps.store.runVms.put(
    { runId, vmKey: key, name: vm.name, state: 'running' },
    {
      source: fromPrimary ? 'primary' : 'secondary',
      transport: 'nfs',
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
    repositoryId: plan.job.repositoryId,
    source: fromPrimary ? 'primary' : 'secondary',
    frozenAt: frozen?.createdAt ?? plan.madeAt,
    storageSnapshotName,
    volumes,
    ...(vm.vmxFile ? { vmxFile: vm.vmxFile } : {}),
    disks,
  };
}

async function parentOf(state: GroupState, vm: VmPlan, diskKey: number) {
  const pointId = vm.disks.find(({ key }) => key === diskKey)?.since?.pointId;
  if (pointId === undefined) return undefined;
  const point = await state.deps.store.points.get(pointId);
  const disk = point.facts.disks.find(({ key }) => key === diskKey);
  return disk && { pointId, diskName: disk.name, sizeBytes: disk.sizeBytes };
}

async function recordPoint(
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
      bytes: result.bytes,
      disks: input.disks.map(({ key, label, node, fileName, sizeBytes, changeId }) => ({
        key,
        label,
        node,
        name: result.diskNames[String(key)] ?? label,
        fileName,
        sizeBytes,
        ...(changeId ? { changeId } : {}),
      })),
    },
  };
  await context.step(`${group.id}: point of ${input.vmKey}`, {}, async () => {
    await deps.store.points.add(point);
    await deps.store.runVms.put(
      { runId, vmKey: input.vmKey, name: vm.name, state: 'success' },
      { kind: result.kind, bytes: result.bytes, resumedBytes: result.resumedBytes, pointId: result.pointId },
    );
  });
  state.vms.delete(input.vmKey);
}
