import { type CreateStorageSnapshots, type FrozenInstant, ownershipComment } from '@leeward/arrays';
import {
  type GroupPlan,
  LeewardError,
  objectKey,
  type Plan,
  planHops,
  type Skew,
  sameObject,
  type VmPlan,
  type VolumePlan,
  vmKey,
  volumesOf,
} from '@leeward/core';
import { parseColumn } from '../store/json.ts';
import type { BackupDeps } from './backup-deps.ts';
import { type CoordinatedStep, createCoordinated, noteHalves, secondaryHalf } from './coordinated-step.ts';
import { type FrozenVolume, skewOfVm } from './frozen-apart.ts';
import { storageSnapshotName } from './names.ts';
import {
  type StorageSnapshotDetail,
  storageSnapshotDetailOf,
  storageSnapshotDetailSchema,
  storageSnapshotLedgerId,
} from './storage-snapshot-detail.ts';
import { pairOf } from './sync-pair.ts';

/**
 * Freezes all volumes of a group, those of one array together, and notes for each VM how far apart its volumes were
 * frozen. Safe to repeat. Returns the common name.
 */
export async function takeStorageSnapshots(
  deps: BackupDeps,
  runId: string,
  plan: Plan,
  group: GroupPlan,
  signal: AbortSignal,
): Promise<string> {
  const { store, clock } = deps;
  const name = storageSnapshotName(plan.job.name, runId, group.id);
  const comment = ownershipComment(store.installationId, runId);
  const step = { runId, groupId: group.id, plan, name, comment };
  for (const each of group.volumes) {
    await store.ledger.intend({
      id: storageSnapshotLedgerId(runId, group.id, each.volume),
      runId,
      jobId: plan.job.id,
      kind: 'storage-snapshot',
      systemId: each.arrayId,
      name,
      detail: storageSnapshotDetailOf(each),
    });
    const half = secondaryHalf(step, each);
    if (half) await store.ledger.intend(half);
  }
  const frozen: FrozenVolume[] = [];
  const intendedMs: number[] = [];
  for (const call of await callsFor(deps, group)) {
    const { arrayId, volumes, isCoordinated } = call;
    const instants = isCoordinated
      ? await createCoordinated(deps, step, volumes, signal)
      : await createAlone(deps, step, call, signal);
    for (const each of volumes) {
      const id = storageSnapshotLedgerId(runId, group.id, each.volume);
      const entry = await store.ledger.get(id);
      const before = entry && parseColumn(storageSnapshotDetailSchema, entry.detail, id).frozen;
      const now = remembered(instantOf(each, instants), before);
      if (isCoordinated) await noteHalves(deps, step, each, now);
      else await store.ledger.mark(id, 'present', { ...storageSnapshotDetailOf(each), frozen: now });
      const { instantId, ...known } = now;
      frozen.push({ volume: each.volume, arrayId, instantId, known });
      if (entry) intendedMs.push(Date.parse(entry.createdAt));
    }
  }
  const toMs = clock.now();
  const within = { fromMs: Math.min(toMs, ...intendedMs), toMs };
  for (const vm of plan.vms.filter((each) => group.vmKeys.includes(vmKey(each.vm))))
    await noteSkew(deps, runId, group, vm, skewOfVm(vm, frozen, within));
  return name;
}

async function createAlone(
  { doors }: BackupDeps,
  { name, comment }: Pick<CoordinatedStep, 'name' | 'comment'>,
  { arrayId, volumes, transferTo }: Call,
  signal: AbortSignal,
): Promise<readonly FrozenInstant[]> {
  const driver = await doors.array(arrayId);
  const ids = volumes.map(({ volume }) => volume);
  const to = transferTo === undefined ? {} : { transferTo };
  return (await driver.createStorageSnapshots({ name, volumes: ids, comment, ...to }, signal)).instants;
}

type Moment = NonNullable<StorageSnapshotDetail['frozen']>;

function instantOf({ volume, volumeName }: VolumePlan, instants: readonly FrozenInstant[]): Moment {
  const found = instants.find(({ volumes }) => volumes.some((each) => sameObject(each, volume)));
  if (!found) throw new RangeError(`the array does not tell when it froze ${volumeName}`);
  const { id: instantId, created, measured } = found;
  return { instantId, ...(created ? { created } : {}), ...(measured ? { measured } : {}) };
}

/** What an earlier try measured counts as long as it is the same storage snapshot. */
function remembered(now: Moment, before: Moment | undefined): Moment {
  return before?.instantId === now.instantId ? { ...before, ...now } : now;
}

async function noteSkew(
  { store }: BackupDeps,
  runId: string,
  group: GroupPlan,
  vm: VmPlan,
  skew: Skew,
): Promise<void> {
  const key = vmKey(vm.vm);
  const known = (await store.runVms.list(runId)).find((each) => each.vmKey === key);
  if (known) await store.runVms.put(known, { skew }, known.problem);
  if (skew.instants <= 1) return;
  const volumes = namesOf(group, vm).join(', ');
  const details = { volumes, ...skew, span: spanText(skew) };
  await store.runLog.event(runId, key, new LeewardError('L-RUN-112', details));
}

function spanText({ atLeastMs, atMostMs }: Skew): string {
  return atLeastMs === 0 ? `at most ${atMostMs}` : `${atLeastMs} to ${atMostMs}`;
}

function namesOf(group: GroupPlan, vm: VmPlan): readonly string[] {
  const own = new Set(volumesOf(vm).map(objectKey));
  return group.volumes.filter(({ volume }) => own.has(objectKey(volume))).map(({ volumeName }) => volumeName);
}

interface Call {
  readonly arrayId: string;
  readonly volumes: readonly VolumePlan[];
  /** On both sides of their `sync` relations at once. */
  readonly isCoordinated?: boolean;
  readonly transferTo?: CreateStorageSnapshots['transferTo'];
}

/**
 * One call for each array, which freezes its volumes at one instant. Where the transfer starts with the storage
 * snapshot, one for each secondary array too, since a call goes to one of them; likewise where both sides are frozen.
 */
async function callsFor(deps: BackupDeps, group: GroupPlan): Promise<readonly Call[]> {
  const calls: Call[] = [];
  for (const [arrayId, all] of Map.groupBy(group.volumes, (each) => each.arrayId)) {
    const paired = all.filter((each) => pairOf(each) !== undefined);
    for (const volumes of Map.groupBy(paired, ({ relation }) => relation?.arrayId).values())
      calls.push({ arrayId, volumes, isCoordinated: true });
    const volumes = all.filter((each) => !paired.includes(each));
    if (volumes.length === 0) continue;
    const { capabilities } = await deps.doors.array(arrayId);
    if (!capabilities.transferStartsWithSnapshot) calls.push({ arrayId, volumes });
    else
      for (const ofSecondary of Map.groupBy(volumes, firstArray).values())
        calls.push({ arrayId, volumes: ofSecondary, transferTo: targetOf(ofSecondary[0]) });
  }
  return calls;
}

function firstArray({ relation }: VolumePlan): string | undefined {
  return relation && planHops(relation)[0]?.arrayId;
}

function targetOf(volume: VolumePlan | undefined): CreateStorageSnapshots['transferTo'] {
  const { relation } = volume ?? {};
  const [first] = relation ? planHops(relation) : [];
  return first ? { arrayName: first.arrayOwnName, arraySerial: first.arrayId } : 'nowhere';
}
