import type { OntapConfig } from '../config.ts';
import { type InterclusterClient, PeerUnreachable } from '../intercluster/client.ts';
import type { VolumeFacts } from '../intercluster/protocol.ts';
import type { SvmPeer } from '../storage/svm.ts';
import type { MirrorEngine } from './mirror-engine.ts';
import type { Relation } from './relation.ts';
import { describeSource } from './transfer-run.ts';

type RelationConfig = OntapConfig['relations'][number];

const firstWaitMs = 100;
const tries = 600;

/**
 * The relations of the config: they exist from the start, are made known to the source and get their baseline as
 * soon as the peer answers.
 */
export class RelationSetup {
  readonly #engine: MirrorEngine;
  readonly #wanted: { relation: Relation; initialise: boolean }[] = [];
  readonly #settled = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  #begun = false;
  /** `pending`, `ready` or `failed: …`. */
  progress = 'pending';

  constructor(engine: MirrorEngine) {
    this.#engine = engine;
    const { cluster } = engine;
    for (const wanted of cluster.config.relations) {
      if (wanted.volumes.length > 0) {
        this.#addGroup(wanted);
        continue;
      }
      const [sourceSvm = '', sourceVolume = ''] = wanted.source.split(':');
      const [svmName = '', volumeName = ''] = wanted.destination.split(':');
      const svm = cluster.svm(svmName);
      const destination = cluster.volume(svm, volumeName);
      const peer = svm?.peers.find((one) => one.alias === sourceSvm);
      const policy = engine.policyNamed(wanted.policy);
      if (!destination || !peer || !policy)
        throw new Error(
          `relation ${wanted.source} to ${wanted.destination}: volume, peer or policy is missing`,
        );
      const relation = engine.addRelation({ sourceSvm: peer, sourceVolume, destination, policy });
      this.#wanted.push({ relation, initialise: wanted.state === 'snapmirrored' });
      if (wanted.everySeconds !== undefined) engine.schedule(relation, wanted.everySeconds * 1000);
    }
    for (const cluster of engine.peers.all())
      cluster.onHello = (hello) => {
        for (const peer of this.#svmPeers().filter((one) => engine.peers.of(one) === cluster))
          peer.svmUuid = hello.svms.find((one) => one.name === peer.svmName)?.uuid;
      };
    this.#settled.promise.then(
      () => {
        this.progress = 'ready';
      },
      (error: unknown) => {
        this.progress = `failed: ${error instanceof Error ? error.message : String(error)}`;
      },
    );
    if (this.#wanted.length === 0) this.#settled.resolve();
  }

  /** Between consistency groups; those themselves are in the configs of both clusters. */
  #addGroup({ source, destination, volumes, policy: policyName, state }: RelationConfig): void {
    const { cluster } = this.#engine;
    const [alias = '', sourceGroup = ''] = source.split(':');
    const [svmName = '', group = ''] = destination.split(':');
    const svm = cluster.svm(svmName);
    const sourceSvm = svm?.peers.find((one) => one.alias === alias);
    const policy = this.#engine.policyNamed(policyName);
    if (!svm || !sourceSvm || !policy) throw new Error(`relation ${source}: SVM, peer or policy is missing`);
    const made = this.#engine.addGroupRelation({ sourceSvm, svm, source: sourceGroup, destination: group });
    for (const pair of volumes) {
      const volume = cluster.volume(svm, pair.destination);
      if (!volume) throw new Error(`relation ${source}: no volume ${pair.destination}`);
      const wanted = { sourceSvm, sourceVolume: pair.source, destination: volume, policy, group: made };
      this.#wanted.push({
        relation: this.#engine.addRelation(wanted),
        initialise: state === 'snapmirrored',
      });
    }
  }

  get ready(): Promise<void> {
    return this.#settled.promise;
  }

  /** The peer's address is known. Repeated calls change nothing. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#run().then(this.#settled.resolve, this.#settled.reject);
  }

  /** The address of one more peer is known: it is met in the background, so that its SVMs are known too. */
  meet(cluster: string): void {
    const peer = this.#engine.peers.of({ cluster });
    if (peer) this.#introduce(peer).catch(() => undefined);
  }

  #svmPeers(): readonly SvmPeer[] {
    return this.#engine.cluster.svms.flatMap(({ peers }) => peers);
  }

  stop(): void {
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    const { peers } = this.#engine;
    if (peers.main) await this.#introduce(peers.main);
    for (const { relation, initialise } of this.#wanted) {
      const peer = peers.of(relation.sourceSvm);
      if (peer) await this.#introduce(peer);
      await this.#engine.register(relation);
      if (initialise) await this.#baseline(relation);
    }
  }

  /** Waits for a peer, which may start later. */
  async #introduce(peer: InterclusterClient): Promise<void> {
    const { cluster } = this.#engine;
    for (let attempt = 1; !peer.connected; attempt++) {
      try {
        await peer.introduce();
      } catch (error) {
        if (!(error instanceof PeerUnreachable) || attempt >= tries) throw error;
        await cluster.clock.sleep(firstWaitMs, this.#abort.signal);
      }
    }
  }

  async #baseline(relation: Relation): Promise<void> {
    const { peers, cluster } = this.#engine;
    const peer = peers.of(relation.sourceSvm);
    if (!peer) return;
    // The middle of a cascade has to have its own baseline first.
    for (let attempt = 1; isEmptyReplica(await describeSource(peer, relation)); attempt++) {
      if (attempt >= tries) throw new Error(`the source of ${relation.destination.name} has no baseline`);
      await cluster.clock.sleep(firstWaitMs, this.#abort.signal);
    }
    const transfer = this.#engine.start(relation);
    while (transfer.endMs === undefined) await cluster.clock.sleep(20, this.#abort.signal);
    if (transfer.state !== 'success')
      throw new Error(`baseline of ${relation.destination.name} failed: ${transfer.error?.message}`);
  }
}

function isEmptyReplica({ isReplica, exported }: VolumeFacts): boolean {
  return isReplica && exported === undefined;
}
