import type { Clock, VolumeId } from '@leeward/core';
import type { ArrayDriver } from '../contract/array-driver.ts';
import type { IscsiPresentation } from '../contract/lun-presentation.ts';
import type { SyncPair } from '../contract/sync-snapshots.ts';
import type { CallHook, Side } from './array-world.ts';

/** Undoes what a world did, and waits until both sides are in sync again. */
export type Restore = () => Promise<void>;

/**
 * Synchronously replicated volumes, real or simulated, with which a driver that has `sync` must do what the contract
 * says. All pairs are in sync at the start. Everything here acts as the administrator or as the network.
 */
export interface SyncWorld {
  readonly clock: Clock;
  /** Two pairs that the array freezes together: always, or where both are asked for (`freezesParts`). */
  readonly together: readonly [SyncPair, SyncPair];
  /** One of `together` alone can be frozen too, as an instant of its own. */
  readonly freezesParts?: boolean;
  /** What storage snapshots are labelled with, where that is not the caller's choice. */
  readonly label?: string;
  /** One that is frozen alone. */
  readonly alone: SyncPair;
  /** Under which the proxy logs in to the secondaries. */
  readonly initiatorName: string;
  /** A driver of its own, with nothing remembered; the world closes it. Both sides may be one array. */
  connect(side: Side, hook?: CallHook): ArrayDriver;
  /** Coordinated storage snapshots of that name on both sides of a pair, made by the administrator. */
  makeForeign(pair: SyncPair, name: string): Promise<void>;
  /** Removes them. */
  removeForeign(pair: SyncPair, name: string): Promise<void>;
  /** All that belongs to the administrator. Compared before and after. */
  adminView(): Promise<unknown>;
  /** Both sides lose each other; both stay reachable from here. */
  loseSync(): Promise<Restore>;
  /** The array of the secondaries is away, from here too. */
  loseSecondary(): Promise<Restore>;
  /** The other side is lost while the next coordinated storage snapshot of `alone` is made. */
  loseSyncWhileMaking(): Promise<Restore>;
  /** Primaries and secondaries change roles. */
  exchangeRoles(): Promise<Restore>;
  /** Whether this initiator may read, and reads, what the storage snapshot of that name holds on `volume`. */
  readsFrozen?(shown: IscsiPresentation, volume: VolumeId, storageSnapshotName: string): Promise<boolean>;
  /** Writes other content to a primary, as a host does. */
  write(volume: VolumeId, seed: number): Promise<void>;
  /** Bytes that proxies have read from each side until now. */
  bytesRead?(): Promise<Readonly<Record<Side, number>>>;
  /** Lets the array act on the nth changing call from now and loses its answer. */
  loseAnswer(nth: number): Promise<void>;
  clearFaults(): Promise<void>;
  close(): Promise<void>;
}
