import type { Group } from '../model/group.ts';
import type {
  Metadata,
  Partner,
  Schedule,
  SnapshotCollection,
  Volume,
  VolumeCollection,
} from '../model/objects.ts';
import { conflict, exists, notOwner } from '../rest/api-error.ts';
import { companionOf, downstreamToFreeze } from '../sync/coordinated.ts';
import {
  addSnapshot,
  checkDeletable,
  checkNewSnapshot,
  forgetCollection,
  removeSnapshot,
} from './snapshot-operations.ts';

export interface NewCollection {
  readonly name: string;
  readonly description?: string;
  readonly replicate?: boolean;
  /** Partner's name; absent: the only one. */
  readonly replicateTo?: string;
  readonly startOnline?: boolean;
  readonly allowWrites?: boolean;
  readonly agentType?: string;
  readonly isExternalTrigger?: boolean;
  readonly isManual?: boolean;
  readonly schedule?: Schedule;
  readonly expiryAfterSeconds?: number;
  readonly lockPeriodSeconds?: number;
  readonly metadata?: Metadata;
  readonly perVolume?: ReadonlyMap<string, { readonly metadata?: Metadata; readonly appUuid?: string }>;
  /** The other half of a coordinated one is lost while it is made. */
  readonly torn?: boolean;
}

/**
 * Freezes all volumes of a volume collection at one instant (nothing else runs meanwhile). With `replicate` it
 * joins the partner's queue; the caller wakes the replicator.
 */
export function takeCollection(
  group: Group,
  volumeCollection: VolumeCollection,
  wanted: NewCollection,
): SnapshotCollection {
  if (group.isReplica(volumeCollection)) throw notOwner(`Volume collection ${volumeCollection.name}`);
  const { snapshotCollections } = volumeCollection;
  if (snapshotCollections.some((one) => one.name === wanted.name)) throw exists(wanted.name);
  const volumes = group.members(volumeCollection);
  if (volumes.length === 0)
    throw conflict('SM_no_assoc_vols', `No volumes are associated with ${volumeCollection.name}.`);
  if (snapshotCollections.length >= group.config.limits.collectionsPerVolumeCollection)
    throw conflict(
      'SM_limit_snapcoll_volcoll',
      `The limit of snapshot collections of ${volumeCollection.name} is reached.`,
    );
  const partner = wanted.replicate ? partnerFor(group, volumeCollection, wanted.replicateTo) : undefined;
  const schedule = wanted.isExternalTrigger ? externalTrigger(group, volumeCollection) : wanted.schedule;
  const torn = wanted.torn ?? false;
  const twins = downstreamToFreeze(group, volumeCollection, { replicate: partner !== undefined, torn });
  for (const volume of [...volumes, ...twins]) checkNewSnapshot(group, volume, wanted.name);
  const collection = freeze(group, volumeCollection, volumes, { ...wanted, partner, schedule });
  if (twins.length > 0) {
    const other = freeze(group, volumeCollection, twins, peerFacts(group, { ...wanted, partner, schedule }));
    collection.peer = other;
    other.peer = collection;
  }
  return collection;
}

type Facts = Omit<NewCollection, 'schedule'> & {
  readonly partner: Partner | undefined;
  readonly schedule: Schedule | undefined;
  readonly isReplica?: boolean;
  readonly visibleFromMs?: number;
};

/** The downstream half: the same name, and what of the rest the system lets travel. */
function peerFacts(group: Group, facts: Facts): Facts {
  const { peerMarks, peerIsReplica, peerRowDelayMs } = group.config.behaviour;
  return {
    ...facts,
    description: peerMarks === 'none' ? '' : (facts.description ?? ''),
    metadata: new Map(peerMarks === 'all' ? facts.metadata : []),
    perVolume: new Map(),
    isReplica: peerIsReplica,
    visibleFromMs: peerRowDelayMs > 0 ? group.clock.now() + peerRowDelayMs : 0,
  };
}

function freeze(
  group: Group,
  volumeCollection: VolumeCollection,
  volumes: readonly Volume[],
  facts: Facts,
): SnapshotCollection {
  const { partner, schedule, isReplica = false } = facts;
  const queued = partner !== undefined && !volumeCollection.sync;
  const collection: SnapshotCollection = {
    ...group.head('snapshotCollection', facts.name, facts.description),
    volumeCollection,
    snapshots: [],
    originName: isReplica ? group.name : '',
    isReplica,
    isManual: facts.isManual ?? true,
    isExternalTrigger: facts.isExternalTrigger ?? false,
    allowWrites: facts.allowWrites ?? false,
    agentType: facts.agentType ?? 'none',
    schedule,
    scheduleName: schedule?.name ?? '',
    isUnmanaged: false,
    replicate: partner !== undefined,
    replicateTo: partner?.name ?? '',
    replicationStatus: queued ? 'pending' : null,
    replicationStartMs: 0,
    replicationCompleteMs: 0,
    replicatedBytes: 0,
    metadata: facts.metadata ?? new Map(),
    expiryAfterSeconds: facts.expiryAfterSeconds ?? 0,
    lineage: group.randomness.uuid(),
    visibleFromMs: facts.visibleFromMs ?? 0,
    peer: undefined,
  };
  for (const volume of volumes) {
    const own = facts.perVolume?.get(volume.id);
    addSnapshot(group, volume, {
      name: facts.name,
      description: facts.description ?? '',
      online: facts.startOnline ?? false,
      writable: facts.allowWrites ?? false,
      expiryAfterSeconds: facts.expiryAfterSeconds ?? 0,
      lockPeriodSeconds: facts.lockPeriodSeconds ?? 0,
      agentType: facts.agentType ?? 'none',
      metadata: own?.metadata ?? new Map(),
      appUuid: own?.appUuid ?? '',
      isPeer: isReplica,
      collection,
    });
  }
  group.snapshotCollections.set(collection.id, collection);
  volumeCollection.snapshotCollections.push(collection);
  return collection;
}

/** The partner to send to; throws when there is none or the name is not one of them. */
export function partnerFor(group: Group, collection: VolumeCollection, name: string | undefined) {
  const partners = group.downstreamPartners(collection);
  const partner = name === undefined ? partners[0] : partners.find((one) => one.name === name);
  if (!partner)
    throw conflict('SM_repl_no_partner_avail', `No replication partner is available for ${collection.name}.`);
  return partner;
}

function externalTrigger(group: Group, collection: VolumeCollection): Schedule {
  const schedule = group.schedulesOf(collection).find((one) => one.type === 'external_trigger');
  if (schedule) return schedule;
  throw conflict(
    'SM_ext_trig_sched_not_present',
    `${collection.name} has no schedule that is triggered externally.`,
  );
}

/** All of them or none. */
export function deleteCollection(group: Group, collection: SnapshotCollection, force: boolean): void {
  const companion = companionOf(group, collection);
  for (const one of [collection, ...(companion ? [companion] : [])])
    for (const snapshot of one.snapshots) checkDeletable(group, snapshot, force);
  removeCollection(group, collection);
  if (companion) removeCollection(group, companion);
}

export function removeCollection(group: Group, collection: SnapshotCollection): void {
  for (const snapshot of [...collection.snapshots]) removeSnapshot(group, snapshot);
  forgetCollection(group, collection);
}
