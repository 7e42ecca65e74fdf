import { join } from 'node:path';
import type { Clock, Randomness } from '@leeward/core';
import { ChunkStore } from '../../storage/chunk-store.ts';
import type { OntapConfig } from '../config.ts';
import { parseRelease, type Release } from '../contract/release.ts';
import type { ExportPolicy } from './export-policy.ts';
import { FileTree, rootInode } from './file-tree.ts';
import type { Svm } from './svm.ts';
import type { CloneOrigin, Junction, Volume, VolumeType } from './volume.ts';

export interface ClusterNode {
  readonly uuid: string;
  readonly name: string;
  readonly serialNumber: string;
  readonly model: string;
}

export interface ClusterDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface NewVolume {
  readonly svm: Svm;
  readonly name: string;
  readonly type: VolumeType;
  readonly sizeBytes: number;
  readonly policy: ExportPolicy;
  readonly comment?: string;
  readonly aggregate?: string;
  readonly clone?: CloneOrigin;
  readonly snapshotDirectory?: boolean;
  readonly snapshotLocking?: boolean;
}

const models: Readonly<Record<string, string>> = {
  netapp: 'AFF-A400',
  asa: 'ASA-A400',
  'asa-r2': 'ASA-A70',
  lenovo: 'DM5100F',
  fujitsu: 'AX4100',
};

type NodeConfig = NonNullable<OntapConfig['cluster']['nodes']>[number];

/** Those of the config, or a pair of two. */
function nodesOf(config: OntapConfig): NodeConfig[] {
  const { name, serialNumber, nodes } = config.cluster;
  return nodes ?? [1, 2].map((n) => ({ name: `${name}-0${n}`, serialNumber: `${serialNumber}-${n}` }));
}

/** Everything one simulated cluster holds. */
export class Cluster {
  readonly config: OntapConfig;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly uuid: string;
  readonly release: Release;
  readonly nodes: readonly ClusterNode[];
  readonly aggregates: readonly { readonly name: string; readonly uuid: string }[];
  readonly svms: Svm[] = [];
  readonly volumes = new Map<string, Volume>();
  readonly policies = new Map<number, ExportPolicy>();
  readonly licenses: Set<string>;
  #instance = 1024;
  #policyId = 0x2_0000_0000;

  constructor(config: OntapConfig, deps: ClusterDeps) {
    this.config = config;
    this.clock = deps.clock;
    this.randomness = deps.randomness;
    this.uuid = config.cluster.uuid ?? deps.randomness.uuid();
    this.release = parseRelease(config.cluster.version);
    const { variant, aggregates } = config.cluster;
    this.nodes = nodesOf(config).map((node) => ({
      uuid: deps.randomness.uuid(),
      name: node.name,
      serialNumber: node.serialNumber,
      model: node.model ?? models[variant] ?? 'AFF-A400',
    }));
    this.aggregates = aggregates.map((aggregate) => ({ name: aggregate, uuid: deps.randomness.uuid() }));
    this.licenses = new Set(config.licenses.map((license) => license.toLowerCase()));
  }

  addPolicy(svm: Svm, name: string): ExportPolicy {
    const policy: ExportPolicy = { id: ++this.#policyId, name, svm, rules: [] };
    this.policies.set(policy.id, policy);
    return policy;
  }

  policyOf(svm: Svm, name: string): ExportPolicy | undefined {
    return [...this.policies.values()].find((policy) => policy.svm === svm && policy.name === name);
  }

  svm(name: string): Svm | undefined {
    return this.svms.find((svm) => svm.name === name);
  }

  /** Volumes that callers can see. */
  visible(): Volume[] {
    return [...this.volumes.values()].filter((volume) => !volume.inRecoveryQueue);
  }

  volume(svm: Svm | undefined, name: string): Volume | undefined {
    return this.visible().find((volume) => volume.svm === svm && volume.name === name);
  }

  clonesOf(parent: Volume): Volume[] {
    return [...this.volumes.values()].filter((volume) => volume.clone?.parent === parent);
  }

  addVolume(wanted: NewVolume): Volume {
    const { svm, clone } = wanted;
    const uuid = this.randomness.uuid();
    const store = clone ? clone.parent.store : new ChunkStore(join(this.config.dataFolder, `${uuid}.chunks`));
    const volume: Volume = {
      uuid,
      instance: ++this.#instance,
      name: wanted.name,
      svm,
      type: wanted.type,
      state: 'online',
      aggregate: clone?.parent.aggregate ?? wanted.aggregate ?? this.config.cluster.aggregates[0] ?? 'aggr1',
      comment: wanted.comment ?? '',
      createMs: this.clock.now(),
      store,
      account: { usedBytes: 0, limitBytes: wanted.sizeBytes },
      tree: clone ? clone.snapshot.tree.share() : FileTree.empty(store, this.clock),
      snapshots: [],
      junction: undefined,
      policy: wanted.policy,
      clone,
      snapshotDirectory: wanted.snapshotDirectory ?? true,
      snapshotLocking: wanted.snapshotLocking ?? false,
      lunSerials: undefined,
      stopped: undefined,
      exported: undefined,
      inRecoveryQueue: false,
    };
    clone?.snapshot.holds.set(uuid, 'volume_clone');
    this.volumes.set(uuid, volume);
    return volume;
  }

  /** Takes a volume away with all it holds. Nothing may be cloned from it or mounted below it any more. */
  destroyVolume(volume: Volume): void {
    this.volumes.delete(volume.uuid);
    volume.clone?.snapshot.holds.delete(volume.uuid);
    volume.tree.release();
    for (const snapshot of volume.snapshots) snapshot.tree.release();
    volume.snapshots = [];
    if (!volume.clone) volume.store.close();
  }

  /** What a path names in the SVM's namespace: the volume and a folder in it. */
  walk(svm: Svm, path: string): { volume: Volume; folderId: number } | undefined {
    let volume = svm.root;
    if (!volume) return undefined;
    let folderId = rootInode;
    for (const name of path.split('/').filter((part) => part !== '')) {
      const mounted = this.mountedAt(volume, folderId, name);
      if (mounted) {
        volume = mounted;
        folderId = rootInode;
        continue;
      }
      const id = volume.tree.get(folderId)?.entries.get(name);
      if (id === undefined || volume.tree.get(id)?.facts.type !== 'directory') return undefined;
      folderId = id;
    }
    return { volume, folderId };
  }

  mountedAt(parent: Volume, folderId: number, name: string): Volume | undefined {
    for (const volume of this.volumes.values()) {
      const { junction } = volume;
      if (junction?.parent === parent && junction.folderId === folderId && junction.name === name)
        return volume;
    }
    return undefined;
  }

  /** The place of a mount path, or undefined when a folder above it is missing or the name is taken. */
  junctionFor(svm: Svm, path: string): Junction | undefined {
    const parts = path.split('/').filter((part) => part !== '');
    const name = parts.pop();
    const above = this.walk(svm, parts.join('/'));
    if (!name || !above || this.mountedAt(above.volume, above.folderId, name)) return undefined;
    return { path: `/${[...parts, name].join('/')}`, parent: above.volume, folderId: above.folderId, name };
  }

  mountedBelow(volume: Volume): Volume[] {
    return [...this.volumes.values()].filter((one) => one.junction?.parent === volume);
  }

  close(): void {
    const clonesFirst = [...this.volumes.values()].sort((a, b) => b.instance - a.instance);
    for (const volume of clonesFirst) this.destroyVolume(volume);
  }
}
