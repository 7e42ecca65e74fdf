import type { OntapConfig } from '../config.ts';
import type { Cluster } from '../storage/cluster.ts';
import type { ConsistencyGroup } from './consistency-group.ts';

/** Consistency groups of the config. Faults of the config are plain errors. */
export function buildGroups(config: OntapConfig, cluster: Cluster): Map<string, ConsistencyGroup> {
  const groups = new Map<string, ConsistencyGroup>();
  for (const { name: svmName, consistencyGroups } of config.svms) {
    const svm = cluster.svm(svmName);
    if (!svm) continue;
    for (const { name, volumes: names } of consistencyGroups) {
      const volumes = names.map((one) => {
        const volume = cluster.volume(svm, one);
        if (!volume) throw new Error(`consistency group ${name}: no volume ${one}`);
        return volume;
      });
      const uuid = cluster.randomness.uuid();
      groups.set(uuid, { uuid, name, svm, children: [], volumes, snapshots: [], pending: undefined });
    }
  }
  return groups;
}
