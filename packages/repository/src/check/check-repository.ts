import { LeewardError } from '@leeward/core';
import type { BlobIndex } from '../blobs/blob-index.ts';
import { BlobReader } from '../blobs/blob-reader.ts';
import { idFromHex } from '../crypto/sha256.ts';
import { type LoadedIndex, loadIndex } from '../index/load-index.ts';
import { underReadLock } from '../locks/read-lock.ts';
import { damaged, type Repository } from '../open/repository.ts';
import { TreeReader } from '../point/tree-reader.ts';
import { listPoints, type PointList } from '../snapshots/points.ts';
import { checkPack, expectedPacks } from './check-packs.ts';
import type { CheckedPoint, CheckProblem, CheckReport } from './check-report.ts';
import { type BadBlobs, TreeCheck } from './check-trees.ts';

export interface CheckOptions {
  /** Also read and verify every pack, byte for byte. */
  readonly readData?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly packsDone: number; readonly packsTotal: number }) => void;
}

/**
 * Checks a repository from the points down: every point's trees, every blob in an index, every pack there with the
 * right size, and with `readData` every byte. Names each damage and the points and paths that it affects. Holds a
 * shared lock where it can. Throws only when the storage itself fails; damage is in the report.
 */
export async function checkRepository(
  repository: Repository,
  options: CheckOptions = {},
): Promise<CheckReport> {
  // Points first: whatever they reference was indexed before they were written.
  const load = async () => ({
    list: await listPoints(repository),
    loaded: await loadIndex(repository, options.signal),
  });
  return underReadLock(repository, options.signal, load, ({ list, loaded }) =>
    check(repository, list, loaded, options),
  );
}

async function check(
  repository: Repository,
  { points, damage }: PointList,
  loaded: LoadedIndex,
  options: CheckOptions,
): Promise<CheckReport> {
  const problems: CheckProblem[] = [...damage, ...loaded.damage].map((error) => ({ error }));
  const packs = await checkPacks(repository, loaded.index, options);
  problems.push(...packs.problems);
  const bad = badBlobs(loaded.index, packs.problems);
  const reader = new TreeReader(new BlobReader(repository, loaded.index));
  const trees = new TreeCheck(reader, loaded.index, bad);
  const checked: CheckedPoint[] = [];
  for (const { id, time, host, tags, tree } of points) {
    options.signal?.throwIfAborted();
    checked.push({ id, time, host, tags, damagedPaths: await trees.damagedPaths(idFromHex(tree)) });
  }
  for (const error of trees.problems) {
    if (!problems.some((known) => known.error.message === error.message)) problems.push({ error });
  }
  return {
    ok: problems.length === 0,
    problems,
    damagedPacks: [...new Set(packs.problems.flatMap(({ packId }) => packId ?? []))],
    points: checked,
    packs: packs.count,
    blobs: loaded.index.table.count,
    bytesRead: packs.bytesRead,
    unusedPacks: packs.unused,
  };
}

async function checkPacks(repository: Repository, index: BlobIndex, options: CheckOptions) {
  const expected = expectedPacks(index);
  const problems: CheckProblem[] = [];
  const present = new Map<string, number>();
  for await (const { name, sizeBytes } of repository.backend.list('data')) present.set(name, sizeBytes);
  let bytesRead = 0;
  let packsDone = 0;
  for (const { packId, sizeBytes } of expected.values()) {
    options.signal?.throwIfAborted();
    const actual = present.get(packId);
    if (actual === undefined) {
      problems.push({ error: new LeewardError('L-REP-110', { kind: 'data', name: packId }), packId });
    } else if (options.readData) {
      problems.push(...(await checkPack(repository, packId)));
      bytesRead += actual;
    } else if (actual !== sizeBytes) {
      const reason = `it has ${actual} bytes instead of ${sizeBytes}`;
      problems.push({ error: damaged('data', packId, reason), packId });
    }
    packsDone++;
    options.onProgress?.({ packsDone, packsTotal: expected.size });
  }
  const unused = [...present.keys()].filter((name) => !expected.has(name)).length;
  return { problems, count: expected.size, bytesRead, unused };
}

/** Single damaged blobs where they are known, else all blobs of the damaged pack. */
function badBlobs(index: BlobIndex, problems: readonly CheckProblem[]): BadBlobs {
  const blobs = new Set<string>();
  const packs = new Set<string>();
  for (const { error, packId } of problems) {
    if (error.code === 'L-REP-112') blobs.add(`${packId} ${error.details['blob']}`);
    else if (packId && !problems.some((other) => isBlobOf(other, packId))) packs.add(packId);
  }
  const id = Buffer.alloc(32);
  return {
    isBad(entry) {
      if (blobs.size === 0 && packs.size === 0) return false;
      const { packId } = index.placeOf(entry);
      index.table.copyId(entry, id, 0);
      return packs.has(packId) || blobs.has(`${packId} ${id.toString('hex')}`);
    },
  };
}

function isBlobOf(problem: CheckProblem, packId: string): boolean {
  return problem.error.code === 'L-REP-112' && problem.packId === packId;
}
