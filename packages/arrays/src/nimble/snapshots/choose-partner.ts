import { LeewardError } from '@leeward/core';
import type { CreateStorageSnapshots } from '../../contract/storage-snapshot.ts';
import { listPartners, partnerSerial } from '../inventory/partners.ts';
import { downstreamPartners, listSchedules } from '../inventory/schedules.ts';
import type { NimbleArray } from '../nimble-array.ts';

/** Keys of a snapshot collection that decide where it is sent; `replicate: false` where it cannot be. */
export type ReplicationKeys =
  | { readonly replicate: false }
  | { readonly replicate: true; readonly replicate_to?: string };

/**
 * Where a snapshot collection goes. One without a way to the secondary is still made: the job may read the
 * primary then, and `outgoingTransfer` says that nothing is sent.
 */
export async function choosePartner(
  array: NimbleArray,
  volumeCollection: { readonly id: string; readonly name: string },
  wanted: CreateStorageSnapshots['transferTo'],
  signal?: AbortSignal,
): Promise<ReplicationKeys> {
  if (wanted === 'nowhere') return { replicate: false };
  const partners = downstreamPartners(await listSchedules(array, volumeCollection.id, signal));
  const [only] = partners;
  if (only === undefined) return { replicate: false };
  if (!wanted) {
    if (partners.length === 1) return { replicate: true };
    const details = { collection: volumeCollection.name, partners: partners.join(', ') };
    throw new LeewardError('L-ARR-605', { host: array.rest.host, ...details });
  }
  const known = await listPartners(array, {}, signal);
  const chosen = partners.find((name) => {
    const partner = known.find((each) => each.name === name);
    const serial = partner && partnerSerial(partner);
    if (serial !== undefined && wanted.arraySerial !== undefined) return serial === wanted.arraySerial;
    return name === wanted.arrayName;
  });
  if (chosen === undefined) return { replicate: false };
  // Older releases, which know one partner only, do not know the key.
  return partners.length === 1 ? { replicate: true } : { replicate: true, replicate_to: chosen };
}
