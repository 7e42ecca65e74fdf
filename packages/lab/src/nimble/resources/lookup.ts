import type { JsonObject } from '../../json.ts';
import type {
  InitiatorGroup,
  Partner,
  Pool,
  Schedule,
  Snapshot,
  SnapshotCollection,
  Volume,
  VolumeCollection,
} from '../model/objects.ts';
import { invalidArgument, notFound } from '../rest/api-error.ts';
import { text } from '../rest/body.ts';
import type { World } from '../world.ts';

function found<T>(object: T | undefined): T {
  if (object === undefined) throw notFound();
  return object;
}

export const volumeById = ({ group }: World, id: string): Volume => found(group.volumes.get(id));
export const snapshotById = ({ group }: World, id: string): Snapshot => found(group.snapshots.get(id));
export const snapshotCollectionById = ({ group }: World, id: string): SnapshotCollection =>
  found(group.snapshotCollections.get(id));
export const volumeCollectionById = ({ group }: World, id: string): VolumeCollection =>
  found(group.volumeCollections.get(id));
export const scheduleById = ({ group }: World, id: string): Schedule => found(group.schedules.get(id));
export const partnerById = ({ group }: World, id: string): Partner => found(group.partners.get(id));
export const initiatorGroupById = ({ group }: World, id: string): InitiatorGroup =>
  found(group.initiatorGroups.get(id));

/** By `pool_id`, or by `pool_name` as it is taken in practice; absent: the default one. */
export function poolOf(world: World, data: JsonObject): Pool {
  const id = text(data, 'pool_id');
  const name = text(data, 'pool_name') ?? 'default';
  const pool = id ? world.group.pools.get(id) : world.group.poolNamed(name);
  if (pool) return pool;
  const [first] = world.group.pools.values();
  if (!id && text(data, 'pool_name') === undefined && first) return first;
  throw id ? notFound() : invalidArgument('pool_name');
}
