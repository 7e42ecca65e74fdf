import type { Cursor } from '../intercluster/protocol.ts';
import type { FileTree } from '../storage/file-tree.ts';
import type { Svm, SvmPeer } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';
import type { MirrorPolicy } from './mirror-policy.ts';

export type RelationState =
  | 'uninitialized'
  | 'snapmirrored'
  | 'paused'
  | 'broken_off'
  /** These three of synchronous kinds only, in place of `snapmirrored`. */
  | 'in_sync'
  | 'out_of_sync'
  | 'synchronizing';
export type TransferState = 'queued' | 'transferring' | 'success' | 'failed' | 'aborted' | 'hard_aborted';
export type TransferKind = 'initialize' | 'update' | 'resync';

export interface Transfer {
  readonly uuid: string;
  readonly relation: Relation;
  readonly kind: TransferKind;
  readonly named: string | undefined;
  readonly startMs: number;
  readonly throttle: number;
  readonly abort: AbortController;
  state: TransferState;
  /** The storage snapshot under way. */
  snapshot: string | undefined;
  bytes: number;
  totalBytes: number;
  updatedMs: number;
  endMs: number | undefined;
  error: { readonly code: number; readonly message: string } | undefined;
}

/** A transfer that stopped on its way, from where it can go on. */
export interface Checkpoint {
  readonly version: string;
  readonly base: string | undefined;
  readonly tree: FileTree;
  cursor: Cursor;
  bytes: number;
}

/** A relation between consistency groups; what replicates are the relations of their volumes. */
export interface GroupRelation {
  readonly uuid: string;
  readonly sourceSvm: SvmPeer;
  readonly svm: Svm;
  /** `/cg/<name>` */
  readonly source: string;
  readonly destination: string;
  readonly members: Relation[];
}

export interface Relation {
  readonly uuid: string;
  /** The relation between consistency groups that it is a part of, and which alone is shown. */
  readonly group: GroupRelation | undefined;
  readonly sourceSvm: SvmPeer;
  readonly sourceVolume: string;
  readonly destination: Volume;
  readonly createMs: number;
  policy: MirrorPolicy;
  state: RelationState;
  throttle: number;
  transfer: Transfer | undefined;
  lastSuccess: TransferKind | undefined;
  checkpoint: Checkpoint | undefined;
  unhealthy: { readonly code: string; readonly message: string }[];
  totalBytes: number;
  totalMs: number;
}

export function sourcePath(relation: Relation): string {
  return `${relation.sourceSvm.alias}:${relation.sourceVolume}`;
}

export function destinationPath(relation: Relation): string {
  return `${relation.destination.svm.name}:${relation.destination.name}`;
}
