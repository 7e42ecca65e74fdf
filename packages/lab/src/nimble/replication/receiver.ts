import { type ChunkStore, chunkBytes, StoreFull } from '../../storage/chunk-store.ts';
import { FileMap } from '../../storage/file-map.ts';
import { newSchedule, newVolumeCollection } from '../model/build-group.ts';
import type { Group } from '../model/group.ts';
import type { Partner, SnapshotCollection, Volume, VolumeCollection } from '../model/objects.ts';
import { applyRetention } from '../operations/retention.ts';
import { addSnapshot } from '../operations/snapshot-operations.ts';
import { addVolume } from '../operations/volume-operations.ts';
import { ApiError, conflict, notOwner } from '../rest/api-error.ts';
import type { BeginRequest, CommitRequest, ConfigureRequest, WriteRequest } from './protocol.ts';

interface Incoming {
  readonly volume: Volume;
  readonly map: FileMap;
  readonly base: string | undefined;
  next: number;
  bytes: number;
}

/** The downstream side: mirrors the configuration, gathers data, and shows a replica once it is whole. */
export class Receiver {
  readonly #group: Group;
  /** By the lineage of the storage snapshot. */
  readonly #incoming = new Map<string, Incoming>();

  constructor(group: Group) {
    this.#group = group;
  }

  configure(partner: Partner, request: ConfigureRequest): { held: Record<string, string[]> } {
    this.#checkNotPaused(partner);
    const collection = this.#collection(partner, request.collection);
    this.#mirrorSchedules(partner, collection, request.schedules);
    const held: Record<string, string[]> = {};
    const members = new Set<Volume>();
    for (const wanted of request.volumes) {
      const volume = this.#replicaVolume(partner, wanted);
      volume.collection = collection;
      members.add(volume);
      held[wanted.lineage] = volume.snapshots.map((one) => one.lineage);
    }
    for (const volume of this.#group.members(collection))
      if (!members.has(volume)) volume.collection = undefined;
    return { held };
  }

  #checkNotPaused(partner: Partner): void {
    if (partner.paused) throw conflict('SM_repl_remote_paused', 'Replication is paused on the partner.');
  }

  #collection(partner: Partner, wanted: ConfigureRequest['collection']): VolumeCollection {
    const known = this.#byLineage(wanted.lineage);
    if (!known && this.#group.volumeCollectionNamed(wanted.name))
      throw conflict('SM_eexist', `A volume collection named ${wanted.name} exists on the partner.`);
    const { lineage } = wanted;
    const collection =
      known ??
      newVolumeCollection(this.#group, wanted.name, wanted.description, { owner: partner.name, lineage });
    if (collection.owner !== partner.name) throw notOwner(`Volume collection ${collection.name}`);
    collection.name = wanted.name;
    collection.description = wanted.description;
    return collection;
  }

  #byLineage(lineage: string): VolumeCollection | undefined {
    return [...this.#group.volumeCollections.values()].find((one) => one.lineage === lineage);
  }

  #mirrorSchedules(
    partner: Partner,
    collection: VolumeCollection,
    wanted: ConfigureRequest['schedules'],
  ): void {
    const known = this.#group.schedulesOf(collection);
    for (const facts of wanted) {
      const own = known.find((one) => one.lineage === facts.lineage);
      if (own) Object.assign(own, { ...facts, upstreamName: partner.name, partner: undefined });
      else newSchedule(this.#group, collection, { ...facts, partner: undefined, upstreamName: partner.name });
    }
    for (const own of known)
      if (!wanted.some(({ lineage }) => lineage === own.lineage)) this.#group.schedules.delete(own.id);
  }

  #replicaVolume(partner: Partner, wanted: ConfigureRequest['volumes'][number]): Volume {
    const known = [...this.#group.volumes.values()].find((one) => one.lineage === wanted.lineage);
    if (!known) {
      if (this.#group.volumeNamed(wanted.name))
        throw conflict('SM_duplicate_vol', `A volume named ${wanted.name} exists on the partner.`);
      return addVolume(this.#group, { ...wanted, pool: partner.pool, ownedBy: partner.name });
    }
    if (known.ownedBy !== partner.name) throw notOwner(`Volume ${known.name}`);
    known.sizeMib = Math.max(known.sizeMib, wanted.sizeMib);
    known.name = wanted.name;
    return known;
  }

  begin(partner: Partner, request: BeginRequest): { next: number; bytes: number } {
    this.#checkNotPaused(partner);
    const known = this.#incoming.get(request.snapshot);
    if (known && known.base === request.base) return { next: known.next, bytes: known.bytes };
    this.abandon(request.snapshot);
    const volume = this.#ownedReplica(partner, request.volume);
    const base = volume.snapshots.find((one) => one.lineage === request.base);
    if (request.base !== undefined && !base)
      throw conflict('SM_repl_remote_no_base_snap', 'The partner no longer has the common snapshot.');
    const map = base ? base.map.share() : new FileMap(this.#storeOf(volume));
    this.#incoming.set(request.snapshot, { volume, map, base: request.base, next: 0, bytes: 0 });
    return { next: 0, bytes: 0 };
  }

  #storeOf(volume: Volume): ChunkStore {
    return volume.pool.store;
  }

  #ownedReplica(partner: Partner, lineage: string): Volume {
    const volume = [...this.#group.volumes.values()].find((one) => one.lineage === lineage);
    if (!volume) throw conflict('SM_enoent', 'The replica volume is gone.');
    if (volume.ownedBy !== partner.name) throw notOwner(`Volume ${volume.name}`);
    return volume;
  }

  write(partner: Partner, request: WriteRequest, body: Buffer): Record<string, never> {
    this.#checkNotPaused(partner);
    const incoming = this.#incoming.get(request.snapshot);
    if (!incoming) throw conflict('SM_eagain', 'The transfer has to begin again.');
    let at = 0;
    for (const [chunk, hole] of request.chunks) {
      if (hole === 1) incoming.map.clearChunk(chunk);
      else {
        this.#put(incoming, chunk * chunkBytes, body.subarray(at, at + chunkBytes));
        at += chunkBytes;
      }
    }
    incoming.next = request.next;
    incoming.bytes += body.length;
    return {};
  }

  #put({ map, volume }: Incoming, offset: number, data: Buffer): void {
    try {
      map.write(offset, data, volume.pool.account);
    } catch (error) {
      throw error instanceof StoreFull ? conflict('SM_enospc', `Pool ${volume.pool.name} is full.`) : error;
    }
  }

  /** Makes the replica visible, all volumes at once. Repeating it changes nothing. */
  commit(partner: Partner, request: CommitRequest): Record<string, never> {
    const volumeCollection = this.#byLineage(request.collection);
    if (!volumeCollection) throw conflict('SM_enoent', 'The volume collection is gone.');
    if (volumeCollection.owner !== partner.name) throw notOwner(`Volume collection ${volumeCollection.name}`);
    const facts = request.snapshotCollection;
    if (volumeCollection.snapshotCollections.some((one) => one.lineage === facts.lineage)) return {};
    for (const { snapshot } of request.snapshots)
      if (!this.#incoming.has(snapshot) && !this.#held(snapshot))
        throw new ApiError(409, 'SM_eagain', 'A transfer has to begin again.');
    const collection = this.#newReplica(partner, volumeCollection, facts);
    for (const wanted of request.snapshots) {
      const incoming = this.#incoming.get(wanted.snapshot);
      if (!incoming) continue;
      this.#incoming.delete(wanted.snapshot);
      const { map, volume } = incoming;
      addSnapshot(this.#group, volume, {
        name: wanted.name,
        description: wanted.description,
        collection,
        replica: {
          originName: partner.name,
          lineage: wanted.snapshot,
          map,
          sizeMib: wanted.sizeMib,
          createdMs: collection.createdMs,
        },
      });
      const former = volume.map;
      volume.map = map.share();
      volume.sizeMib = wanted.sizeMib;
      former.release();
    }
    if (collection.schedule) applyRetention(this.#group, collection.schedule);
    return {};
  }

  #held(lineage: string): boolean {
    return [...this.#group.snapshots.values()].some((one) => one.lineage === lineage);
  }

  #newReplica(
    partner: Partner,
    volumeCollection: VolumeCollection,
    facts: CommitRequest['snapshotCollection'],
  ): SnapshotCollection {
    const { behaviour } = this.#group.config;
    const head = this.#group.head('snapshotCollection', facts.name, facts.description);
    const now = head.createdMs;
    const schedule = this.#group
      .schedulesOf(volumeCollection)
      .find((one) => one.lineage === facts.scheduleLineage);
    const collection: SnapshotCollection = {
      ...head,
      createdMs: behaviour.replicaTime === 'upstream' ? facts.createdMs : now,
      volumeCollection,
      snapshots: [],
      originName: partner.name,
      isReplica: true,
      isManual: facts.isManual,
      isExternalTrigger: facts.isExternalTrigger,
      allowWrites: false,
      agentType: 'none',
      schedule,
      scheduleName: facts.scheduleName,
      isUnmanaged: false,
      replicate: false,
      replicateTo: '',
      replicationStatus: 'complete',
      replicationStartMs: 0,
      replicationCompleteMs: now,
      replicatedBytes: facts.bytes,
      metadata: new Map(behaviour.replicaMetadata ? facts.metadata : []),
      expiryAfterSeconds: 0,
      lineage: facts.lineage,
      visibleFromMs: now + behaviour.replicaRowDelayMs,
      peer: undefined,
    };
    this.#group.snapshotCollections.set(collection.id, collection);
    volumeCollection.snapshotCollections.push(collection);
    return collection;
  }

  abandon(snapshot: string): Record<string, never> {
    this.#incoming.get(snapshot)?.map.release();
    this.#incoming.delete(snapshot);
    return {};
  }

  close(): void {
    for (const snapshot of [...this.#incoming.keys()]) this.abandon(snapshot);
  }
}
