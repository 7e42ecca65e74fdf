import type { ShiftingClock } from '../../control/shifting-clock.ts';
import { PeerUnreachable } from '../../link/link-client.ts';
import type { Faults } from '../control/faults.ts';
import type { Group } from '../model/group.ts';
import type { Partner, SnapshotCollection, VolumeCollection } from '../model/objects.ts';
import { applyRetention } from '../operations/retention.ts';
import { type PartnerLinks, PartnerRefusal } from './partner-links.ts';
import { type LiveStatus, Transport } from './transport.ts';

const retryMs = 250;

interface Lane {
  current: SnapshotCollection;
  transport: Transport;
}

export interface ReplicatorDeps {
  readonly group: Group;
  readonly clock: ShiftingClock;
  readonly links: PartnerLinks;
  readonly faults: Faults;
}

/**
 * The upstream side: a queue for each volume collection, sent strictly in the order in which the collections were
 * taken, none skipped. It starts by itself when a collection joins and goes on after every break.
 */
export class Replicator {
  readonly #deps: ReplicatorDeps;
  readonly #lanes = new Map<VolumeCollection, Lane | undefined>();
  readonly #stop = new AbortController();
  bytesPerSecond: number;

  constructor(deps: ReplicatorDeps) {
    this.#deps = deps;
    this.bytesPerSecond = deps.group.config.behaviour.replicationBytesPerSecond;
  }

  /** To be called whenever a collection has joined the queue. */
  wake(collection: VolumeCollection): void {
    if (this.#lanes.has(collection)) return;
    this.#lanes.set(collection, undefined);
    void this.#drain(collection)
      .catch(() => undefined)
      .finally(() => {
        this.#lanes.delete(collection);
        if (!this.#stop.signal.aborted && nextOf(collection)) this.wake(collection);
      });
  }

  /** What is sent just now, for the progress in schedules and volume collections. */
  live(
    collection: VolumeCollection,
  ): { snapshotCollection: SnapshotCollection; status: LiveStatus[] } | undefined {
    const lane = this.#lanes.get(collection);
    return lane && { snapshotCollection: lane.current, status: lane.transport.status() };
  }

  async #drain(collection: VolumeCollection): Promise<void> {
    for (;;) {
      const next = nextOf(collection);
      if (!next || this.#stop.signal.aborted) return;
      await this.#send(collection, next);
    }
  }

  #partnerOf({ replicateTo }: SnapshotCollection): Partner | undefined {
    return this.#deps.group.partnerNamed(replicateTo);
  }

  async #send(collection: VolumeCollection, next: SnapshotCollection): Promise<void> {
    const { group, clock } = this.#deps;
    const { signal } = this.#stop;
    const partner = await this.#partnerReady(next);
    if (!partner) return this.#end(next, 'fail');
    const latency = group.config.behaviour.replicationLatencyMs;
    if (latency > 0) await clock.sleep(latency, signal);
    if (!group.snapshotCollections.has(next.id)) return;
    const transport = new Transport(
      { ...this.#deps, partner, bytesPerSecond: () => this.bytesPerSecond },
      next,
    );
    this.#lanes.set(collection, { current: next, transport });
    next.replicationStatus = 'in_progress';
    next.replicationStartMs = clock.now();
    group.inTransport.add(next);
    try {
      await this.#untilDone(transport, next, partner);
    } finally {
      group.inTransport.delete(next);
      this.#lanes.set(collection, undefined);
    }
  }

  /** Retries until it is through, is given up, or what was to be sent is gone. */
  async #untilDone(transport: Transport, next: SnapshotCollection, partner: Partner): Promise<void> {
    const { group, clock } = this.#deps;
    const { replicationGiveUpMs = Number.POSITIVE_INFINITY } = group.config.behaviour;
    for (;;) {
      try {
        await transport.run(this.#stop.signal);
        partner.configSynced = 'Yes';
        partner.lastSyncError = '';
        return this.#end(next, 'complete', transport.bytes);
      } catch (error) {
        this.#stop.signal.throwIfAborted();
        if (!group.snapshotCollections.has(next.id)) return transport.abandon();
        const passing = error instanceof PeerUnreachable || error instanceof PartnerRefusal;
        if (error instanceof PartnerRefusal) {
          partner.lastSyncError = `${error.code}: ${error.message}`;
          partner.configSynced = 'No';
        }
        const stuckMs = clock.now() - transport.progressMs;
        if (!passing || stuckMs > replicationGiveUpMs || !this.#partnerOf(next)) {
          await transport.abandon();
          return this.#end(next, 'fail');
        }
      }
      await clock.sleep(retryMs, this.#stop.signal);
      if (!(await this.#partnerReady(next)) && group.snapshotCollections.has(next.id))
        return this.#end(next, 'fail');
    }
  }

  /** Waits while the partner is away or paused; undefined once there is no such partner, or nothing to send. */
  async #partnerReady(next: SnapshotCollection): Promise<Partner | undefined> {
    for (;;) {
      const partner = this.#partnerOf(next);
      if (!partner || !this.#deps.group.snapshotCollections.has(next.id)) return undefined;
      if (partner.alive && !partner.paused) return partner;
      await this.#deps.clock.sleep(retryMs, this.#stop.signal);
    }
  }

  #end(done: SnapshotCollection, status: 'complete' | 'fail', bytes = 0): void {
    const { group, clock } = this.#deps;
    done.replicationStatus = status;
    done.replicationCompleteMs = status === 'complete' ? clock.now() : 0;
    done.replicatedBytes = bytes;
    group.inTransport.delete(done);
    // What was kept as the base until now may have become one too many.
    if (status === 'complete')
      for (const schedule of group.schedulesOf(done.volumeCollection)) applyRetention(group, schedule);
  }

  /** Resolves when the queue of a collection is empty. */
  async idle(collection: VolumeCollection, signal: AbortSignal): Promise<void> {
    while (this.#lanes.has(collection)) await this.#deps.clock.sleep(20, signal);
  }

  close(): void {
    this.#stop.abort();
  }
}

const nextOf = (collection: VolumeCollection): SnapshotCollection | undefined =>
  collection.snapshotCollections.find((one) => one.replicationStatus === 'pending');
