import type { ChunkStore, SpaceAccount } from '../../storage/chunk-store.ts';
import type { ExportPolicy } from './export-policy.ts';
import type { FileTree } from './file-tree.ts';
import type { StorageSnapshot } from './storage-snapshot.ts';
import type { Svm } from './svm.ts';

/** Where a volume is mounted in its SVM's namespace: a name in a folder of another volume. */
export interface Junction {
  readonly path: string;
  readonly parent: Volume;
  readonly folderId: number;
  readonly name: string;
}

export interface CloneOrigin {
  readonly parent: Volume;
  readonly snapshot: StorageSnapshot;
}

export type VolumeType = 'rw' | 'dp';

/** A volume; mutable, changed only by the operations in this folder and by the mirror engine. */
export interface Volume {
  readonly uuid: string;
  /** Number in NFS handles and in the names of mirror snapshots; never used twice. */
  readonly instance: number;
  name: string;
  readonly svm: Svm;
  type: VolumeType;
  state: 'online' | 'offline';
  readonly aggregate: string;
  comment: string;
  readonly createMs: number;
  readonly store: ChunkStore;
  readonly account: SpaceAccount;
  /** Live files; on a DP volume those of the exported storage snapshot. */
  tree: FileTree;
  snapshots: StorageSnapshot[];
  junction: Junction | undefined;
  policy: ExportPolicy;
  readonly clone: CloneOrigin | undefined;
  snapshotDirectory: boolean;
  snapshotLocking: boolean;
  /** Serial numbers of LUNs by inode, where another volume's are shown: a pair of active sync is one device to hosts. */
  lunSerials: ReadonlyMap<number, string> | undefined;
  /** What a strict synchronous relation that lost its sync stops on its source. */
  stopped: 'all' | 'writes' | undefined;
  /** The storage snapshot that a DP volume shows as its live files; absent before the baseline. */
  exported: StorageSnapshot | undefined;
  /** Deleted without `force`: kept for a while under a changed name, invisible. */
  inRecoveryQueue: boolean;
}
