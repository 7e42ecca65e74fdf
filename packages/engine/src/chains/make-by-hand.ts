import { ownershipComment } from '@leeward/arrays';
import {
  type Job,
  LeewardError,
  makePlan,
  objectKey,
  ownPlan,
  type Plan,
  type VolumePlan,
} from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { handMadePrefix } from '../backup/chain-state.ts';
import { storageSnapshotName } from '../backup/names.ts';
import { type StorageSnapshotDetail, storageSnapshotLedgerId } from '../backup/storage-snapshot-detail.ts';
import { planningInventory } from '../inventory/planning-inventory.ts';
import { newRunId } from '../services/run-id.ts';

/** What a user had made: one storage snapshot of each volume, under one name. */
export interface MadeByHand {
  readonly name: string;
  readonly volumes: readonly {
    readonly arrayId: string;
    readonly arrayName: string;
    readonly volumeName: string;
  }[];
}

const groupId = 'h1';

/**
 * A storage snapshot of every primary volume that a run of the job would freeze, at once for the volumes of one array.
 * VMs are not frozen, and nothing is transferred. No retention ever removes it. When it fails, what was made is
 * deleted again; what cannot be is left to the janitor.
 * @param isLimited for who is limited to jobs: volumes that are only frozen along are not named
 */
export async function makeByHand(
  deps: BackupDeps,
  job: Job,
  isLimited = false,
  signal?: AbortSignal,
): Promise<MadeByHand> {
  const { store, clock, randomness } = deps;
  const inventory = await planningInventory(deps, { refresh: true, ...(signal ? { signal } : {}) });
  const plan = makePlan(job, inventory, clock.now());
  const volumes = volumesIn(plan);
  if (volumes.length === 0) throw new LeewardError('L-RUN-143', { job: job.name });
  const handId = `${handMadePrefix}${newRunId(clock, randomness)}`;
  const name = storageSnapshotName(job.name, handId, groupId);
  for (const each of volumes)
    await store.ledger.intend({
      ...{ id: storageSnapshotLedgerId(handId, groupId, each.volume), runId: handId, jobId: job.id, name },
      ...{ kind: 'storage-snapshot', systemId: each.arrayId, detail: detailOf(each, 'temporary') },
    });
  try {
    await freeze(deps, handId, name, volumes, signal);
  } catch (error) {
    await takeBack(deps, handId, name, volumes);
    throw error;
  }
  for (const each of volumes)
    await store.ledger.mark(
      storageSnapshotLedgerId(handId, groupId, each.volume),
      'kept',
      detailOf(each, 'long-term'),
    );
  return {
    name,
    volumes: (isLimited ? volumesIn(ownPlan(plan)) : volumes).map(({ arrayId, arrayName, volumeName }) => ({
      arrayId,
      arrayName,
      volumeName,
    })),
  };
}

function volumesIn({ groups }: Plan): readonly VolumePlan[] {
  const volumes = groups.flatMap((group) => group.volumes);
  return [...new Map(volumes.map((each) => [objectKey(each.volume), each])).values()];
}

async function freeze(
  { doors, store }: BackupDeps,
  handId: string,
  name: string,
  volumes: readonly VolumePlan[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const comment = ownershipComment(store.installationId, handId);
  for (const [arrayId, members] of Map.groupBy(volumes, (each) => each.arrayId)) {
    const driver = await doors.array(arrayId);
    const request = { name, comment, volumes: members.map(({ volume }) => volume) };
    await driver.createStorageSnapshots({ ...request, transferTo: 'nowhere' }, signal);
  }
}

/** Each for itself: what does not work stays in the journal. */
async function takeBack(
  { doors, store }: BackupDeps,
  handId: string,
  name: string,
  volumes: readonly VolumePlan[],
): Promise<void> {
  const undone = volumes.map(async ({ arrayId, volume }) => {
    await (await doors.array(arrayId)).deleteStorageSnapshot(volume, name);
    await store.ledger.mark(storageSnapshotLedgerId(handId, groupId, volume), 'released');
  });
  await Promise.allSettled(undone);
}

function detailOf(
  { volume, volumeName }: VolumePlan,
  role: StorageSnapshotDetail['role'],
): StorageSnapshotDetail {
  return { volume, volumeName, role };
}
