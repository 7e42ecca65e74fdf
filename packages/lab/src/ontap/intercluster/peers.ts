import type { OntapConfig } from '../config.ts';
import type { SvmPeer } from '../storage/svm.ts';
import { InterclusterClient } from './client.ts';

/** The peer clusters: that of `peer` in the config, and those of `peers` by name. */
export class Peers {
  readonly main: InterclusterClient | undefined;
  readonly #others: ReadonlyMap<string, InterclusterClient>;

  constructor({ peer, peers }: Pick<OntapConfig, 'peer' | 'peers'>) {
    this.main = peer && new InterclusterClient(peer);
    this.#others = new Map(peers.map(({ name, ...address }) => [name, new InterclusterClient(address)]));
  }

  /** The cluster that a peer SVM lives on. */
  of({ cluster }: Pick<SvmPeer, 'cluster'>): InterclusterClient | undefined {
    return cluster === undefined ? this.main : this.#others.get(cluster);
  }

  all(): readonly InterclusterClient[] {
    return [...(this.main ? [this.main] : []), ...this.#others.values()];
  }

  /** Throws for a cluster that is no peer. */
  redirect(name: string, port: number): void {
    const peer = this.#others.get(name);
    if (!peer) throw new RangeError(`this cluster has no peer ${name}`);
    peer.redirect(port);
  }

  /** Drops all connections; calls in flight fail. */
  cut(): void {
    for (const peer of this.all()) peer.cut();
  }
}
