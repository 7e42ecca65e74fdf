import { z } from 'zod';
import type { NimbleArray } from '../nimble-array.ts';
import { readRows } from '../rest/list.ts';
import type { VolumeRecord } from './volumes.ts';

const unitSchema = z.object({
  name: z.string(),
  /** `reachable`, `unreachable`. */
  status: z.string().nullish(),
  pool_id: z.string().nullish(),
  pool_name: z.string().nullish(),
});

/** One array of the group. */
export type ArrayUnit = z.infer<typeof unitSchema>;

export function listArrays(array: NimbleArray, signal?: AbortSignal): Promise<ArrayUnit[]> {
  return readRows(array.rest, unitSchema, '/arrays/detail', {}, signal);
}

/** The arrays of a volume's pool; undefined where the group has one pool, which all arrays serve. */
export function unitsOf(
  units: readonly ArrayUnit[],
  { pool_id, pool_name }: Pick<VolumeRecord, 'pool_id' | 'pool_name'>,
): readonly ArrayUnit[] | undefined {
  if (new Set(units.map((unit) => unit.pool_id || unit.pool_name || '')).size < 2) return undefined;
  const own = units.filter((unit) => (pool_id ? unit.pool_id === pool_id : unit.pool_name === pool_name));
  return own.length > 0 ? own : undefined;
}

/** `pool pool-b of arr-b`, for people. */
export function placeOf(units: readonly ArrayUnit[], volume: VolumeRecord): string {
  const names = unitsOf(units, volume)?.map(({ name }) => name) ?? [];
  const pool = `pool ${volume.pool_name ?? ''}`.trim();
  return names.length > 0 ? `${pool} of ${names.join(', ')}` : pool;
}
