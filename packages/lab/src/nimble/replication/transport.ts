import type { Clock } from '@leeward/core';
import type { StepProgress } from '../../control/fault-board.ts';
import { PeerUnreachable } from '../../link/link-client.ts';
import { chunkBytes } from '../../storage/chunk-store.ts';
import type { Faults } from '../control/faults.ts';
import type { Group } from '../model/group.ts';
import type { Partner, Snapshot, SnapshotCollection } from '../model/objects.ts';
import { conflict } from '../rest/api-error.ts';
import type { PartnerLinks } from './partner-links.ts';
import { begunSchema, configuredSchema } from './protocol.ts';
import { commitRequest, configureRequest } from './requests.ts';

const chunksPerBatch = 32;

export interface TransportDeps {
  readonly group: Group;
  readonly clock: Clock;
  readonly links: PartnerLinks;
  readonly faults: Faults;
  readonly partner: Partner;
  bytesPerSecond(): number;
}

/** Progress of one volume, in the words of `vol_status_list`. */
export interface LiveStatus {
  readonly volumeName: string;
  readonly snapshotName: string;
  status: string;
  bytesDone: number;
  bytesTotal: number;
}

/** Sends one snapshot collection: configuration, then each volume's difference, then the replicas at once. */
export class Transport {
  readonly #deps: TransportDeps;
  readonly #collection: SnapshotCollection;
  readonly #live: Map<Snapshot, LiveStatus>;
  readonly #faultProgress = new Map<Snapshot, StepProgress>();
  /** Last moment at which anything moved. */
  progressMs: number;

  constructor(deps: TransportDeps, collection: SnapshotCollection) {
    this.#deps = deps;
    this.#collection = collection;
    this.progressMs = deps.clock.now();
    this.#live = new Map(
      collection.snapshots.map((snapshot) => [
        snapshot,
        {
          volumeName: snapshot.volume.name,
          snapshotName: snapshot.name,
          status: 'Idle',
          bytesDone: 0,
          bytesTotal: 0,
        },
      ]),
    );
  }

  get bytes(): number {
    return [...this.#live.values()].reduce((sum, one) => sum + one.bytesDone, 0);
  }

  status(): LiveStatus[] {
    const paused = this.#deps.partner.paused;
    return [...this.#live.values()].map((one) => (paused ? { ...one, status: 'Paused' } : one));
  }

  #all(status: string): void {
    for (const one of this.#live.values()) one.status = status;
  }

  /** May be called again after it threw: it goes on where it was. */
  async run(signal: AbortSignal): Promise<void> {
    const { links, partner } = this.#deps;
    this.#all('Synchronizing partner configuration');
    const configured = await links.ask(partner, configureRequest(this.#deps.group, this.#collection));
    const { held } = configuredSchema.parse(configured);
    // Those of the beginning: one that is deleted meanwhile leaves the collection.
    for (const snapshot of this.#live.keys())
      await this.#sendVolume(snapshot, new Set(held[snapshot.volume.lineage]), signal);
    if (!this.#deps.group.snapshotCollections.has(this.#collection.id))
      throw conflict('SM_enoent', 'The snapshot collection is gone.');
    this.#all('Creating snapshot on partner');
    await links.ask(partner, commitRequest(this.#collection, this.bytes));
    this.#all('Idle');
  }

  async #sendVolume(snapshot: Snapshot, held: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const { faults, partner, links } = this.#deps;
    const live = this.#live.get(snapshot);
    if (!live || held.has(snapshot.lineage)) return;
    live.status = 'Identifying common ancestry on partner';
    const base = newestCommon(snapshot, held);
    const contentBased = !base && held.size > 0;
    const words = (stage: string) =>
      contentBased ? `${stage.replace('Data transfer', '').trim()} content based replication` : stage;
    const subject = `${this.#collection.volumeCollection.name}/${snapshot.volume.name}`;
    if (!this.#faultProgress.has(snapshot))
      this.#faultProgress.set(snapshot, await faults.step('replication', subject, signal));
    live.status = contentBased ? 'Initiating content based replication' : 'Initiating data transfer';
    const pair = { volume: snapshot.volume.lineage, snapshot: snapshot.lineage };
    const begun = await links.ask(partner, {
      method: 'begin',
      ...pair,
      ...(base ? { base: base.lineage } : {}),
    });
    const { next, bytes } = begunSchema.parse(begun);
    live.bytesDone = bytes;
    live.bytesTotal = bytes + measure(snapshot, base, next);
    live.status = words('Data transfer in progress');
    await this.#sendData({ snapshot, base, live, from: next, signal });
    live.status = words('Data transfer complete');
  }

  async #sendData(work: DataWork): Promise<void> {
    const { snapshot, base, live, signal } = work;
    const { links, partner } = this.#deps;
    const progress = this.#faultProgress.get(snapshot);
    await progress?.(live.bytesDone, live.bytesTotal);
    let from = work.from;
    for (;;) {
      if (partner.paused) throw new PeerUnreachable('the partner is paused');
      if (!this.#deps.group.snapshots.has(snapshot.id)) throw conflict('SM_enoent', 'The snapshot is gone.');
      const { chunks, body, next } = readBatch(snapshot, base, from);
      const pair = { volume: snapshot.volume.lineage, snapshot: snapshot.lineage };
      if (chunks.length > 0) await links.ask(partner, { method: 'write', ...pair, chunks, next }, body);
      live.bytesDone += body.length;
      this.progressMs = this.#deps.clock.now();
      await this.#pace(body.length, signal);
      await progress?.(live.bytesDone, live.bytesTotal);
      if (chunks.length < chunksPerBatch) return;
      from = next;
    }
  }

  async #pace(bytes: number, signal: AbortSignal): Promise<void> {
    const rate = this.#deps.bytesPerSecond();
    if (rate > 0 && bytes > 0) await this.#deps.clock.sleep((bytes / rate) * 1000, signal);
    signal.throwIfAborted();
  }

  /** Tells the partner, if it listens, that what it has received is of no use. */
  async abandon(): Promise<void> {
    this.#all('Data transfer terminated');
    for (const snapshot of this.#live.keys()) {
      const pair = { volume: snapshot.volume.lineage, snapshot: snapshot.lineage };
      await this.#deps.links.ask(this.#deps.partner, { method: 'abandon', ...pair }).catch(() => undefined);
    }
  }
}

interface DataWork {
  readonly snapshot: Snapshot;
  readonly base: Snapshot | undefined;
  readonly live: LiveStatus;
  readonly from: number;
  readonly signal: AbortSignal;
}

/** The newest older storage snapshot of the volume that the partner holds too. */
function newestCommon(snapshot: Snapshot, held: ReadonlySet<string>): Snapshot | undefined {
  const { snapshots } = snapshot.volume;
  return snapshots.slice(0, snapshots.indexOf(snapshot)).findLast((one) => held.has(one.lineage));
}

function measure(snapshot: Snapshot, base: Snapshot | undefined, from: number): number {
  let chunks = 0;
  for (const chunk of snapshot.map.changes(base?.map, from)) if (!snapshot.map.isHole(chunk)) chunks++;
  return chunks * chunkBytes;
}

function readBatch(snapshot: Snapshot, base: Snapshot | undefined, from: number) {
  const chunks: [number, 0 | 1][] = [];
  const body = Buffer.allocUnsafe(chunksPerBatch * chunkBytes);
  let length = 0;
  for (const chunk of snapshot.map.changes(base?.map, from)) {
    const hole = snapshot.map.isHole(chunk);
    chunks.push([chunk, hole ? 1 : 0]);
    if (!hole) {
      snapshot.map.read(chunk * chunkBytes, body.subarray(length, length + chunkBytes));
      length += chunkBytes;
    }
    if (chunks.length === chunksPerBatch) break;
  }
  return { chunks, body: body.subarray(0, length), next: (chunks.at(-1)?.[0] ?? from) + 1 };
}
