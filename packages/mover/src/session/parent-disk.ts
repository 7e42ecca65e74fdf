import { isError, LeewardError } from '@leeward/core';
import {
  type BlobIndex,
  BlobReader,
  extentContent,
  findPoint,
  isDamage,
  type OpenPoint,
  openPoint,
  type PointExtent,
  pointExtents,
  type Repository,
  TreeReader,
} from '@leeward/repository';

export interface ParentRef {
  readonly snapshotId: string;
  readonly diskName: string;
}

/** The same disk in an earlier point: where the ids of unchanged blocks come from, extent by extent. */
export class ParentDisk {
  readonly sizeBytes: number;
  readonly #reader: TreeReader;
  readonly #opened: OpenPoint;
  readonly #extents: readonly PointExtent[];

  private constructor(
    reader: TreeReader,
    opened: OpenPoint,
    extents: readonly PointExtent[],
    sizeBytes: number,
  ) {
    this.#reader = reader;
    this.#opened = opened;
    this.#extents = extents;
    this.sizeBytes = sizeBytes;
  }

  /** Throws `L-REP-126`, with the reason, when the point cannot serve as base. */
  static async open(repository: Repository, index: BlobIndex, ref: ParentRef): Promise<ParentDisk> {
    return refusing(ref, async () => {
      const reader = new TreeReader(new BlobReader(repository, index));
      const opened = await openPoint(reader, await findPoint(repository, ref.snapshotId));
      const { layout } = opened.document;
      const disk = layout.disks.find((candidate) => candidate.name === ref.diskName);
      if (!disk) throw unusable(ref, 'the point does not have this disk');
      if (layout.blockBytes !== repository.blockBytes) throw unusable(ref, 'its blocks have another size');
      const extents = await pointExtents(reader, opened, disk);
      return new ParentDisk(reader, opened, extents, disk.sizeBytes);
    });
  }

  extent(index: number): PointExtent | undefined {
    return this.#extents[index];
  }

  /** The ids of an extent. Throws `L-REP-126` when its tree is damaged. */
  content(extent: PointExtent): Promise<Uint8Array> {
    const ref = { snapshotId: this.#opened.point.id, diskName: extent.fileName };
    return refusing(ref, () => extentContent(this.#reader, this.#opened, extent));
  }
}

const unusableCodes = ['L-REP-113', 'L-REP-116', 'L-REP-117', 'L-REP-132'] as const;

/** Damage and absence make a base unusable; a failing storage is an error of its own. */
async function refusing<T>(ref: ParentRef, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isUnusable = isDamage(error) || unusableCodes.some((code) => isError(error, code));
    if (!isUnusable) throw error;
    throw unusable(ref, error instanceof Error ? error.message : String(error), error);
  }
}

function unusable(ref: ParentRef, reason: string, cause?: unknown): LeewardError {
  const { diskName: disk, snapshotId: point } = ref;
  return new LeewardError('L-REP-126', { disk, point: point.slice(0, 8), reason }, cause);
}
