import type { OntapConfig, SvmConfig } from '../config.ts';
import type { Cluster } from '../storage/cluster.ts';
import type { Svm } from '../storage/svm.ts';
import { checkInitiatorName } from './initiator-name.ts';
import { San } from './san.ts';

/** Services, groups, LUNs and mappings as the config describes them. Faults of the config are plain errors. */
export function buildSan(config: OntapConfig, cluster: Cluster): San {
  const san = new San(cluster);
  for (const svmConfig of config.svms) {
    const svm = cluster.svm(svmConfig.name);
    if (svm) addSvm(san, cluster, svm, svmConfig);
  }
  return san;
}

function addSvm(san: San, cluster: Cluster, svm: Svm, config: SvmConfig): void {
  const { iscsi } = config;
  if (iscsi) {
    san.createService(svm, iscsi.alias ?? svm.name, iscsi.enabled, iscsi.targetName);
    const credentials = san.credentials(svm);
    for (const { initiator, type, inbound, outbound } of iscsi.credentials) {
      const former = credentials.findIndex((one) => one.initiator === initiator);
      if (former >= 0) credentials.splice(former, 1);
      credentials.push({ initiator, type, inbound, outbound });
    }
  }
  for (const { initiators, ...rest } of config.igroups) {
    const uuid = cluster.randomness.uuid();
    const members = initiators.map((name) => ({
      name: checkInitiatorName(name, rest.protocol),
      comment: '',
    }));
    san.igroups.set(uuid, { ...rest, uuid, svm, deleteOnUnmap: false, initiators: members });
  }
  for (const volumeConfig of config.volumes) {
    const volume = cluster.volume(svm, volumeConfig.name);
    if (!volume) continue;
    for (const { name, sizeBytes, osType, comment, serial, isSpaceReserved, maps } of volumeConfig.luns) {
      const createMs = cluster.clock.now();
      const facts = { name, osType, comment, createMs, isSpaceReserved, attributes: [] };
      const lun = san.luns.create(volume, { facts, sizeBytes, serial });
      for (const { igroup: igroupName, number } of maps) {
        const igroup = san.igroupNamed(svm, igroupName);
        if (!igroup) throw new Error(`SVM ${svm.name} has no igroup ${igroupName}`);
        san.map(lun, igroup, number ?? san.freeNumber(igroup) ?? 0);
      }
    }
  }
}
