import { join } from 'node:path';
import type { Clock, Randomness } from '@leeward/core';
import { ChunkStore } from '../../storage/chunk-store.ts';
import type { NimbleConfig } from '../config.ts';
import { IdSource, type ObjectType } from './ids.ts';
import type {
  AccessRecord,
  ChapUser,
  InitiatorGroup,
  Named,
  Partner,
  Pool,
  Schedule,
  Snapshot,
  SnapshotCollection,
  Volume,
  VolumeCollection,
} from './objects.ts';
import { groupTargetName } from './scsi-identity.ts';

export interface GroupDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface ArrayUnit {
  readonly id: string;
  readonly name: string;
  readonly serial: string;
  readonly model: string;
  readonly pool: string | undefined;
}

const mebibyte = 1024 * 1024;

/** Everything one simulated group holds. */
export class Group {
  readonly config: NimbleConfig;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  readonly targetName: string;
  readonly startMs: number;
  readonly arrays: readonly ArrayUnit[];
  readonly pools = new Map<string, Pool>();
  readonly volumes = new Map<string, Volume>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly snapshotCollections = new Map<string, SnapshotCollection>();
  readonly volumeCollections = new Map<string, VolumeCollection>();
  readonly schedules = new Map<string, Schedule>();
  readonly partners = new Map<string, Partner>();
  readonly initiatorGroups = new Map<string, InitiatorGroup>();
  readonly accessRecords = new Map<string, AccessRecord>();
  readonly chapUsers = new Map<string, ChapUser>();
  readonly subnetIds = new Map<string, string>();
  readonly performancePolicyId: string;
  readonly networkConfigId: string;
  /** Is the group's own target there, and what new volumes are exported by? */
  targetEnabled: boolean;
  defaultTargetScope: 'volume' | 'group';
  /** Taking part in a replication now: not to be deleted. */
  readonly inTransport = new Set<SnapshotCollection>();
  /** Arrays that nobody reaches. */
  readonly lost = new Set<ArrayUnit>();
  /** Do the arrays of the group reach each other for synchronous replication? */
  syncLinkUp = true;
  /** The array that runs the management service. */
  leader: ArrayUnit;
  readonly #ids: IdSource;

  constructor(config: NimbleConfig, deps: GroupDeps) {
    this.config = config;
    this.clock = deps.clock;
    this.randomness = deps.randomness;
    this.uid = config.group.uid ?? Buffer.from(deps.randomness.bytes(8)).toString('hex');
    this.name = config.group.name;
    this.#ids = new IdSource(this.uid);
    this.id = this.#ids.next('group');
    this.targetName = groupTargetName(this.name, this.uid);
    this.targetEnabled = config.group.targetScope === 'group';
    this.defaultTargetScope = config.group.targetScope;
    this.startMs = this.clock.now();
    this.performancePolicyId = this.#ids.next('performancePolicy');
    this.networkConfigId = this.#ids.next('networkConfig');
    const arrays = config.group.arrays ?? [{ name: `${this.name}-a1`, serial: 'AF-100001', model: 'AF40' }];
    this.arrays = arrays.map((unit) => ({ pool: undefined, ...unit, id: this.#ids.next('array') }));
    const [first] = this.arrays;
    if (!first) throw new Error('a group has at least one array');
    this.leader = first;
    for (const { label } of config.subnets) this.subnetIds.set(label, this.#ids.next('subnet'));
    for (const { name, capacityMib } of config.pools) this.#addPool(name, capacityMib);
  }

  #addPool(name: string, capacityMib: number): void {
    const head = this.head('pool', name);
    const store = new ChunkStore(join(this.config.dataFolder, `${head.id}.chunks`));
    const account = { usedBytes: 0, limitBytes: capacityMib * mebibyte };
    this.pools.set(head.id, { ...head, capacityMib, store, account });
  }

  nextId(type: ObjectType): string {
    return this.#ids.next(type);
  }

  /** What every object begins with. */
  head(type: ObjectType, name: string, description = ''): Named & { readonly id: string } {
    const now = this.clock.now();
    return { id: this.#ids.next(type), name, description, createdMs: now, modifiedMs: now };
  }

  poolNamed(name: string): Pool | undefined {
    return named(this.pools, name);
  }

  /** Of a synchronous pair, whose halves have the same name, the upstream one unless a pool is named. */
  volumeNamed(name: string, pool?: string): Volume | undefined {
    const all = [...this.volumes.values()].filter((one) => one.name === name);
    if (pool !== undefined) return all.find((one) => one.pool.name === pool);
    return all.find((one) => one.half?.role !== 'downstream') ?? all[0];
  }

  /** The arrays that a pool lives on. */
  arraysOf(pool: Pool): readonly ArrayUnit[] {
    const [first] = this.pools.values();
    return this.arrays.filter((unit) => (unit.pool ?? first?.name) === pool.name);
  }

  isReachable(pool: Pool): boolean {
    return !this.arraysOf(pool).some((unit) => this.lost.has(unit));
  }

  volumeCollectionNamed(name: string): VolumeCollection | undefined {
    return named(this.volumeCollections, name);
  }

  partnerNamed(name: string): Partner | undefined {
    return named(this.partners, name);
  }

  initiatorGroupNamed(name: string): InitiatorGroup | undefined {
    return named(this.initiatorGroups, name);
  }

  /** Of a synchronous one the upstream halves. */
  members(collection: VolumeCollection): Volume[] {
    return [...this.volumes.values()].filter(
      (volume) => volume.collection === collection && volume.half?.role !== 'downstream',
    );
  }

  schedulesOf(collection: VolumeCollection): Schedule[] {
    return [...this.schedules.values()].filter((one) => one.volumeCollection === collection);
  }

  /** Partners that the collection replicates to. */
  downstreamPartners(collection: VolumeCollection): Partner[] {
    if (this.isReplica(collection)) return [];
    const partners = this.schedulesOf(collection).flatMap(({ partner }) => (partner ? [partner] : []));
    return [...new Set(partners)];
  }

  /** Does another group own it? */
  isReplica(object: VolumeCollection | Volume): boolean {
    return ('owner' in object ? object.owner : object.ownedBy) !== this.name;
  }

  clonesOf(snapshot: Snapshot): Volume[] {
    return [...this.volumes.values()].filter((volume) => volume.base === snapshot);
  }

  recordsOf(volume: Volume): AccessRecord[] {
    return [...this.accessRecords.values()].filter((record) => record.volume === volume);
  }

  /** The base of the next replication: the newest one that both sides hold. */
  lastReplicated(collection: VolumeCollection): SnapshotCollection | undefined {
    if (collection.sync) return undefined;
    return collection.snapshotCollections.findLast(
      (one) => one.isReplica || one.replicationStatus === 'complete',
    );
  }

  close(): void {
    for (const volume of this.volumes.values()) {
      volume.map.release();
      for (const snapshot of volume.snapshots) snapshot.map.release();
    }
    for (const pool of this.pools.values()) pool.store.close();
  }
}

function named<T extends { readonly name: string }>(all: Map<string, T>, name: string): T | undefined {
  for (const one of all.values()) if (one.name === name) return one;
  return undefined;
}
