import { LeewardError, type VolumeId } from '@leeward/core';
import type { FrozenInstant } from '../../contract/storage-snapshot.ts';
import type {
  CoordinatedSnapshot,
  CreateCoordinated,
  CreatedCoordinated,
  SyncLook,
  SyncPair,
  SyncSnapshots,
} from '../../contract/sync-snapshots.ts';
import { listArrays } from '../inventory/arrays.ts';
import { listPartners } from '../inventory/partners.ts';
import {
  isSynchronous,
  readVolumeCollection,
  type VolumeCollection,
} from '../inventory/volume-collections.ts';
import { readVolume, refuseReplica, type VolumeRecord } from '../inventory/volumes.ts';
import { isOurs } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { collectionOf, commentOfSnapshot } from '../snapshots/comment-of-snapshot.ts';
import { deleteHalves } from '../snapshots/delete-snapshot.ts';
import { findSnapshot, type SnapshotRecord, toStorageSnapshot } from '../snapshots/snapshot-record.ts';
import { createCoordinated, type FrozenPairs, type SyncUnit } from './create-coordinated.ts';
import { type PairRecords, pairsOf } from './pairing.ts';
import { lookAt } from './sync-look.ts';

/** The array tells creation times in whole seconds. */
const grainMs = 1_000;

/** Coordinated storage snapshots of synchronous volume collections: one group, two pools, one call. */
export class NimbleSync implements SyncSnapshots {
  readonly #array: NimbleArray;

  constructor(array: NimbleArray) {
    this.#array = array;
  }

  async look(pair: SyncPair, signal?: AbortSignal): Promise<SyncLook> {
    const [upstream, downstream] = await this.#records(pair, signal);
    const collection = await this.#collectionOf(upstream, signal);
    const records = collection && pairOf(collection, upstream, downstream);
    if (!collection || !records)
      return { detected: false, state: 'unknown', reasons: [whyNoPair(upstream, downstream)] };
    return await this.#lookAt(collection, records, signal);
  }

  async create(request: CreateCoordinated, signal?: AbortSignal): Promise<CreatedCoordinated> {
    const records = await Promise.all(request.pairs.map((pair) => this.#records(pair, signal)));
    const units = await this.#unitsOf(records, signal);
    const settled = await Promise.allSettled(
      units.map((unit) => {
        const [first] = unit.pairs;
        const look = () =>
          first ? this.#lookAt(unit.collection, first, signal) : Promise.reject(new RangeError('no pair'));
        return createCoordinated(this.#array, unit, request, look, signal);
      }),
    );
    const frozen = settled.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
    const made = frozen.flatMap(({ pairs }) => pairs);
    return {
      storageSnapshots: request.pairs.map(({ primary, secondary }): CoordinatedSnapshot => {
        const found = made.find((each) => each.records.upstream.id === primary.objectId);
        if (!found) throw new RangeError('a pair without its storage snapshots');
        return {
          primary: toStorageSnapshot(primary, found.primary),
          secondary: { ...toStorageSnapshot(secondary, found.secondary), comment: request.comment },
        };
      }),
      instants: frozen.map((each) => instantOf(each, request.pairs)),
    };
  }

  async find(pair: SyncPair, name: string, signal?: AbortSignal): Promise<Partial<CoordinatedSnapshot>> {
    const [primary, secondary] = await Promise.all([
      this.#half(pair.primary, name, false, signal),
      this.#half(pair.secondary, name, true, signal),
    ]);
    return {
      ...(primary ? { primary: toStorageSnapshot(pair.primary, primary) } : {}),
      ...(secondary ? { secondary: toStorageSnapshot(pair.secondary, secondary) } : {}),
    };
  }

  async remove(pair: SyncPair, name: string, signal?: AbortSignal): Promise<void> {
    await deleteHalves(this.#array, [pair.secondary, pair.primary], name, signal);
  }

  async #half(
    volume: VolumeId,
    name: string,
    mayLackMark: boolean,
    signal?: AbortSignal,
  ): Promise<SnapshotRecord | undefined> {
    const id = await this.#array.ownId(volume, signal);
    const record = await findSnapshot(this.#array, id, name, signal);
    if (!record) return undefined;
    const collection = await collectionOf(this.#array, record, signal);
    const comment = await commentOfSnapshot(this.#array, record, collection, signal);
    if (!isOurs(record.name, comment, mayLackMark))
      throw new LeewardError('L-ARR-010', {
        host: this.#array.rest.host,
        object: `storage snapshot ${record.name} of the volume ${id}`,
      });
    return collection?.is_complete === false ? undefined : record;
  }

  async #records(
    { primary, secondary }: SyncPair,
    signal?: AbortSignal,
  ): Promise<readonly [VolumeRecord, VolumeRecord]> {
    const read = async (id: VolumeId) =>
      await readVolume(this.#array, await this.#array.ownId(id, signal), signal);
    const [upstream, downstream] = await Promise.all([read(primary), read(secondary)]);
    return [upstream, downstream];
  }

  async #collectionOf(
    { volcoll_id }: VolumeRecord,
    signal?: AbortSignal,
  ): Promise<VolumeCollection | undefined> {
    if (!volcoll_id) return undefined;
    const collection = await readVolumeCollection(this.#array, volcoll_id, signal);
    return isSynchronous(collection) ? collection : undefined;
  }

  /** The pairs by volume collection, after making sure that they are pairs in these roles. */
  async #unitsOf(
    records: readonly (readonly [VolumeRecord, VolumeRecord])[],
    signal?: AbortSignal,
  ): Promise<SyncUnit[]> {
    const units = new Map<string, { collection: VolumeCollection; pairs: PairRecords[] }>();
    for (const [upstream, downstream] of records) {
      refuseReplica(this.#array, upstream);
      const known = units.get(upstream.volcoll_id ?? '');
      const collection = known?.collection ?? (await this.#collectionOf(upstream, signal));
      const pair = collection && pairOf(collection, upstream, downstream);
      if (!collection || !pair) {
        const reason = whyNoPair(upstream, downstream);
        const details = { host: this.#array.rest.host, volume: upstream.name, reason };
        throw new LeewardError('L-ARR-204', details);
      }
      units.set(collection.id, { collection, pairs: [...(known?.pairs ?? []), pair] });
    }
    return [...units.values()];
  }

  /** Everything is read anew: what was seen at the plan may be over. */
  async #lookAt({ id }: VolumeCollection, pair: PairRecords, signal?: AbortSignal): Promise<SyncLook> {
    const [collection, units, partners] = await Promise.all([
      readVolumeCollection(this.#array, id, signal),
      listArrays(this.#array, signal),
      listPartners(this.#array, {}, signal),
    ]);
    const { detected, state, reasons } = lookAt(collection, pair, { units, partners });
    return { detected, state, reasons };
  }
}

/** Undefined also when they are one the other way round. */
function pairOf(
  collection: VolumeCollection,
  upstream: VolumeRecord,
  downstream: VolumeRecord,
): PairRecords | undefined {
  const [pair] = pairsOf(collection, [upstream, downstream]);
  return pair?.upstream.id === upstream.id ? pair : undefined;
}

function whyNoPair(upstream: VolumeRecord, downstream: VolumeRecord): string {
  if (upstream.replication_role === 'synchronous_downstream') return 'the two sides have changed roles';
  return `${upstream.name} and ${downstream.name} are not the two sides of one synchronous pair (any more)`;
}

function instantOf({ pairs, ...instant }: FrozenPairs, asked: readonly SyncPair[]): FrozenInstant {
  const ids = new Set(pairs.map(({ records }) => records.upstream.id));
  const volumes = asked
    .filter(({ primary }) => ids.has(primary.objectId))
    .flatMap(({ primary, secondary }) => [primary, secondary]);
  const times = pairs.flatMap(({ primary }) => primary.creation_time ?? []);
  const created = times.length === 0 ? {} : { created: { atMs: Math.min(...times) * grainMs, grainMs } };
  return { ...instant, volumes, ...created };
}
