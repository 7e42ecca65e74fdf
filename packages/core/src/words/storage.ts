/** How a secondary volume follows its primary. */
export type RelationKind = 'transfer' | 'sync';

/** The data path a VM was really read by. */
export type Source = 'secondary' | 'primary' | 'standard';

/** Why a storage snapshot of ours exists. */
export type StorageSnapshotRole = 'temporary' | 'long-term' | 'auxiliary';

/** An object on an array. Identity is the array's serial plus the object's own id, never a name. */
export interface ArrayObjectId {
  /** Serial or uuid of the array (cluster, group), as `ArrayIdentity.serial`. */
  readonly arraySerial: string;
  readonly objectId: string;
}

export type VolumeId = ArrayObjectId;

export function sameObject(a: ArrayObjectId, b: ArrayObjectId): boolean {
  return a.arraySerial === b.arraySerial && a.objectId === b.objectId;
}

/** One text for it, for maps and ids. */
export function objectKey({ arraySerial, objectId }: ArrayObjectId): string {
  return `${arraySerial}/${objectId}`;
}

/** A byte range of a disk. */
export interface Extent {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}
