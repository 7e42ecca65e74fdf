import {
  explain,
  isOwn,
  isoTime,
  type Kept,
  type Link,
  type Place,
  retain,
  type StorageSnapshotRole,
} from '@leeward/core';
import { chainPlaces, endAt, placeOfVolume, sideOf } from '../backup/chain-places.ts';
import { type JournaledStorageSnapshot, retentionRules } from '../backup/chain-state.ts';
import type { HeldVm } from '../backup/storage-snapshot-detail.ts';
import type { ReadChain } from './read-chain.ts';

export const linkOwners = ['this-job', 'other-job', 'by-hand', 'other-installation', 'foreign'] as const;
/** `gone`: somebody deleted it; `unknown`: its array cannot be asked. */
export const linkStates = ['there', 'gone', 'unknown'] as const;

/** A storage snapshot, why it is kept and when it goes. */
export interface ChainLink {
  readonly name: string;
  readonly place: 'primary' | 'middle' | 'secondary';
  /** Transfers from the primary to here. Absent where no run sees to it. */
  readonly hop?: number;
  readonly arrayId: string;
  readonly arrayName: string;
  readonly volumeName: string;
  readonly state: (typeof linkStates)[number];
  readonly owner: (typeof linkOwners)[number];
  /** Of what Leeward made. */
  readonly role?: StorageSnapshotRole;
  /** As far as the journal knows. */
  readonly jobId?: string;
  readonly runId?: string;
  readonly createdAt: string;
  /** VMs of the job that it holds, with what of them lies on its volume; as far as the journal knows. */
  readonly vms?: readonly HeldVm[];
  /** Until when the array lets nobody delete it. `forever`: always. */
  readonly lockedUntil?: string;
  readonly heldBy: readonly string[];
  /** One for each reason, for programs: `count`, `locked`, `needed-at/days` … Empty: it goes. */
  readonly reasons: readonly string[];
  readonly why: string;
  readonly goes: string;
  /** When only time ends all reasons. */
  readonly goesAt?: string;
}

/** All storage snapshots at all places of a chain, foreign ones too, with what the job's next run would do. */
export function explainedChain(chain: ReadChain, nowMs: number): readonly ChainLink[] {
  const { ends, state, gone } = chain;
  const { keep } = retain(state, retentionRules(ends), nowMs);
  const nameOf = (id: string) => state.places.find((place) => place.id === id)?.name ?? id;
  return state.places.flatMap((place) => [
    ...(place.links
      ? place.links.map((link) => explained(chain, place, link, keep, nameOf))
      : journaledAt(chain, place).map((each) => unlisted(chain, place, each))),
    ...gone.filter((each) => isAt(chain, place, each)).map((each) => goneLink(chain, place, each)),
  ]);
}

function explained(
  chain: ReadChain,
  place: Place,
  link: Link,
  keep: readonly Kept[],
  nameOf: (placeId: string) => string,
): ChainLink {
  const kept = keep.find((each) => each.placeId === place.id && each.link === link);
  const { codes, why, goes, goesAtMs } = explain({ why: kept?.why ?? [] }, nameOf);
  const known = journaledAt(chain, place).find((each) => each.entry.name === link.name);
  const { lockedUntilMs } = link;
  return {
    ...endOf(chain, place),
    name: link.name,
    state: 'there',
    owner: link.owner,
    ...(isOwn(link) ? { role: link.role } : {}),
    ...(known ? { jobId: known.entry.jobId, runId: known.entry.runId } : {}),
    ...(known?.detail.vms ? { vms: known.detail.vms } : {}),
    createdAt: isoTime(link.frozenAtMs),
    ...(lockedUntilMs === undefined
      ? {}
      : { lockedUntil: Number.isFinite(lockedUntilMs) ? isoTime(lockedUntilMs) : 'forever' }),
    heldBy: link.heldBy,
    ...{ reasons: codes, why, goes },
    ...(goesAtMs === undefined ? {} : { goesAt: isoTime(goesAtMs) }),
  };
}

function unlisted(chain: ReadChain, place: Place, each: JournaledStorageSnapshot): ChainLink {
  const why = `The storage snapshots of ${place.name} cannot be listed now, so nothing is decided about it.`;
  const goes = `It goes not before ${place.name} can be listed.`;
  return { ...byJournal(each), ...endOf(chain, place), state: 'unknown', reasons: ['unlisted'], why, goes };
}

function goneLink(chain: ReadChain, place: Place, each: JournaledStorageSnapshot): ChainLink {
  const why = 'It is not on its array any more: somebody deleted it, or the array by a rule of its own.';
  const goes = 'It is gone; the next run of the job takes it out of the journal.';
  return { ...byJournal(each), ...endOf(chain, place), state: 'gone', reasons: ['gone'], why, goes };
}

/** One that no run sees to any more. */
export function lostLink(
  each: JournaledStorageSnapshot,
  arrayName: string,
  reason: { readonly code: string; readonly why: string },
): ChainLink {
  const { detail, entry } = each;
  const { volumeName, role } = detail;
  return {
    ...byJournal(each),
    ...{
      place: role === 'long-term' ? 'secondary' : 'primary',
      arrayId: entry.systemId,
      arrayName,
      volumeName,
    },
    ...{ state: 'unknown', reasons: [reason.code], why: reason.why },
    goes: 'It goes when somebody deletes it; Leeward never does by itself.',
  };
}

function byJournal({ entry, detail }: JournaledStorageSnapshot) {
  const { name, jobId, runId, createdAt } = entry;
  const { role, vms } = detail;
  const common = { name, jobId, runId, createdAt, owner: 'this-job', role, heldBy: [] } as const;
  return { ...common, ...(vms ? { vms } : {}) };
}

function journaledAt(chain: ReadChain, place: Place): readonly JournaledStorageSnapshot[] {
  return chain.journal.filter((each) => isAt(chain, place, each));
}

function isAt({ ends }: ReadChain, { id }: Place, { detail }: JournaledStorageSnapshot): boolean {
  return placeOfVolume(ends, detail.volume)?.id === id;
}

function endOf({ ends }: ReadChain, { id }: Place) {
  const { arrayId, arrayName, volumeName } = endAt(ends, id);
  const hop = chainPlaces(ends).findIndex((place) => place.id === id);
  return { place: sideOf(id), hop, arrayId, arrayName, volumeName };
}
