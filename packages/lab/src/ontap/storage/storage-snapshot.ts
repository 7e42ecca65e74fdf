import type { FileTree } from './file-tree.ts';

export type SnapshotOwner = 'snapmirror' | 'volume_clone';

export interface StorageSnapshot {
  readonly uuid: string;
  /** Identity of the content: the same on source and replica. */
  readonly versionUuid: string;
  /** Number in NFS handles, unique in its volume. */
  readonly instance: number;
  name: string;
  /** Freeze time on the source. */
  readonly createMs: number;
  comment: string;
  label: string;
  readonly tree: FileTree;
  readonly logicalBytes: number;
  expiryMs: number | undefined;
  lockedUntilMs: number | undefined;
  /** Made by a relation for itself (rule `sm_created`). */
  readonly byRelation: boolean;
  /** Holder to the owner it shows as: relation uuid or clone uuid. */
  readonly holds: Map<string, SnapshotOwner>;
}

export function ownersOf(snapshot: StorageSnapshot): SnapshotOwner[] {
  return [...new Set(snapshot.holds.values())].sort();
}
