import type { SyncFacts } from '@leeward/core';
import type { SyncLook } from '../../contract/sync-snapshots.ts';
import { type ArrayUnit, placeOf, unitsOf } from '../inventory/arrays.ts';
import type { Partner } from '../inventory/partners.ts';
import type { VolumeCollection } from '../inventory/volume-collections.ts';
import type { PairRecords } from './pairing.ts';

/** What of the group tells how a pair is. */
export interface SyncSurroundings {
  readonly units: readonly ArrayUnit[];
  readonly partners: readonly Partner[];
}

/**
 * A pair is detected when the array says that it is in sync, and neither the arrays of its two pools nor the partner
 * that stands for the downstream pool are said to be away. What the array does not tell counts as not detected.
 */
export function lookAt(
  collection: VolumeCollection,
  { upstream, downstream }: PairRecords,
  surroundings: SyncSurroundings,
): SyncLook & Pick<SyncFacts, 'resyncPercent'> {
  const away = [
    ...unitsAway(surroundings, [upstream, downstream]),
    ...partnersAway(surroundings, downstream),
  ];
  const handedOver =
    collection.is_handing_over === true ? ['the two sides are changing roles (handover)'] : [];
  const percent = collection.srep_resync_percent;
  const isResync = typeof percent === 'number' && collection.synchronous_replication_state !== 'in_sync';
  const told = collection.synchronous_replication_state || 'nothing';
  if (away.length > 0) return { detected: false, state: 'unreachable', reasons: [...away, ...handedOver] };
  if (told === 'in_sync') {
    const reasons = handedOver;
    return { detected: reasons.length === 0, state: reasons.length === 0 ? 'in-sync' : 'unknown', reasons };
  }
  if (isResync) {
    const reasons = [`the volume collection ${collection.name} is being synchronised (${percent} %)`];
    return { detected: false, state: 'resyncing', resyncPercent: percent, reasons };
  }
  const reasons = [
    `the array says ${told} of the synchronous replication of ${collection.name}`,
    ...handedOver,
  ];
  return { detected: false, state: told === 'out_of_sync' ? 'out-of-sync' : 'unknown', reasons };
}

function unitsAway({ units }: SyncSurroundings, volumes: readonly PairRecords['upstream'][]): string[] {
  const names = volumes
    .flatMap((volume) => unitsOf(units, volume) ?? [])
    .filter(({ status }) => status === 'unreachable')
    .map(({ name }) => name);
  return [...new Set(names)].map((name) => `the array ${name} is not reachable`);
}

function partnersAway({ partners }: SyncSurroundings, { pool_name }: PairRecords['downstream']): string[] {
  return partners
    .filter(({ partner_type, name }) => partner_type === 'pool' && name === pool_name)
    .filter(({ is_alive }) => is_alive === false)
    .map(({ name }) => `the pool ${name} does not answer`);
}

/** Where each side lives, for people. */
export function sidesOf(
  { units }: SyncSurroundings,
  { upstream, downstream }: PairRecords,
): Pick<SyncFacts, 'primarySide' | 'secondarySide'> {
  return { primarySide: placeOf(units, upstream), secondarySide: placeOf(units, downstream) };
}
