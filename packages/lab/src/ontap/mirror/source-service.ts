import { chunkBytes } from '../../storage/chunk-store.ts';
import type {
  Cursor,
  DestinationFacts,
  Hello,
  InterclusterRequest,
  SnapshotFacts,
  SyncRequest,
} from '../intercluster/protocol.ts';
import type { Answer } from '../intercluster/server.ts';
import { RestError } from '../rest/rest-error.ts';
import type { Cluster } from '../storage/cluster.ts';
import type { FileTree } from '../storage/file-tree.ts';
import { createSnapshot, removeSnapshot } from '../storage/snapshot-operations.ts';
import type { StorageSnapshot } from '../storage/storage-snapshot.ts';
import type { Volume } from '../storage/volume.ts';

const inodesPerAnswer = 2000;

/** The source side of replication: what the peer's engine may ask of this cluster. */
export class SourceService {
  readonly #cluster: Cluster;
  /** Relations whose source lies here, as their destinations reported them. */
  readonly destinations = new Map<string, DestinationFacts>();
  /** Storage snapshots that a relation made here for itself, by their version. */
  readonly #madeFor = new Map<string, string>();
  readonly #lunSerials: (volume: Volume) => [number, string][];

  constructor(cluster: Cluster, lunSerials: (volume: Volume) => [number, string][]) {
    this.#cluster = cluster;
    this.#lunSerials = lunSerials;
  }

  async answer(request: Exclude<InterclusterRequest, SyncRequest>): Promise<Answer> {
    switch (request.method) {
      case 'hello':
        return { result: this.#hello() };
      case 'volume': {
        const volume = this.#volumeNamed(request.svm, request.volume);
        return { result: this.#facts(volume) };
      }
      case 'createSnapshot': {
        const volume = this.#volume(request.volume);
        const made = createSnapshot(this.#cluster, volume, { name: request.name, byRelation: true });
        this.#madeFor.set(made.versionUuid, request.relation);
        return { result: this.#facts(volume) };
      }
      case 'inodes':
        return { result: listInodes(this.#snapshot(request.volume, request.version).tree, request.from) };
      case 'measure': {
        const { tree, base } = this.#trees(request.volume, request.version, request.base);
        return { result: measure(tree, base) };
      }
      case 'difference': {
        const { tree, base } = this.#trees(request.volume, request.version, request.base);
        return difference(tree, base, request.from, request.maxChunks);
      }
      case 'hold':
        this.#hold(this.#volume(request.volume), request.version, request.relation);
        return { result: {} };
      case 'release':
        this.#release(request.relation);
        return { result: {} };
      case 'register':
        this.destinations.set(request.destination.relation, request.destination);
        return { result: {} };
    }
  }

  #hello(): Hello {
    const { config, uuid, svms, licenses } = this.#cluster;
    return {
      name: config.cluster.name,
      uuid,
      serialNumber: config.cluster.serialNumber,
      address: config.intercluster?.address ?? '127.0.0.1',
      snapmirrorLicensed: licenses.has('snapmirror'),
      svms: svms.map((svm) => ({ name: svm.name, uuid: svm.uuid })),
    };
  }

  #volumeNamed(svmName: string, name: string): Volume {
    const svm = this.#cluster.svm(svmName);
    const volume = svm && this.#cluster.volume(svm, name);
    if (!volume) throw new RestError(404, 917525, `Volume "${svmName}:${name}" does not exist.`);
    return volume;
  }

  #volume(uuid: string): Volume {
    const volume = this.#cluster.volumes.get(uuid);
    if (!volume) throw new RestError(404, 917525, 'The source volume does not exist.');
    if (!this.#cluster.licenses.has('snapmirror'))
      throw new RestError(400, 13303844, 'SnapMirror is not licensed on the source cluster.');
    return volume;
  }

  #snapshot(volumeUuid: string, version: string): StorageSnapshot {
    const volume = this.#volume(volumeUuid);
    const found = volume.snapshots.find((one) => one.versionUuid === version);
    if (!found) throw new RestError(404, 1638600, `A snapshot of volume "${volume.name}" no longer exists.`);
    return found;
  }

  #trees(volume: string, version: string, base: string | undefined) {
    const tree = this.#snapshot(volume, version).tree;
    return { tree, base: base === undefined ? undefined : this.#snapshot(volume, base).tree };
  }

  #facts(volume: Volume) {
    return {
      uuid: volume.uuid,
      svmUuid: volume.svm.uuid,
      sizeBytes: volume.account.limitBytes,
      isReplica: volume.type === 'dp',
      ...(volume.type === 'dp' && volume.exported ? { exported: volume.exported.name } : {}),
      snapshots: volume.snapshots.map(
        ({ name, versionUuid, createMs, label, comment, byRelation }): SnapshotFacts => ({
          name,
          versionUuid,
          createMs,
          label,
          comment,
          byRelation,
        }),
      ),
      lunSerials: this.#lunSerials(volume),
    };
  }

  /** The relation's base is now this one: the one before is free, and what the relation made before it goes. */
  #hold(volume: Volume, version: string, relation: string): void {
    for (const snapshot of [...volume.snapshots]) {
      if (snapshot.versionUuid === version) snapshot.holds.set(relation, 'snapmirror');
      else {
        snapshot.holds.delete(relation);
        const own = this.#madeFor.get(snapshot.versionUuid) === relation;
        if (own && snapshot.holds.size === 0) removeSnapshot(volume, snapshot);
      }
    }
  }

  #release(relation: string): void {
    this.destinations.delete(relation);
    for (const volume of this.#cluster.volumes.values())
      for (const snapshot of volume.snapshots) snapshot.holds.delete(relation);
  }
}

function sortedInodes(tree: FileTree) {
  return [...tree.inodes()].sort((a, b) => a.facts.id - b.facts.id);
}

function listInodes(tree: FileTree, from: number) {
  const all = sortedInodes(tree);
  const part = all.slice(from, from + inodesPerAnswer);
  const next = from + part.length;
  return {
    inodes: part.map((inode) => ({ facts: inode.facts, entries: [...inode.entries] })),
    ...(next < all.length ? { next } : {}),
  };
}

function measure(tree: FileTree, base: FileTree | undefined): { chunks: number } {
  let chunks = 0;
  for (const inode of tree.inodes()) {
    const known = base?.get(inode.facts.id);
    if (known !== inode) for (const _ of inode.map.changes(known?.map)) chunks++;
  }
  return { chunks };
}

/** Changed chunks in order of inode and position, from a cursor on, at most `maxChunks` of them. */
function difference(tree: FileTree, base: FileTree | undefined, from: Cursor, maxChunks: number): Answer {
  const chunks: [number, number, 0 | 1][] = [];
  const body = Buffer.allocUnsafe(maxChunks * chunkBytes);
  let length = 0;
  for (const inode of sortedInodes(tree)) {
    const { id } = inode.facts;
    const known = base?.get(id);
    if (id < from.inode || known === inode) continue;
    for (const chunk of inode.map.changes(known?.map, id === from.inode ? from.chunk : 0)) {
      if (chunks.length >= maxChunks)
        return { result: { chunks, next: { inode: id, chunk } }, body: body.subarray(0, length) };
      const hole = inode.map.isHole(chunk);
      chunks.push([id, chunk, hole ? 1 : 0]);
      if (hole) continue;
      inode.map.read(chunk * chunkBytes, body.subarray(length, length + chunkBytes));
      length += chunkBytes;
    }
  }
  return { result: { chunks }, body: body.subarray(0, length) };
}
