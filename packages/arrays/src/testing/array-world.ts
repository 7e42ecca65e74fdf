import type { Clock, VolumeId } from '@leeward/core';
import type { ArrayDriver } from '../contract/array-driver.ts';
import type { MissingCapability, TransferPolicy } from '../contract/inventory.ts';
import type { IscsiPresentation } from '../contract/lun-presentation.ts';

/** A volume with a storage snapshot of the administrator, to be shown to a proxy as a block device. */
export interface WorldLunPresentation {
  readonly name: string;
  readonly volume: VolumeId;
}

export type Side = 'primary' | 'secondary';

/** A relation of the world: both ends exist and hold data, and the first transfer is over. */
export interface WorldRelation {
  readonly policy: TransferPolicy;
  readonly relation: VolumeId;
  readonly primaryVolume: VolumeId;
  readonly secondaryVolume: VolumeId;
}

/** A volume with a storage snapshot `admin_nightly` of the administrator, to be shown to a proxy by the way in which its set-up demands it. */
export interface WorldPresentation {
  readonly name: string;
  readonly volume: VolumeId;
  readonly method: 'snapshot-directory' | 'clone';
  /** How many rules of ours its set-up needs in policies of the administrator. */
  readonly rules: number;
}

/** What an array of the family cannot do, which then says so. */
export type Lacking = 'NFS' | 'consistency groups';

/** Sees every call of a driver, before and after it reached the array. */
export interface CallHook {
  readonly afterCall?: () => void;
}

/**
 * Two arrays, real or simulated, with which a driver must do what the contract says. Everything here acts as the
 * administrator or as the network, never through the driver under test.
 */
export interface ArrayWorld {
  readonly clock: Clock;
  readonly proxyAddress: string;
  readonly relations: readonly WorldRelation[];
  /** Empty for families without NFS. */
  readonly presentations: readonly WorldPresentation[];
  /** On the secondary; at least one. */
  readonly lunPresentations: readonly WorldLunPresentation[];
  /** Under which the proxy logs in. */
  readonly initiatorName: string;
  /** Name of the administrator's storage snapshot where the array does not allow `admin_nightly`. */
  readonly nightlyName?: string;
  /** What the arrays lack by their set-up; absent: nothing. */
  readonly missing?: Readonly<Record<Side, readonly MissingCapability[]>>;
  /** Two read-write volumes on the primary that no consistency group joins. */
  readonly separateVolumes: readonly [VolumeId, VolumeId];
  /** Two that one consistency group joins; absent on arrays without groups. */
  readonly groupedVolumes?: readonly [VolumeId, VolumeId];
  /** A driver of its own, with nothing remembered; the world closes it. */
  connect(side: Side, hook?: CallHook): ArrayDriver;
  /** A storage snapshot that is not ours. */
  makeForeignSnapshot(side: Side, volume: VolumeId, name: string): Promise<void>;
  /**
   * Transfers a storage snapshot of the administrator, so that none of ours is the base of the next transfer
   * (and, on a mirror, so that what is deleted on the primary is deleted on the secondary).
   */
  releaseBase(relation: WorldRelation): Promise<void>;
  /** All that belongs to the administrator: volumes, mounts, policies, rules. Compared before and after. */
  adminView(side: Side): Promise<unknown>;
  /** Whether the proxy may read a file below this place now; absent where the world has no data ports. */
  canRead?(side: Side, exportPath: string, rootPath: string): Promise<boolean>;
  /** Whether this initiator may read the frozen content now; absent where the world has no data ports. */
  canReadLun?(side: Side, shown: IscsiPresentation, initiatorName: string): Promise<boolean>;
  /** Gives the account of the drivers another password and ends its sessions, until what it returns is called. */
  changePassword(side: Side): Promise<() => Promise<void>>;
  /** Lets the array act on the nth changing call from now and loses its answer. */
  loseAnswer(side: Side, nth: number): Promise<void>;
  clearFaults(side: Side): Promise<void>;
  close(): Promise<void>;
}
