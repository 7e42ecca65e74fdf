import type { Clock, Timer } from '@leeward/core';
import { z } from 'zod';
import type { FaultBoard } from '../../control/fault-board.ts';
import type { DestinationFacts } from '../../intercluster/protocol.ts';
import type { Cluster } from '../../storage/cluster.ts';
import type { StorageSnapshot } from '../../storage/storage-snapshot.ts';
import type { Volume } from '../../storage/volume.ts';
import type { SourceService } from '../source-service.ts';
import type { SyncLink } from './sync-link.ts';

interface Known {
  inSync: boolean;
  /** Looks since the destination was heard; not a time, so that a busy machine does not look like a lost link. */
  missed: number;
}

export interface Taken {
  readonly volume: Volume;
  readonly snapshot: StorageSnapshot;
}

export interface SyncSourcesDeps {
  readonly cluster: Cluster;
  readonly source: SourceService;
  readonly link: SyncLink;
  readonly faults: FaultBoard;
  /** The real one: how long an answer stays away has nothing to do with the lab's time. */
  readonly clock: Clock;
}

const mostMissed = 25;
/** Since ONTAP 9.14 storage snapshots need no label of the policy's rules to be replicated (documented). */
const freeOfLabels = 14;

/**
 * The source side of synchronous relations: carries storage snapshots and their deletions to the other side at once,
 * notices that it is gone, and stops hosts then where the policy is strict.
 */
export class SyncSources {
  readonly #deps: SyncSourcesDeps;
  readonly #known = new Map<string, Known>();
  #timer: Timer | undefined;

  constructor(deps: SyncSourcesDeps) {
    this.#deps = deps;
    this.#watch();
  }

  #watch(): void {
    const { clock, cluster, source } = this.#deps;
    const { pulseMs } = cluster.config.behaviour.sync;
    this.#timer = clock.after(pulseMs, () => {
      for (const [relation, known] of this.#known)
        if (!source.destinations.has(relation)) this.end(relation);
        else if (known.inSync && ++known.missed > mostMissed) this.#lose(relation);
      this.#watch();
    });
  }

  close(): void {
    this.#timer?.cancel();
  }

  /** The destination has all that is here: each write goes to both from now on. */
  begin(relation: string): void {
    this.#known.set(relation, { inSync: true, missed: 0 });
    this.#stop(relation, undefined);
  }

  /** By the administrator's wish (quiesce, break, delete): hosts go on, in strict mode too (unverified). */
  end(relation: string): void {
    this.#stop(relation, undefined);
    this.#known.delete(relation);
  }

  pulse(relation: string): { inSync: boolean } {
    const known = this.#known.get(relation);
    if (known) known.missed = 0;
    return { inSync: known?.inSync ?? false };
  }

  loseAll(): void {
    for (const relation of this.#known.keys()) this.#lose(relation);
  }

  /** A relation between consistency groups loses its sync as a whole. */
  #lose(relation: string): void {
    const { destinations } = this.#deps.source;
    const group = destinations.get(relation)?.sync?.group;
    const lost = [...destinations.values()].filter(
      (one) => one.relation === relation || (group !== undefined && one.sync?.group === group),
    );
    for (const { relation: id, sync } of lost) {
      const known = this.#known.get(id);
      if (!known?.inSync) continue;
      known.inSync = false;
      if (sync?.strict) this.#stop(id, this.#deps.cluster.config.behaviour.sync.strictStops);
    }
  }

  #stop(relation: string, what: Volume['stopped']): void {
    const { cluster, source } = this.#deps;
    const facts = source.destinations.get(relation);
    const volume = facts && cluster.volume(cluster.svm(facts.sourceSvm), facts.sourceVolume);
    if (volume) volume.stopped = what;
  }

  #relationsOf(volume: Volume): DestinationFacts[] {
    return [...this.#deps.source.destinations.values()].filter(
      ({ relation, sourceSvm, sourceVolume }) =>
        sourceSvm === volume.svm.name &&
        sourceVolume === volume.name &&
        this.#known.get(relation)?.inSync === true,
    );
  }

  /**
   * Storage snapshots were taken now: the destination has them too before the caller is answered. What cannot be
   * carried stays here alone, and the relation is out of sync.
   */
  async taken(all: readonly Taken[]): Promise<void> {
    const carried = all.flatMap(({ volume, snapshot }) =>
      this.#relationsOf(volume)
        .filter((facts) => this.#isWanted(facts, snapshot))
        .map((facts) => ({ facts, snapshot })),
    );
    await Promise.all(
      carried.map(async ({ facts, snapshot }) => {
        const { relation, sourceSvm, sourceVolume } = facts;
        try {
          const signal = new AbortController().signal;
          const fault = this.#deps.faults.stepAction('sync.snapshot', `${sourceSvm}:${sourceVolume}`);
          if (fault?.kind === 'delay') await this.#deps.clock.sleep(fault.delayMs, signal);
          else if (fault) throw new Error('fault of the lab');
          const versions = [snapshot.versionUuid];
          await this.#deps.link.ask({ method: 'syncSnapshots', relation, versions }, z.object({}));
        } catch {
          this.#lose(relation);
        }
      }),
    );
  }

  #isWanted({ sync }: DestinationFacts, { label }: StorageSnapshot): boolean {
    const release = Math.min(this.#deps.cluster.release[1], sync?.minor ?? 0);
    return release >= freeOfLabels || (label !== '' && sync?.labels.includes(label) === true);
  }

  /** While in sync the destination follows deletions (unverified, see `behaviour.sync.deletes`). */
  async deleted(all: readonly Taken[]): Promise<void> {
    if (this.#deps.cluster.config.behaviour.sync.deletes !== 'both') return;
    for (const { volume, snapshot } of all)
      for (const { relation } of this.#relationsOf(volume))
        try {
          const version = snapshot.versionUuid;
          await this.#deps.link.ask({ method: 'syncDelete', relation, version }, z.object({}));
        } catch {
          this.#lose(relation);
        }
  }
}
