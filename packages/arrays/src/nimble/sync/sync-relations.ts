import type { Relation, RelationEnd } from '../../contract/inventory.ts';
import type { Group } from '../group.ts';
import { isSynchronous, type VolumeCollection } from '../inventory/volume-collections.ts';
import { isUpstreamHalf, type VolumeRecord } from '../inventory/volumes.ts';
import { type PairRecords, pairsOf } from './pairing.ts';
import { lookAt, type SyncSurroundings, sidesOf } from './sync-look.ts';

const decidedBy =
  'the role that the array gives each side now: the secondary is the downstream one; a handover or switchover exchanges them';

export interface SeenPairs extends SyncSurroundings {
  readonly group: Group;
  readonly volumes: readonly VolumeRecord[];
  readonly collections: readonly VolumeCollection[];
}

/** One relation for each synchronous pair; both its ends are volumes of this group. Its id is the secondary's. */
export function syncRelations(seen: SeenPairs): Relation[] {
  return seen.collections
    .filter(isSynchronous)
    .flatMap((collection) =>
      pairsOf(collection, seen.volumes).map((pair) => relationOf(seen, collection, pair)),
    );
}

function relationOf(seen: SeenPairs, collection: VolumeCollection, pair: PairRecords): Relation {
  const { detected, state, reasons, resyncPercent } = lookAt(collection, pair, seen);
  return {
    id: { arraySerial: seen.group.uid, objectId: pair.downstream.id },
    kind: 'sync',
    policy: 'other',
    policyName: `synchronous replication of ${collection.name}`,
    usable: true,
    reportedBy: 'secondary',
    source: endOf(seen.group, pair.upstream),
    destination: endOf(seen.group, pair.downstream),
    health: { healthy: detected, state: detected ? 'active' : 'other', reasons, detected },
    sync: {
      state,
      ...(resyncPercent === undefined ? {} : { resyncPercent }),
      ...sidesOf(seen, pair),
      decidedBy,
      automaticSwitchover: seen.group.failover_mode === 'Automatic',
    },
    retention: [],
  };
}

function endOf({ uid, name }: Group, volume: VolumeRecord): RelationEnd {
  return {
    volume: { arraySerial: uid, objectId: volume.id },
    arrayName: name,
    arraySerial: uid,
    tenant: '',
    tenantId: '',
    volumeName: volume.name,
  };
}

/** Synchronous collections, or volumes of them, that have no other side. */
export function unpairedNotes({ collections, volumes }: SeenPairs): string[] {
  return collections.filter(isSynchronous).flatMap((collection) => {
    const paired = new Set(pairsOf(collection, volumes).map(({ upstream }) => upstream.id));
    const alone = volumes.filter(
      ({ id, volcoll_id, replication_role }) =>
        volcoll_id === collection.id && replication_role !== 'synchronous_downstream' && !paired.has(id),
    );
    if (alone.length === 0) return [];
    const names = alone.map(({ name }) => name).join(', ');
    const why = alone.some(isUpstreamHalf)
      ? 'their other side cannot be told apart'
      : 'they have no other side (no pool is set as the partner, or it was taken away)';
    return [`volume collection ${collection.name} replicates synchronously, but of ${names}: ${why}`];
  });
}
