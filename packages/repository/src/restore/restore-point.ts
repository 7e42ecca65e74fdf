import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { makeFolders } from '@leeward/platform/files/make-folders';
import type { BlobIndex } from '../blobs/blob-index.ts';
import { BlobReader } from '../blobs/blob-reader.ts';
import { ZeroIds } from '../blobs/zeros.ts';
import { idToHex } from '../crypto/sha256.ts';
import { loadIndex } from '../index/load-index.ts';
import { underReadLock } from '../locks/read-lock.ts';
import type { Repository } from '../open/repository.ts';
import { descriptorFileName, flatFileName } from '../point/disk-layout.ts';
import { fileNameOf } from '../point/file-names.ts';
import { extentContent, type OpenPoint, openPoint, pointExtents, pointFile } from '../point/open-point.ts';
import { type PointLayout, pointDocumentName } from '../point/point-document.ts';
import { TreeReader } from '../point/tree-reader.ts';
import { vmdkDescriptor } from '../point/vmdk-descriptor.ts';
import type { Point } from '../snapshots/points.ts';
import { RestorePlan } from './restore-plan.ts';
import { type RestoreProgress, runRestore } from './restore-run.ts';
import { SmallFiles } from './small-files.ts';
import { targetError } from './target-errors.ts';

export interface RestoreOptions {
  /** Made when absent. */
  readonly targetFolder: string;
  /** Replace files that are there already; without it they are an error before anything is written. */
  readonly overwrite?: boolean;
  /** Threads; by default one a core, at most 4. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Called after each piece of work; `bytesTotal` does not count zeros. */
  readonly onProgress?: (progress: RestoreProgress) => void;
}

export interface RestoredDisk {
  readonly name: string;
  readonly sizeBytes: number;
  readonly descriptorPath: string;
  readonly flatPath: string;
}

export interface RestoredPoint {
  readonly vmName: string;
  readonly disks: readonly RestoredDisk[];
  /** Configuration files and `point.json`. */
  readonly files: readonly string[];
  /** Bytes written to disks, zeros not counted. */
  readonly bytesWritten: number;
}

/**
 * Restores a VM into a folder: its configuration files, `point.json` and for each disk one descriptor and one sparse
 * flat file, as ESXi and qemu open them. Needs nothing but the repository and a password. Errors: `L-REP-119`
 * (exists), `L-REP-120` (target full), `L-REP-121`, `L-REP-132` (no VM), and those of damage, which name the block.
 */
export function restorePoint(
  repository: Repository,
  point: Point,
  options: RestoreOptions,
): Promise<RestoredPoint> {
  const load = () => loadIndex(repository, options.signal);
  return underReadLock(repository, options.signal, load, ({ index }) =>
    restore(repository, index, point, options),
  );
}

async function restore(
  repository: Repository,
  index: BlobIndex,
  point: Point,
  options: RestoreOptions,
): Promise<RestoredPoint> {
  const { targetFolder, overwrite = false, signal } = options;
  const blobs = new BlobReader(repository, index);
  const reader = new TreeReader(blobs);
  const opened = await openPoint(reader, point);
  const { layout } = opened.document;
  const plan = new RestorePlan(index);
  const small = new SmallFiles(targetFolder);
  for (const name of layout.files) small.add(fileNameOf(name), await pointFile(reader, opened, name));
  small.add(pointDocumentName, Buffer.from(`${JSON.stringify(opened.document, null, 2)}\n`));
  const disks: RestoredDisk[] = [];
  for (const disk of layout.disks) {
    disks.push(await planDisk(blobs, reader, opened, disk, plan, targetFolder));
    const extents = [{ sizeBytes: disk.sizeBytes, fileName: flatFileName(disk.name) }];
    small.add(descriptorFileName(disk.name), Buffer.from(vmdkDescriptor('vmfs', disk.descriptor, extents)));
  }
  await makeFolders(targetFolder).catch((error: unknown) => {
    throw targetError(error, targetFolder);
  });
  if (!overwrite) await small.refuseExisting();
  const workers = options.workers ?? Math.min(availableParallelism(), 4);
  await runRestore(repository, blobs, plan, { workers, overwrite, signal, onProgress: options.onProgress });
  await small.write();
  return { vmName: layout.vmName, disks, files: small.paths, bytesWritten: plan.bytes };
}

async function planDisk(
  blobs: BlobReader,
  reader: TreeReader,
  opened: OpenPoint,
  disk: PointLayout['disks'][number],
  plan: RestorePlan,
  targetFolder: string,
): Promise<RestoredDisk> {
  const flatPath = join(targetFolder, flatFileName(disk.name));
  const partialPath = `${flatPath}.partial`;
  const file = plan.addFile({ path: flatPath, partialPath, sizeBytes: disk.sizeBytes, mode: 0o600 });
  const { blockBytes } = opened.document.layout;
  const zeros = new ZeroIds();
  for (const extent of await pointExtents(reader, opened, disk)) {
    const content = await extentContent(reader, opened, extent);
    for (let at = 0, inside = 0; at < content.length; at += 32, inside += blockBytes) {
      const bytes = Math.min(blockBytes, extent.sizeBytes - inside);
      const isHole = Buffer.compare(zeros.idOf(bytes), content.subarray(at, at + 32)) === 0;
      if (!isHole) plan.addBlob(dataEntry(blobs, content, at, bytes), file, extent.offsetBytes + inside);
    }
  }
  const descriptorPath = join(targetFolder, descriptorFileName(disk.name));
  return { name: disk.name, sizeBytes: disk.sizeBytes, descriptorPath, flatPath };
}

function dataEntry(blobs: BlobReader, content: Uint8Array, at: number, bytes: number): number {
  const entry = blobs.index.table.find('data', content, at);
  if (entry < 0) throw new LeewardError('L-REP-113', { blob: idToHex(content, at) });
  const actual = blobs.index.plainBytesOf(entry);
  if (actual === bytes) return entry;
  const reason = `it has ${actual} bytes instead of ${bytes}`;
  const { packId } = blobs.index.placeOf(entry);
  throw new LeewardError('L-REP-112', { blob: idToHex(content, at), pack: packId, reason });
}
