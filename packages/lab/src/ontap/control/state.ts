import { destinationPath, sourcePath } from '../mirror/relation.ts';
import { type Lun, lunContent, lunPath, lunState as stateOfLun } from '../san/lun.ts';
import { naaOf } from '../san/lun-identity.ts';
import { ownersOf } from '../storage/storage-snapshot.ts';
import type { World } from '../world.ts';

function lunState({ san }: World, lun: Lun) {
  const content = lunContent(lun);
  return {
    svm: lun.volume.svm.name,
    path: lunPath(lun),
    volume: lun.volume.name,
    uuid: lun.uuid,
    serial: lun.serial,
    scsiName: `naa.${naaOf(lun.serial)}`,
    sizeBytes: content?.inode.facts.sizeBytes ?? 0,
    usedBytes: content?.inode.map.usedBytes ?? 0,
    osType: content?.facts.osType,
    state: stateOfLun(lun),
    maps: san.mapsOfLun(lun).map(({ igroup, number }) => ({ igroup: igroup.name, number })),
  };
}

/** What the cluster holds, for people and for tests that compare before with after. */
export function stateOf(world: World) {
  const { cluster, engine, san, block, groups } = world;
  return {
    cluster: {
      name: cluster.config.cluster.name,
      uuid: cluster.uuid,
      version: cluster.config.cluster.version,
    },
    licenses: [...cluster.licenses].sort(),
    volumes: [...cluster.volumes.values()].map((volume) => ({
      svm: volume.svm.name,
      name: volume.name,
      uuid: volume.uuid,
      type: volume.type,
      state: volume.state,
      sizeBytes: volume.account.limitBytes,
      usedBytes: volume.account.usedBytes,
      junction: volume.junction?.path,
      exportPolicy: volume.policy.name,
      cloneOf: volume.clone && { volume: volume.clone.parent.name, snapshot: volume.clone.snapshot.name },
      inRecoveryQueue: volume.inRecoveryQueue,
      exportedSnapshot: volume.exported?.name,
      snapshots: volume.snapshots.map((one) => ({
        name: one.name,
        uuid: one.uuid,
        versionUuid: one.versionUuid,
        createMs: one.createMs,
        label: one.label,
        owners: ownersOf(one),
      })),
    })),
    exportPolicies: [...cluster.policies.values()].map((policy) => ({
      svm: policy.svm.name,
      name: policy.name,
      id: policy.id,
      rules: policy.rules.map((rule) => ({ ...rule })),
    })),
    luns: san.luns.all().map((lun) => lunState(world, lun)),
    igroups: [...san.igroups.values()].map(({ uuid, svm, name, osType, protocol, comment, initiators }) => ({
      svm: svm.name,
      name,
      uuid,
      osType,
      protocol,
      comment,
      initiators: initiators.map((one) => one.name),
    })),
    lunMaps: san.maps().map(({ lun, igroup, number }) => ({
      svm: igroup.svm.name,
      lun: lunPath(lun),
      igroup: igroup.name,
      number,
    })),
    consistencyGroups: [...groups.values()].map(({ name, snapshots }) => ({
      name,
      snapshots: snapshots.map(({ uuid, name: snapshot, members }) => ({
        ...{ uuid, name: snapshot },
        volumes: members
          .filter((member) => member.volume.snapshots.includes(member.snapshot))
          .map(({ volume }) => volume.name),
      })),
    })),
    iscsi: cluster.svms.flatMap((svm) => {
      const service = san.services.get(svm);
      if (!service) return [];
      const { targetName, enabled } = service;
      const credentials = san.credentials(svm).map(({ initiator, type, inbound }) => ({
        ...{ initiator, type },
        user: inbound?.user,
      }));
      return [{ svm: svm.name, targetName, enabled, credentials }];
    }),
    sessions: cluster.svms.flatMap((svm) =>
      block
        .sessions(svm)
        .map(({ targetName, initiatorName, portal }) => ({ targetName, initiatorName, portal })),
    ),
    relations: [...engine.relations.values()].map((relation) => ({
      uuid: relation.uuid,
      source: sourcePath(relation),
      destination: destinationPath(relation),
      policy: relation.policy.name,
      kind: relation.policy.kind,
      state: relation.state,
      healthy: relation.unhealthy.length === 0,
      transfer: relation.transfer && {
        state: relation.transfer.state,
        snapshot: relation.transfer.snapshot,
        bytes: relation.transfer.bytes,
        error: relation.transfer.error,
      },
      checkpointBytes: relation.checkpoint?.bytes ?? 0,
    })),
    jobs: world.jobs.list().map(({ uuid, description, state }) => ({ uuid, description, state })),
  };
}
