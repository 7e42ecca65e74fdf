import { isError } from '@leeward/core';
import { z } from 'zod';
import type { ArrayIdentity } from '../contract/inventory.ts';
import { readAll } from './rest/collection.ts';
import type { RestClient } from './rest/rest-client.ts';

const licenceSchema = z.object({
  name: z.string(),
  state: z.string().default('unknown'),
  licenses: z
    .array(z.object({ active: z.boolean().optional(), expiry_time: z.string().optional() }))
    .default([]),
});

type LicenceRecord = z.infer<typeof licenceSchema>;

export type Licence = ArrayIdentity['licences'][number];

/** `unknown`: the account may not read them. Unknown is not missing: the attempt will tell. */
export type Licences = readonly Licence[] | 'unknown';

/** Licences that decide what Leeward can do here; the array lists only installed ones. */
const relevant = new Set([
  'nfs',
  'flexclone',
  'snapmirror',
  'snapvault',
  'snapmirror_sync',
  'snaplock',
  'iscsi',
  'fcp',
]);

export async function readLicences(rest: RestClient, signal?: AbortSignal): Promise<Licences> {
  const path = '/cluster/licensing/licenses';
  const query = { fields: 'name,state,scope,licenses' };
  try {
    const records = await readAll(rest, licenceSchema, path, query, signal);
    return records
      .map((record) => licenceOf(record, rest.clock.now()))
      .filter(({ name }) => relevant.has(name));
  } catch (error) {
    if (isError(error, 'L-ARR-005')) return 'unknown';
    throw error;
  }
}

/**
 * A package that is missing on some nodes is `noncompliant` but works on the others, so any active and
 * unexpired licence makes it usable.
 */
export function licenceOf({ name, state, licenses }: LicenceRecord, nowMs: number): Licence {
  const unexpired = licenses.filter(({ expiry_time }) => !expiry_time || !(Date.parse(expiry_time) <= nowMs));
  const told = unexpired.filter(({ active }) => active !== undefined);
  const expired = licenses.length > 0 && unexpired.length === 0;
  const active = told.length > 0 ? told.some((licence) => licence.active) : state !== 'unlicensed';
  return { name: name.toLowerCase(), usable: active && !expired && state !== 'unlicensed', state };
}

/** False only where it is known to be missing. */
export function hasLicence(licences: Licences, name: string): boolean {
  if (licences === 'unknown') return true;
  return licences.some((licence) => licence.name === name && licence.usable);
}
