import { LeewardError } from '@leeward/core';
import type { CreateCoordinated } from '../../contract/sync-snapshots.ts';
import { commentOf } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { type CollectionRecord, findCollections, membersOf } from '../snapshots/collection-record.ts';
import type { PairRecords } from './pairing.ts';

/** The two snapshot collections that one call makes: the same name, another id and other members. */
export interface CoordinatedHalves {
  readonly upstream?: CollectionRecord;
  readonly downstream?: CollectionRecord;
}

/**
 * The halves of that name. Which one is which is told by the volumes that they hold, which no release can leave out.
 * Throws when one is somebody else's.
 */
export async function findHalves(
  array: NimbleArray,
  volumeCollection: { readonly id: string; readonly name: string },
  pairs: readonly PairRecords[],
  { name, comment }: Pick<CreateCoordinated, 'name' | 'comment'>,
  signal?: AbortSignal,
): Promise<CoordinatedHalves> {
  const rows = await findCollections(array, volumeCollection.id, name, signal);
  for (const row of rows) {
    // The downstream half may lack marks.
    const told = commentOf(row);
    if (told === comment || (told === '' && row !== holding(rows, upstreamIds(pairs)))) continue;
    const object = `storage snapshot ${row.name} of the volume collection ${volumeCollection.name}`;
    throw new LeewardError('L-ARR-010', { host: array.rest.host, object });
  }
  const upstream = holding(rows, upstreamIds(pairs));
  const downstream = holding(rows, downstreamIds(pairs));
  return { ...(upstream ? { upstream } : {}), ...(downstream ? { downstream } : {}) };
}

/** Why the halves are no coordinated storage snapshot (yet); undefined: they are. */
export function lackOf(
  { upstream, downstream }: CoordinatedHalves,
  pairs: readonly PairRecords[],
): string | undefined {
  if (!upstream) return 'only the half of the secondary is there';
  if (!downstream) return 'the half of the secondary was not made';
  if (upstream.is_complete === false || downstream.is_complete === false) return 'one half is not complete';
  const missing = [
    ...missingIn(upstream, upstreamIds(pairs)),
    ...missingIn(downstream, downstreamIds(pairs)),
  ];
  return missing.length > 0 ? `${missing.length} volumes are missing in it` : undefined;
}

/** Is the other half announced, so that it may still come? */
export function isAnnounced({ upstream, downstream }: CoordinatedHalves): boolean {
  return (
    Boolean(upstream?.peer_snapcoll_id || downstream?.peer_snapcoll_id) || Boolean(upstream && downstream)
  );
}

const upstreamIds = (pairs: readonly PairRecords[]) => pairs.map(({ upstream }) => upstream.id);
const downstreamIds = (pairs: readonly PairRecords[]) => pairs.map(({ downstream }) => downstream.id);

function holding(
  rows: readonly CollectionRecord[],
  volumeIds: readonly string[],
): CollectionRecord | undefined {
  return rows.find((row) => membersOf(row).some(({ volumeId }) => volumeIds.includes(volumeId)));
}

function missingIn(row: CollectionRecord, volumeIds: readonly string[]): string[] {
  const held = new Set(membersOf(row).map(({ volumeId }) => volumeId));
  return volumeIds.filter((id) => !held.has(id));
}
