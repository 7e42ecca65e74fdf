import type { StorageSnapshot } from '../storage/storage-snapshot.ts';
import type { Svm } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';

export interface GroupSnapshot {
  readonly uuid: string;
  readonly name: string;
  readonly comment: string;
  readonly label: string;
  readonly consistencyType: string;
  readonly createMs: number;
  readonly members: readonly { readonly volume: Volume; readonly snapshot: StorageSnapshot }[];
}

/** First phase of a two-phase snapshot: nothing exists yet, and the time to commit is short. */
export interface PendingSnapshot {
  readonly uuid: string;
  readonly name: string;
  readonly comment: string;
  readonly label: string;
  readonly consistencyType: string;
  readonly untilMs: number;
}

export interface ConsistencyGroup {
  readonly uuid: string;
  readonly name: string;
  readonly svm: Svm;
  /** The group that this one is in; a group that holds others has no volumes of its own. */
  readonly parent?: ConsistencyGroup;
  readonly children: ConsistencyGroup[];
  volumes: Volume[];
  snapshots: GroupSnapshot[];
  pending: PendingSnapshot | undefined;
}

/** Its volumes and those of the groups in it. */
export function volumesOf({ volumes, children }: ConsistencyGroup): readonly Volume[] {
  return [...volumes, ...children.flatMap((child) => child.volumes)];
}
