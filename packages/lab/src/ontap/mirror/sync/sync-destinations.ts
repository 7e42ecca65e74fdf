import type { Clock, Timer } from '@leeward/core';
import { z } from 'zod';
import type { SyncRequest } from '../../intercluster/protocol.ts';
import type { Answer } from '../../intercluster/server.ts';
import { RestError } from '../../rest/rest-error.ts';
import { removeSnapshot } from '../../storage/snapshot-operations.ts';
import type { MirrorEngine } from '../mirror-engine.ts';
import { isSyncKind } from '../mirror-policy.ts';
import type { Relation } from '../relation.ts';
import { rotateByRules } from '../rotate.ts';
import type { SyncLink } from './sync-link.ts';

const pulseSchema = z.object({ inSync: z.boolean() });

export interface SyncDestinationsDeps {
  readonly engine: MirrorEngine;
  readonly link: SyncLink;
  /** The real one, as for the sources. */
  readonly clock: Clock;
}

/** The destination side of synchronous relations: takes what the source sends at once, and resynchronises by itself. */
export class SyncDestinations {
  readonly #deps: SyncDestinationsDeps;
  /** Deletions of the source that a clone here holds up, by relation. */
  readonly #owedDeletions = new Map<Relation, Set<string>>();
  /** What comes for one relation comes one after the other. */
  readonly #lines = new Map<Relation, Promise<unknown>>();
  readonly #abort = new AbortController();
  #timer: Timer | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(deps: SyncDestinationsDeps) {
    this.#deps = deps;
    deps.engine.sync = {
      begin: (relation) => this.#tell('syncBegin', relation),
      end: (relation) => this.#tell('syncEnd', relation),
    };
    this.#next();
  }

  #next(): void {
    const { clock, engine } = this.#deps;
    this.#timer = clock.after(engine.cluster.config.behaviour.sync.pulseMs, () => {
      this.#round = this.#lookAtAll().finally(() => {
        if (!this.#abort.signal.aborted) this.#next();
      });
    });
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#timer?.cancel();
    await Promise.allSettled([this.#round, ...this.#lines.values()]);
  }

  #relations(): Relation[] {
    return [...this.#deps.engine.relations.values()].filter(({ policy }) => isSyncKind(policy.kind));
  }

  async #tell(method: 'syncBegin' | 'syncEnd', { uuid: relation }: Relation): Promise<void> {
    await this.#deps.link.ask({ method, relation }, z.object({}));
  }

  async #lookAtAll(): Promise<void> {
    await Promise.all(this.#relations().map((relation) => this.#lookAt(relation)));
  }

  async #lookAt(relation: Relation): Promise<void> {
    const { engine, link } = this.#deps;
    if (relation.state === 'in_sync') {
      this.#payDeletions(relation);
      await this.#pulse(relation);
      return;
    }
    const { autoResync } = engine.cluster.config.behaviour.sync;
    if (relation.state !== 'out_of_sync' || !autoResync || !link.isUp || engine.isBusy(relation)) return;
    try {
      await link.ask({ method: 'syncPulse', relation: relation.uuid }, pulseSchema);
      engine.start(relation, { resync: true });
    } catch {
      // Tried again at the next look.
    }
  }

  async #pulse(relation: Relation): Promise<void> {
    const { link } = this.#deps;
    try {
      const { inSync } = await link.ask({ method: 'syncPulse', relation: relation.uuid }, pulseSchema);
      if (!inSync) this.#lose(relation, 'the source has gone on without the destination');
    } catch (error) {
      this.#lose(relation, error instanceof Error ? error.message : String(error));
    }
  }

  loseAll(reason: string): void {
    for (const relation of this.#relations()) this.#lose(relation, reason);
  }

  #lose(relation: Relation, reason: string): void {
    for (const one of relation.group?.members ?? [relation]) {
      if (one.state !== 'in_sync') continue;
      one.state = 'out_of_sync';
      one.unhealthy = [{ code: '6621444', message: `The relationship is out of sync: ${reason}.` }];
    }
  }

  async answer(request: Extract<SyncRequest, { method: 'syncSnapshots' | 'syncDelete' }>): Promise<Answer> {
    this.#deps.link.check();
    const relation = this.#deps.engine.relations.get(request.relation);
    if (relation?.state !== 'in_sync') throw new RestError(400, 13303817, 'The relationship is not in sync.');
    if (request.method === 'syncDelete') {
      const owed = this.#owedDeletions.get(relation) ?? new Set();
      this.#owedDeletions.set(relation, owed.add(request.version));
      this.#payDeletions(relation);
      return { result: {} };
    }
    const { replicaDelayMs } = this.#deps.engine.cluster.config.behaviour.sync;
    const received = this.#inLine(relation, async () => {
      if (replicaDelayMs > 0) await this.#deps.clock.sleep(replicaDelayMs, this.#abort.signal);
      await this.#receive(relation, request.versions);
    });
    if (replicaDelayMs === 0) await received;
    else received.catch((error: unknown) => this.#lose(relation, String(error)));
    return { result: {} };
  }

  #inLine<T>(relation: Relation, work: () => Promise<T>): Promise<T> {
    const result = (this.#lines.get(relation) ?? Promise.resolve()).then(work, work);
    this.#lines.set(
      relation,
      result.catch(() => undefined),
    );
    return result;
  }

  /** Rotation by the rules' counts as documented for all policies with rules. */
  async #receive(relation: Relation, versions: readonly string[]): Promise<void> {
    const { engine } = this.#deps;
    await engine.bringNow(relation, versions, this.#abort.signal);
    rotateByRules(relation.destination, relation.policy.rules, engine.cluster.clock.now());
  }

  #payDeletions(relation: Relation): void {
    const owed = this.#owedDeletions.get(relation);
    if (!owed) return;
    const nowMs = this.#deps.engine.cluster.clock.now();
    for (const version of owed) {
      const snapshot = relation.destination.snapshots.find((one) => one.versionUuid === version);
      const isHeld = snapshot && (snapshot.holds.size > 0 || (snapshot.lockedUntilMs ?? 0) > nowMs);
      if (snapshot && !isHeld) removeSnapshot(relation.destination, snapshot);
      if (!isHeld) owed.delete(version);
    }
  }
}
