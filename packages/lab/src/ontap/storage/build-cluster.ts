import { mkdirSync } from 'node:fs';
import type { LifConfig, OntapConfig, SvmConfig, VolumeConfig } from '../config.ts';
import { Cluster, type ClusterDeps } from './cluster.ts';
import { nextIndex } from './export-policy.ts';
import { rootInode } from './file-tree.ts';
import type { Svm } from './svm.ts';

/** A cluster as its config describes it. Faults of the config are thrown as plain errors. */
export function buildCluster(config: OntapConfig, deps: ClusterDeps): Cluster {
  mkdirSync(config.dataFolder, { recursive: true });
  const cluster = new Cluster(config, deps);
  for (const svmConfig of config.svms) addSvm(cluster, svmConfig);
  return cluster;
}

function addSvm(cluster: Cluster, config: SvmConfig): void {
  const { randomness } = cluster;
  const svm: Svm = {
    uuid: config.uuid ?? randomness.uuid(),
    name: config.name,
    nfs: config.nfs,
    lifs: config.lifs.map((lif) => ({
      uuid: randomness.uuid(),
      config: lif,
      node: nodeOf(cluster, lif),
      isUp: true,
      iscsiPort: 0,
      nfsPort: 0,
      mountPort: 0,
      portmapPort: undefined,
    })),
    peers: config.peers.map((peer) => ({
      uuid: randomness.uuid(),
      alias: peer.alias ?? peer.svm,
      svmName: peer.svm,
      cluster: peer.cluster,
      svmUuid: undefined,
    })),
    root: undefined,
  };
  cluster.svms.push(svm);
  for (const { alias } of svm.peers)
    if (config.name === alias)
      throw new Error(`SVM ${config.name}: a peer SVM of the same name needs an alias`);
  addPolicies(cluster, svm, config);
  svm.root = cluster.addVolume({
    svm,
    name: `${config.name}_root`,
    type: 'rw',
    sizeBytes: 1024 ** 3,
    policy: policyNamed(cluster, svm, config.rootPolicy),
  });
  for (const volume of config.volumes) addVolume(cluster, svm, volume);
}

function nodeOf({ nodes }: Cluster, { name, node, services }: LifConfig) {
  if (services.includes('data_iscsi') && services.includes('data_nfs'))
    throw new Error(`interface ${name}: NFS and iSCSI cannot share an interface`);
  const found = node === undefined ? nodes[0] : nodes.find((one) => one.name === node);
  if (!found) throw new Error(`interface ${name}: no node ${node ?? ''}`);
  return found;
}

function addPolicies(cluster: Cluster, svm: Svm, config: SvmConfig): void {
  cluster.addPolicy(svm, 'default');
  for (const { name, rules } of config.exportPolicies) {
    const policy = cluster.policyOf(svm, name) ?? cluster.addPolicy(svm, name);
    for (const rule of rules) {
      policy.rules.push({
        index: rule.index ?? nextIndex(policy),
        clients: [...rule.clients],
        protocols: [...rule.protocols],
        ro: [...rule.ro],
        rw: [...rule.rw],
        superuser: [...rule.superuser],
        anonymousUser: rule.anonymousUser,
        allowSuid: true,
        allowDeviceCreation: true,
        chownMode: 'restricted',
        ntfsUnixSecurity: 'fail',
      });
    }
    policy.rules.sort((a, b) => a.index - b.index);
  }
}

function policyNamed(cluster: Cluster, svm: Svm, name: string) {
  const policy = cluster.policyOf(svm, name);
  if (!policy) throw new Error(`SVM ${svm.name} has no export policy ${name}`);
  return policy;
}

function addVolume(cluster: Cluster, svm: Svm, config: VolumeConfig): void {
  const volume = cluster.addVolume({
    svm,
    name: config.name,
    type: config.type,
    sizeBytes: config.sizeBytes,
    policy: policyNamed(cluster, svm, config.exportPolicy),
    ...(config.comment ? { comment: config.comment } : {}),
    snapshotDirectory: config.snapshotDirectory,
    snapshotLocking: config.snapshotLocking,
  });
  for (const folder of config.folders)
    volume.tree.create(rootInode, folder, 'directory', 0o755, { uid: 0, gid: 0 }, cluster.clock.now());
  if (config.type === 'dp' && config.luns.length > 0)
    throw new Error(`volume ${config.name}: LUNs of a dp volume come from its source`);
  if (!config.junction) return;
  volume.junction = cluster.junctionFor(svm, config.junction);
  if (!volume.junction) throw new Error(`volume ${config.name}: cannot be mounted at ${config.junction}`);
}
