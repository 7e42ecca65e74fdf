import type { FrozenInstant } from '@leeward/arrays';
import { keepsCoordinatedChain, LeewardError, type Plan, type VolumePlan } from '@leeward/core';
import type { LedgerEntry } from '../store/ledger.ts';
import type { BackupDeps } from './backup-deps.ts';
import {
  type StorageSnapshotDetail,
  storageSnapshotDetailOf,
  storageSnapshotLedgerId,
} from './storage-snapshot-detail.ts';
import { pairOf } from './sync-pair.ts';

export interface CoordinatedStep {
  readonly runId: string;
  readonly groupId: string;
  readonly plan: Pick<Plan, 'job'>;
  readonly name: string;
  readonly comment: string;
}

/** What is journaled of the half on the secondary before both are made; `undefined` for a volume that goes alone. */
export function secondaryHalf(
  { runId, groupId, plan, name }: Omit<CoordinatedStep, 'comment'>,
  volume: VolumePlan,
): Omit<LedgerEntry, 'state' | 'createdAt'> | undefined {
  const { relation } = volume;
  if (!relation || !pairOf(volume)) return undefined;
  return {
    id: storageSnapshotLedgerId(runId, groupId, relation.volume),
    runId,
    jobId: plan.job.id,
    kind: 'storage-snapshot',
    systemId: relation.arrayId,
    name,
    detail: detailOfHalf(volume, relation.volume, relation.volumeName),
  };
}

/**
 * Makes the storage snapshots of `volumes`, all of one array and in `sync` relations to another one, on both sides at
 * once, by the array of the primaries. Both halves must be journaled. Safe to repeat. Throws `L-ARR-204` and `L-ARR-205`
 * as the driver does, `L-RUN-130` where there is no such driver.
 */
export async function createCoordinated(
  { doors }: BackupDeps,
  { name, comment }: Pick<CoordinatedStep, 'name' | 'comment'>,
  volumes: readonly VolumePlan[],
  signal: AbortSignal,
): Promise<readonly FrozenInstant[]> {
  const [first] = volumes;
  if (!first) return [];
  const { sync } = await doors.array(first.arrayId);
  if (!sync) throw new LeewardError('L-RUN-130', { array: first.arrayName });
  const pairs = volumes.flatMap((each) => pairOf(each) ?? []);
  return (await sync.create({ name, pairs, comment }, signal)).instants;
}

/**
 * Notes that both halves are there. Where the job keeps a coordinated chain they are its newest link from now on, on
 * both sides (R7).
 */
export async function noteHalves(
  { store: { ledger } }: BackupDeps,
  { runId, groupId, plan }: CoordinatedStep,
  volume: VolumePlan,
  frozen: NonNullable<StorageSnapshotDetail['frozen']>,
): Promise<void> {
  const { relation } = volume;
  if (!relation) return;
  const isKept = keepsCoordinatedChain(plan.job);
  const state = isKept ? 'kept' : 'present';
  const role = isKept ? ('long-term' as const) : ('temporary' as const);
  const half = detailOfHalf(volume, relation.volume, relation.volumeName);
  await ledger.mark(storageSnapshotLedgerId(runId, groupId, relation.volume), state, { ...half, role });
  const own = storageSnapshotDetailOf(volume);
  await ledger.mark(storageSnapshotLedgerId(runId, groupId, volume.volume), state, { ...own, role, frozen });
}

function detailOfHalf(
  volume: VolumePlan,
  half: VolumePlan['volume'],
  volumeName: string,
): StorageSnapshotDetail {
  return { ...storageSnapshotDetailOf(volume), volume: half, volumeName };
}
