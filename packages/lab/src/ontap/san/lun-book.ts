import type { Cluster } from '../storage/cluster.ts';
import type { LunFacts } from '../storage/lun.ts';
import type { Svm } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';
import { type Lun, lunPath } from './lun.ts';
import { newSerial } from './lun-identity.ts';

export interface NewLun {
  readonly facts: LunFacts;
  readonly sizeBytes: number;
  readonly serial?: string | undefined;
  /** Content to begin with: a LUN of the same volume or of a storage snapshot of it. */
  readonly source?: Parameters<Volume['tree']['createLun']>[3];
}

/**
 * All LUNs of a cluster. A LUN appears with its bytes, by whatever way these came into a volume (created, replicated,
 * cloned), and then gets a uuid and a serial number of its own, which it keeps as long as it is there.
 */
export class LunBook {
  readonly #cluster: Cluster;
  readonly #known = new WeakMap<Volume, Map<number, Lun>>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** The LUNs of a volume, in the order of their making. */
  of(volume: Volume): Lun[] {
    const ids = volume.tree.luns();
    const known = this.#known.get(volume) ?? new Map<number, Lun>();
    this.#known.set(volume, known);
    for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    for (const id of ids) if (!known.has(id)) known.set(id, this.#introduce(volume, id));
    return [...known.values()];
  }

  #introduce(volume: Volume, inodeId: number, wanted = volume.lunSerials?.get(inodeId)): Lun {
    const { randomness } = this.#cluster;
    const serial = wanted ?? newSerial(randomness);
    return { uuid: randomness.uuid(), serial, volume, inodeId, enabled: true };
  }

  all(): Lun[] {
    return this.#cluster.visible().flatMap((volume) => this.of(volume));
  }

  isThere(lun: Lun): boolean {
    const { volume, inodeId } = lun;
    const isVisible = this.#cluster.volumes.has(volume.uuid) && !volume.inRecoveryQueue;
    return isVisible && volume.tree.luns().has(inodeId) && this.#known.get(volume)?.get(inodeId) === lun;
  }

  byUuid(uuid: string): Lun | undefined {
    return this.all().find((lun) => lun.uuid === uuid);
  }

  /** `path` as in the REST interface: `/vol/<volume>/<lun>`. */
  byPath(svm: Svm, path: string): Lun | undefined {
    return this.all().find((lun) => lun.volume.svm === svm && lunPath(lun) === path);
  }

  create(volume: Volume, { facts, sizeBytes, serial, source }: NewLun): Lun {
    const inode = volume.tree.createLun(facts, sizeBytes, this.#cluster.clock.now(), source);
    this.of(volume);
    const lun = this.#introduce(volume, inode.facts.id, serial);
    this.#known.get(volume)?.set(inode.facts.id, lun);
    return lun;
  }

  remove(lun: Lun): void {
    lun.volume.tree.drop(lun.inodeId);
    this.of(lun.volume);
  }

  /** The node through which the LUN is served, and its partner. */
  nodes(lun: Lun) {
    const { nodes, aggregates } = this.#cluster;
    const at =
      Math.max(
        0,
        aggregates.findIndex((one) => one.name === lun.volume.aggregate),
      ) % nodes.length;
    const pair = at - (at % 2);
    const partner = nodes[at === pair ? pair + 1 : pair];
    return [nodes[at], partner].filter((node) => node !== undefined);
  }
}
