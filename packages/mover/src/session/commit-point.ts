import { LeewardError } from '@leeward/core';
import {
  type DiskFacts,
  fileNameOf,
  idFromHex,
  listPoints,
  type PointFile,
  savePoint,
  writePointTree,
} from '@leeward/repository';
import type { DiskBackupResult } from './disk-backup-options.ts';
import type { SessionContext } from './session-context.ts';

export interface CommitPointOptions {
  readonly vmName: string;
  /** Name of the vCenter. */
  readonly host: string;
  readonly timeMs: number;
  /** Run and VM make the commit repeatable; both become tags, `run=` and `vm=`. */
  readonly runId: string;
  readonly vmId: string;
  /** Further tags, such as `job=…`, `source=secondary`. */
  readonly tags: readonly string[];
  readonly files: readonly PointFile[];
  readonly disks: readonly { readonly descriptor: DiskFacts; readonly result: DiskBackupResult }[];
  readonly pointJson: Readonly<Record<string, unknown>>;
  readonly parentSnapshotId?: string | undefined;
}

export interface CommittedPoint {
  readonly snapshotId: string;
  /** True when an earlier call for the same run and VM had already made the point. */
  readonly existed: boolean;
}

const programVersion = 'leeward 0.1.0';

/** Makes the point visible, as the last step. Repeating it for the same run and VM gives the same point. */
export async function commitPoint(
  context: SessionContext,
  options: CommitPointOptions,
): Promise<CommittedPoint> {
  const { repository, blobs, indexWriter } = context;
  const identity = [`run=${options.runId}`, `vm=${options.vmId}`];
  const { points } = await listPoints(repository);
  const earlier = points.find((point) => identity.every((tag) => point.tags.includes(tag)));
  if (earlier) return { snapshotId: earlier.id, existed: true };
  const disks = options.disks.map(({ descriptor, result }) => ({
    name: result.diskName,
    sizeBytes: result.sizeBytes,
    descriptor,
    extentTrees: result.extentTrees.map(({ treeId }) => storedTree(context, treeId)),
  }));
  const { vmName, files, pointJson: document } = options;
  const tree = await writePointTree(repository, blobs, { vmName, files, disks, document });
  await blobs.drain();
  await indexWriter.flush();
  const snapshotId = await savePoint(repository, {
    timeMs: options.timeMs,
    host: options.host,
    tags: [...options.tags, ...identity],
    paths: [`/${fileNameOf(vmName)}`],
    tree,
    parent: options.parentSnapshotId,
    programVersion,
  });
  return { snapshotId, existed: false };
}

/** A result may come from another process: what it names MUST be there before a point may reference it. */
function storedTree(context: SessionContext, treeId: string): Uint8Array {
  const id = idFromHex(treeId);
  if (!context.index.isStored('tree', id)) throw new LeewardError('L-REP-113', { blob: treeId });
  return id;
}
