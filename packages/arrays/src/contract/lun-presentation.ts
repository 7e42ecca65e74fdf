import type { VolumeId } from '@leeward/core';
import type { PresentationPlan } from './presentation.ts';

/** What the proxies shall be able to read as a block device. */
export interface LunPresentationRequest {
  /** Unique, derived from run and step; names the clone. */
  readonly name: string;
  readonly volume: VolumeId;
  readonly storageSnapshotName: string;
  readonly protocol: 'iscsi';
  /** Names (IQN, EUI or NAA form) under which the proxies log in; no other initiator gets access. */
  readonly initiatorNames: readonly string[];
  /** Of `Lun.path`: which LUNs of the volume; absent: all. */
  readonly lunPaths?: readonly string[];
  readonly comment: string;
}

/**
 * What `present` is going to create or change, found out by reading only. JSON without secrets: the engine
 * journals it before anything is touched, and hands it back for `withdraw`, also after a crash in between.
 */
export interface LunPresentationPlan {
  readonly request: LunPresentationRequest;
  readonly method: 'clone' | 'lun-clone';
  /** What will be created or changed, in plain words, for the plan and the journal. */
  readonly effects: readonly string[];
  /** The driver's own facts; opaque to all others. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface PresentedLun {
  /** As `Lun.path` of the original. */
  readonly path: string;
  /** LUN number below the target, for each initiator name of the request. */
  readonly access: readonly { readonly initiatorName: string; readonly lun: number }[];
  /** IQN of the target that has it. */
  readonly targetName: string;
  readonly sizeBytes: number;
  /** Identity of the device shown, another one than the original's; the proxy MUST check it before it reads. */
  readonly serial: string;
  readonly scsiNames: readonly string[];
}

/** Where the proxies find the storage snapshot. JSON without secrets. */
export interface IscsiPresentation {
  readonly protocol: 'iscsi';
  /**
   * Portals, best first. They answer SendTargets and logins; an array may send the login on to another address
   * (temporary redirect), so the proxy has to follow one. Those of equal `preference` (0 is best, absent: 0) are
   * equally good, so that reads may be spread over them; to worse ones no reads are sent while better ones work.
   */
  readonly portals: readonly {
    readonly address: string;
    readonly port: number;
    readonly preference?: number | undefined;
  }[];
  readonly luns: readonly PresentedLun[];
  /** True when the target demands CHAP; then `credentials` tells user and secret. */
  readonly chap: boolean;
}

/** CHAP user and secret, handed to the proxy at the start of a session and never journaled or shown. */
export interface IscsiCredentials {
  readonly username: string;
  readonly password: string;
  /** What the target must prove itself with to the proxy (mutual CHAP). */
  readonly mutual?: { readonly username: string; readonly password: string } | undefined;
}

/** A plan of any protocol, as it comes back from the journal. */
export type AnyPresentationPlan = PresentationPlan | LunPresentationPlan;

/** Block access to storage snapshots. The contract is that of the driver's NFS presentations. */
export interface LunPresentations {
  /** Reads only. */
  plan(
    request: LunPresentationRequest,
    active: readonly AnyPresentationPlan[],
    signal?: AbortSignal,
  ): Promise<LunPresentationPlan>;

  /** Idempotent. */
  present(plan: LunPresentationPlan, signal?: AbortSignal): Promise<IscsiPresentation>;

  /**
   * Idempotent. The proxies MUST have logged out; sessions that are still there are cut. What other plans in
   * `active` need stays.
   */
  withdraw(
    plan: LunPresentationPlan,
    active: readonly AnyPresentationPlan[],
    signal?: AbortSignal,
  ): Promise<void>;

  /** What proxies need to log in, where the array's settings demand CHAP. */
  credentials(): IscsiCredentials | undefined;
}
