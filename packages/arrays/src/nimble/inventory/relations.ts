import type { Relation, RelationHealth } from '../../contract/inventory.ts';
import { type Group, uidOf } from '../group.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { type Partner, partnerSerial, troublesOf } from './partners.ts';
import { downstreamPartners, listSchedules, type Schedule } from './schedules.ts';
import { isSynchronous, type VolumeCollection } from './volume-collections.ts';
import { isReplica, type VolumeRecord } from './volumes.ts';

export interface Replicated {
  readonly group: Group;
  readonly volumes: readonly VolumeRecord[];
  readonly collections: readonly VolumeCollection[];
  readonly partners: readonly Partner[];
}

const policyName = 'snapshot replication';

/** A transfer begins with the storage snapshot, which is made on the volume that the collection owns. */
const firstHopOnly =
  'only storage snapshots go that are made on its source itself; what was replicated there is not sent on';

/**
 * One relation for each volume that is replicated by snapshots: from here as the secondary for each replica
 * volume (its id is the relation's), from here as the primary for each volume and partner. The array replicates
 * volume collections, so all volumes of one share their state.
 */
export async function readRelations(
  array: NimbleArray,
  seen: Replicated,
  signal?: AbortSignal,
): Promise<Relation[]> {
  const byId = new Map(seen.collections.map((collection) => [collection.id, collection]));
  const used = [...new Set(seen.volumes.map(({ volcoll_id }) => volcoll_id ?? ''))].filter((id) =>
    byId.has(id),
  );
  const schedules = new Map(
    await Promise.all(used.map(async (id) => [id, await listSchedules(array, id, signal)] as const)),
  );
  return seen.volumes.flatMap((volume): Relation[] => {
    const collection = byId.get(volume.volcoll_id ?? '');
    const own = schedules.get(volume.volcoll_id ?? '') ?? [];
    // Those are pairs; see `syncRelations`.
    if (collection && isSynchronous(collection)) return [];
    if (isReplica(volume)) return [fromSecondary(seen, volume, collection, own)];
    if (!collection) return [];
    return downstreamPartners(own).map((partner) => fromPrimary(seen, volume, collection, partner));
  });
}

function fromSecondary(
  seen: Replicated,
  volume: VolumeRecord,
  collection: VolumeCollection | undefined,
  schedules: readonly Schedule[],
): Relation {
  const { group, partners } = seen;
  const upstream = volume.owned_by_group || collection?.pol_owner_name || '';
  const partner = partners.find(({ name }) => name === upstream);
  const serial = (partner && partnerSerial(partner)) ?? serialOfOwner(group, volume);
  const unusable = collection
    ? collection.is_handing_over === true
      ? 'the volume collection is being handed over'
      : undefined
    : 'the replica volume belongs to no volume collection any more';
  const idle = schedules.length === 0 ? ['no schedule of the volume collection is known here'] : [];
  return {
    id: { arraySerial: group.uid, objectId: volume.id },
    kind: 'transfer',
    policy: 'snapshot-replication',
    policyName: collection ? `${policyName} of ${collection.name}` : policyName,
    usable: unusable === undefined,
    ...(unusable === undefined ? {} : { unusable }),
    reportedBy: 'secondary',
    source: {
      arrayName: upstream,
      ...(serial === undefined ? {} : { arraySerial: serial }),
      tenant: '',
      tenantId: '',
      volumeName: volume.name,
    },
    destination: {
      volume: { arraySerial: group.uid, objectId: volume.id },
      arrayName: group.name,
      arraySerial: group.uid,
      tenant: '',
      tenantId: '',
      volumeName: volume.name,
    },
    health: healthOf(partner, collection, upstream, idle),
    retention: [],
    firstHopOnly,
  };
}

function fromPrimary(
  { group, partners }: Replicated,
  volume: VolumeRecord,
  collection: VolumeCollection,
  partnerName: string,
): Relation {
  const partner = partners.find(({ name }) => name === partnerName);
  const serial = partner && partnerSerial(partner);
  const renamed = partner?.unique_name === true;
  return {
    id: { arraySerial: group.uid, objectId: `${volume.id}>${partnerName}` },
    kind: 'transfer',
    policy: 'snapshot-replication',
    policyName: `${policyName} of ${collection.name}`,
    usable: !renamed,
    ...(renamed ? { unusable: `the partner ${partnerName} gives replicas other names` } : {}),
    reportedBy: 'primary',
    source: {
      volume: { arraySerial: group.uid, objectId: volume.id },
      arrayName: group.name,
      arraySerial: group.uid,
      tenant: '',
      tenantId: '',
      volumeName: volume.name,
    },
    destination: {
      arrayName: partnerName,
      ...(serial === undefined ? {} : { arraySerial: serial }),
      tenant: '',
      tenantId: '',
      volumeName: volume.name,
    },
    health: healthOf(partner, collection, partnerName, []),
    retention: [],
    firstHopOnly,
  };
}

function healthOf(
  partner: Partner | undefined,
  collection: VolumeCollection | undefined,
  partnerName: string,
  more: readonly string[],
): RelationHealth {
  const reasons = [
    ...(partner ? troublesOf(partner) : [`the replication partner ${partnerName} is not known here`]),
    ...more,
  ];
  const lagSeconds = collection?.lag_time;
  const state = partner?.paused === true ? 'paused' : partner ? 'active' : 'other';
  return {
    healthy: reasons.length === 0,
    state,
    reasons,
    ...(typeof lagSeconds === 'number' && lagSeconds >= 0 ? { lagMs: lagSeconds * 1_000 } : {}),
  };
}

/** The owner's id tells its group, where the release gives the group's id and not that of the partner. */
function serialOfOwner(group: Group, { owned_by_group_id }: VolumeRecord): string | undefined {
  if (!owned_by_group_id?.startsWith('00')) return undefined;
  const uid = uidOf(owned_by_group_id);
  return uid === group.uid || uid === owned_by_group_id ? undefined : uid;
}
