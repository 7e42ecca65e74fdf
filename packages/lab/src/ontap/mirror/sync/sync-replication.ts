import type { Clock } from '@leeward/core';
import type { FaultBoard } from '../../control/fault-board.ts';
import type { InterclusterClient } from '../../intercluster/client.ts';
import { type InterclusterRequest, isSyncRequest, type SyncRequest } from '../../intercluster/protocol.ts';
import type { Answer } from '../../intercluster/server.ts';
import type { Cluster } from '../../storage/cluster.ts';
import type { MirrorEngine } from '../mirror-engine.ts';
import type { GroupRelation } from '../relation.ts';
import type { SourceService } from '../source-service.ts';
import { becomeDestination, failOver } from './fail-over.ts';
import { SyncDestinations } from './sync-destinations.ts';
import { SyncLink } from './sync-link.ts';
import { SyncSources } from './sync-sources.ts';

export interface SyncReplicationDeps {
  readonly cluster: Cluster;
  readonly engine: MirrorEngine;
  readonly source: SourceService;
  readonly peer: InterclusterClient | undefined;
  readonly faults: FaultBoard;
  /** The real one. */
  readonly clock: Clock;
}

/** SnapMirror Synchronous and SnapMirror active sync of one cluster, in both roles. */
export class SyncReplication {
  readonly sources: SyncSources;
  readonly #destinations: SyncDestinations;
  readonly #engine: MirrorEngine;
  readonly #source: SourceService;
  readonly #link: SyncLink;
  #isReachable = true;
  #isLinkUp = true;

  constructor({ cluster, engine, source, peer, faults, clock }: SyncReplicationDeps) {
    this.#engine = engine;
    this.#source = source;
    this.#link = new SyncLink(peer);
    this.sources = new SyncSources({ cluster, source, link: this.#link, faults, clock });
    this.#destinations = new SyncDestinations({ engine, link: this.#link, clock });
  }

  /** What the peer asks, of the synchronous relations or of all others. */
  async answer(request: InterclusterRequest): Promise<Answer> {
    if (isSyncRequest(request)) return await this.#answerSync(request);
    if (request.method === 'release') this.sources.end(request.relation);
    return await this.#source.answer(request);
  }

  async #answerSync(request: SyncRequest): Promise<Answer> {
    this.#link.check();
    switch (request.method) {
      case 'syncPulse':
        return { result: this.sources.pulse(request.relation) };
      case 'syncBegin':
        this.sources.begin(request.relation);
        return { result: {} };
      case 'syncEnd':
        this.sources.end(request.relation);
        return { result: {} };
      case 'syncTurn':
        await becomeDestination(this.#engine, request);
        return { result: {} };
      default:
        return await this.#destinations.answer(request);
    }
  }

  /** Planned failover of a relation between consistency groups whose destination is here. */
  failOver(group: GroupRelation): Promise<void> {
    return failOver(this.#engine, this.#link, group);
  }

  /** The link between the clusters alone; both stay reachable for everybody else. */
  setLink(isUp: boolean): void {
    this.#isLinkUp = isUp;
    this.#follow();
  }

  /** A cluster that is away replicates nothing either. */
  setReachable(isReachable: boolean): void {
    this.#isReachable = isReachable;
    this.#follow();
  }

  #follow(): void {
    this.#link.isUp = this.#isLinkUp && this.#isReachable;
    if (this.#link.isUp) return;
    this.sources.loseAll();
    this.#destinations.loseAll('the other cluster does not answer');
  }

  async close(): Promise<void> {
    this.sources.close();
    await this.#destinations.close();
  }
}
