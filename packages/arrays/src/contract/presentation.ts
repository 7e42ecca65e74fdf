import type { VolumeId } from '@leeward/core';

/** What the proxy shall be able to read. */
export interface PresentationRequest {
  /** Unique, derived from run and step; names the clone or policy if one is made. */
  readonly name: string;
  readonly volume: VolumeId;
  readonly storageSnapshotName: string;
  readonly protocol: 'nfs';
  /** Addresses from which the proxy will connect. */
  readonly proxyAddresses: readonly string[];
  readonly comment: string;
}

/**
 * What `present` is going to create or change, found out by reading only. JSON: the engine journals it before
 * anything is touched, and hands it back for `withdraw`, also after a crash between the two.
 */
export interface PresentationPlan {
  readonly request: PresentationRequest;
  /** `snapshot-directory`: the volume as it is mounted; `clone`: a clone of ours. */
  readonly method: 'snapshot-directory' | 'clone';
  /** What will be created or changed, in plain words, for the plan and the journal. */
  readonly effects: readonly string[];
  /** The driver's own facts (rules to add, names, ids); opaque to all others. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Where the proxy finds the storage snapshot. */
export interface NfsPresentation {
  readonly protocol: 'nfs';
  /** Addresses of data ports that serve it, best first. */
  readonly addresses: readonly string[];
  /** Ports where they are not the protocol's own (simulators); else asked from the port mapper. */
  readonly nfsPort?: number;
  readonly mountPort?: number;
  /** Path to give to MOUNT. */
  readonly exportPath: string;
  /** Path below the mount that is the root of the frozen file system; empty for the mount itself. */
  readonly rootPath: string;
}
