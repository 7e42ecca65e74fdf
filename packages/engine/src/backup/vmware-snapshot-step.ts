import { ownershipComment } from '@leeward/arrays';
import {
  isError,
  isoTime,
  type Job,
  LeewardError,
  type LocatedFile,
  type Plan,
  reportOf,
  type VmPlan,
  vmKey,
} from '@leeward/core';
import type { FrozenDisk, VcenterDoor } from '../systems/doors.ts';
import type { BackupDeps } from './backup-deps.ts';
import { frozenDeltas } from './frozen-deltas.ts';
import { vmwareSnapshotName } from './names.ts';
import { outcomeOf } from './outcome.ts';
import { removeVmwareSnapshot, vmwareSnapshotLedgerId } from './remove-vmware-snapshot.ts';

export interface FrozenVm {
  readonly vmwareSnapshotMoId: string;
  readonly createdAt: string;
  /** By VMware Tools; else it is crash-consistent. Missing in runs of earlier releases. */
  readonly quiesced?: boolean;
  readonly disks: readonly FrozenDisk[];
  /** By disk key: see `frozenDeltas`. Only of disks that have any. */
  readonly deltas?: Readonly<Record<string, readonly LocatedFile[]>>;
}

/**
 * Takes the VMware snapshot of one VM and reads what it froze. Safe to repeat: the name is the run's, and the
 * intent is journaled first. Throws `L-RUN-108` and `L-RUN-116` when the VM's disks are no longer where the plan saw
 * them, and `L-RUN-117`, with the VMware snapshot gone again, when the VM was not quiesced and its job requires it.
 */
export async function takeVmwareSnapshot(
  deps: BackupDeps,
  runId: string,
  plan: Plan,
  vm: VmPlan,
  signal: AbortSignal,
): Promise<FrozenVm> {
  const { store, doors, clock } = deps;
  const key = vmKey(vm.vm);
  const name = vmwareSnapshotName(runId);
  const ledgerId = vmwareSnapshotLedgerId(runId, key);
  const door = await doors.vcenter(vm.vm.vcenterId);
  // Before anything is made: a right to create without the right to remove would leave the VMware snapshot behind.
  await door.requirePrivileges([vm.vm.moId], signal);
  await store.ledger.intend({
    id: ledgerId,
    runId,
    jobId: plan.job.id,
    kind: 'vmware-snapshot',
    systemId: vm.vm.vcenterId,
    name,
    detail: { vmKey: key, vmMoId: vm.vm.moId, vmName: vm.name },
  });
  if (vm.enableCbt) await door.enableCbt(vm.vm.moId, signal);
  const description = ownershipComment(store.installationId, runId);
  const { moId, quiesced, refused } = await create(door, vm, { name, description }, plan.job.quiesce, signal);
  const createdAt = isoTime(clock.now());
  await store.ledger.mark(ledgerId, 'present');
  await store.runVms.put(
    { runId, vmKey: key, name: vm.name, state: 'running' },
    { vmwareSnapshot: { name, createdAt } },
  );
  if (plan.job.quiesce === 'require' && !quiesced) await giveUp(deps, runId, vm, signal);
  if (plan.job.quiesce === 'fall-back' && !quiesced)
    await store.runLog.event(
      runId,
      key,
      refused
        ? new LeewardError('L-RUN-118', { vm: vm.name, reason: reportOf(refused).what })
        : new LeewardError('L-RUN-115', { vm: vm.name }),
    );
  const disks = await door.frozenDisks(moId, signal);
  const deltas = vm.disks.flatMap((planned) => {
    const found = frozenDeltas(vm, planned, disks);
    return found.length > 0 ? [[String(planned.key), found] as const] : [];
  });
  return { vmwareSnapshotMoId: moId, createdAt, quiesced, disks, deltas: Object.fromEntries(deltas) };
}

interface Created {
  readonly moId: string;
  readonly quiesced: boolean;
  /** Why it is not quiesced, when the guest said so. */
  readonly refused?: LeewardError;
}

/** As the policy says: where the guest refuses to be quiesced, without that, or not at all. */
async function create(
  door: VcenterDoor,
  { vm }: VmPlan,
  names: { readonly name: string; readonly description: string },
  policy: Job['quiesce'],
  signal: AbortSignal,
): Promise<Created> {
  const ask = (quiesce: boolean) => door.createVmwareSnapshot(vm.moId, { ...names, quiesce }, signal);
  if (policy !== 'fall-back') return ask(policy === 'require');
  try {
    return await ask(true);
  } catch (error) {
    if (!isError(error, 'L-VC-302')) throw error;
    return { ...(await ask(false)), refused: error };
  }
}

/** What cannot be removed now stays in the journal: the clean-up and the janitor try again. */
async function giveUp(deps: BackupDeps, runId: string, vm: VmPlan, signal: AbortSignal): Promise<never> {
  await outcomeOf(() => removeVmwareSnapshot(deps, runId, vm, signal), signal);
  throw new LeewardError('L-RUN-117', { vm: vm.name });
}
