import {
  type DiskPlan,
  type ErrorReport,
  type Job,
  LeewardError,
  reportOf,
  type VmPlan,
} from '@leeward/core';
import type { ReadVmInput } from '../proxy/read-vm.ts';
import type { BackupDeps } from './backup-deps.ts';
import { type DiskBases, downgraded } from './changed-areas-step.ts';

export interface ReadOf {
  readonly runId: string;
  readonly job: Pick<Job, 'failOnDowngrade' | 'cbtSampleFraction'>;
  readonly vm: VmPlan;
}

type Base = Pick<ReadVmInput['disks'][number], 'parent' | 'sample' | 'fullBecause'>;

/**
 * What a disk is compared with, and how much of what is said to be unchanged; or why it is read in full. A point that
 * was removed meanwhile is a downgrade: an event, or `L-SRC-103` where the job forbids it.
 */
export async function readBase(
  deps: Pick<BackupDeps, 'store' | 'randomness'>,
  { runId, job, vm }: ReadOf,
  { key, label, since }: Pick<DiskPlan, 'key' | 'label' | 'since'>,
  bases: DiskBases,
): Promise<Base> {
  if (!bases.incremental.includes(key)) return because(bases.fullBecause[String(key)]);
  const point = since && (await deps.store.points.find(since.pointId));
  const disk = point?.facts.disks.find((each) => each.key === key);
  if (!point || !disk) {
    const reason = reportOf(new LeewardError('L-SRC-117', { point: since?.pointId.slice(0, 8) }));
    await downgraded(deps, runId, vm, { label }, reason, job);
    return because(reason);
  }
  const { name: diskName, sizeBytes, deltaAreas } = disk;
  const parent = { pointId: point.id, diskName, sizeBytes, ...(deltaAreas ? { deltaAreas } : {}) };
  const [seed = 0] = new Uint32Array(deps.randomness.bytes(4).slice().buffer);
  return { parent, sample: { fraction: job.cbtSampleFraction, seed } };
}

function because(reason: ErrorReport | undefined): Base {
  return reason ? { fullBecause: { code: reason.code, what: reason.what } } : {};
}
