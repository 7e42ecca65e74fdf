import type { LockAbility, TransferPolicy } from '../words/array-inventory.ts';
import type { RelationKind, StorageSnapshotRole } from '../words/storage.ts';

export const dayMs = 86_400_000;

/**
 * How long the links of a chain stay. With both, a link stays as long as one of them wants it. Whatever the rule
 * says, the newest whole link stays: no chain is ever shorter than 1.
 */
export type KeepRule =
  | { readonly count: number; readonly days?: number }
  | { readonly count?: number; readonly days: number };

/** What the job wants at one place. */
export interface PlaceRules {
  /** `none`: no chain is wanted here, what is left of an earlier one goes. Absent: not known, nothing goes. */
  readonly keep?: KeepRule | 'none';
  /** Length of the lock of each long-term link, from the moment it was frozen. Absent or 0: no locks. */
  readonly lockDays?: number;
}

/** By `Place.id`. */
export type RetentionRules = Readonly<Record<string, PlaceRules>>;

/** What every storage snapshot on the chain's volumes has, whoever made it. */
interface Seen {
  /** The same on every volume and array that has it. Never used twice. */
  readonly name: string;
  /** When its content was frozen, Unix milliseconds by the clock of the array that froze it. */
  readonly frozenAtMs: number;
  /** Until when the array refuses to delete it; `Infinity`: for ever. Absent: not locked. */
  readonly lockedUntilMs?: number;
  /** Who holds it against deletion, in the array's words (replication, a clone …). */
  readonly heldBy: readonly string[];
  /** Label and schedule by which rules of the array choose. */
  readonly label?: string;
  readonly schedule?: string;
}

/** One that a job of this installation made, with our mark. */
export interface OwnLink extends Seen {
  readonly owner: 'this-job' | 'other-job';
  readonly role: StorageSnapshotRole;
  /** A running run or restore needs it. */
  readonly inUse: boolean;
  /** Names of volumes of the set that lost their part of it; a link with any is no longer whole. */
  readonly lostOn: readonly string[];
  /** Places to which it may have gone; asked only where the place cannot be listed now. */
  readonly arrivedAt: readonly string[];
  /** Places to which it is on its way, or queued by the array. */
  readonly onWayTo: readonly string[];
}

/** Not ours to delete: made by hand with Leeward, by another installation, or by anybody else. */
export interface ForeignLink extends Seen {
  readonly owner: 'by-hand' | 'other-installation' | 'foreign';
}

export type Link = OwnLink | ForeignLink;

/** How a place gets its storage snapshots from another one. */
export type Feed =
  | {
      readonly kind: Extract<RelationKind, 'transfer'>;
      readonly from: string;
      readonly policy: TransferPolicy;
      /** The newest transferred storage snapshot must stay on both sides as the base of the next transfer. */
      readonly keepsAuxiliary: boolean;
    }
  | { readonly kind: Extract<RelationKind, 'sync'>; readonly from: string };

/** A rule by which the array itself removes the oldest beyond a number. */
export interface ArrayRule {
  readonly by: 'label' | 'schedule';
  readonly name: string;
  readonly keep: number;
}

/** One volume set on one array. */
export interface Place {
  readonly id: string;
  /** For people: array and volumes. */
  readonly name: string;
  /**
   * All storage snapshots there, oldest first in the order in which they were made: times decide nothing here, since
   * clocks jump. Absent: it could not be listed; then nothing is decided that depends on it.
   */
  readonly links?: readonly Link[];
  /** The array's own time, by which ages are counted; absent where it does not tell. */
  readonly arrayNowMs?: number;
  /** Absent: nothing feeds it; it is the primary. */
  readonly feed?: Feed;
  readonly arrayRules: readonly ArrayRule[];
  /** The array does not let single storage snapshots of this place be deleted. */
  readonly refusesDelete: boolean;
  /** What the array says about locks on these volumes. */
  readonly locks: LockAbility;
}

/**
 * The chain of one job on one volume set with everything that hangs on it: the primary and the places that its
 * relations feed, in a tree of any shape. Each feeder stands before what it feeds.
 */
export interface ChainState {
  readonly places: readonly Place[];
}

export function isOwn(link: Link): link is OwnLink {
  return link.owner === 'this-job' || link.owner === 'other-job';
}

/** A long-term link of the job that the retention is for. */
export function isOfChain(link: Link): link is OwnLink {
  return link.owner === 'this-job' && link.role === 'long-term';
}
