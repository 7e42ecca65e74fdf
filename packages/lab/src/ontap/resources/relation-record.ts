import type { JsonObject } from '../../json.ts';
import type { DestinationFacts } from '../intercluster/protocol.ts';
import { policyType } from '../mirror/mirror-policy.ts';
import { destinationPath, type Relation, sourcePath, type Transfer } from '../mirror/relation.ts';
import { isoDuration, isoSeconds } from '../rest/times.ts';
import type { World } from '../world.ts';
import { svmReference } from './svm-resources.ts';

/** As the destination's cluster shows it. */
export function relationRecord(world: World, relation: Relation): JsonObject {
  const { destination, transfer, policy, sourceSvm, state } = relation;
  const remote = world.engine.peers.of(sourceSvm)?.peer;
  const { cluster } = world;
  const exported = state === 'uninitialized' ? undefined : destination.exported;
  const known = exported && state !== 'broken_off';
  return {
    uuid: relation.uuid,
    source: {
      path: sourcePath(relation),
      svm: { name: sourceSvm.alias, uuid: sourceSvm.svmUuid },
      cluster: remote && { name: remote.name, uuid: remote.uuid },
    },
    destination: { path: destinationPath(relation), svm: svmReference(destination.svm) },
    policy: { name: policy.name, uuid: policy.uuid, type: policyType(policy.kind) },
    state,
    healthy: relation.unhealthy.length === 0,
    unhealthy_reason:
      relation.unhealthy.length > 0 ? relation.unhealthy.map((one) => ({ ...one })) : undefined,
    exported_snapshot: exported?.name,
    lag_time: known ? isoDuration(cluster.clock.now() - exported.createMs) : undefined,
    last_transfer_type: relation.lastSuccess,
    group_type: 'none',
    restore: false,
    throttle: relation.throttle,
    backoff_level: 'none',
    total_transfer_bytes: relation.totalBytes,
    total_transfer_duration: isoDuration(relation.totalMs),
    transfer: transfer && currentTransfer(cluster.clock.now(), transfer),
  };
}

function currentTransfer(now: number, transfer: Transfer): JsonObject {
  return {
    uuid: transfer.uuid,
    state: transfer.state,
    bytes_transferred: transfer.bytes,
    end_time: transfer.endMs === undefined ? undefined : isoSeconds(transfer.endMs),
    total_duration: isoDuration((transfer.endMs ?? now) - transfer.startMs),
    last_updated_time: isoSeconds(transfer.updatedMs),
    type: transfer.kind,
  };
}

export function transferRecord(world: World, transfer: Transfer): JsonObject {
  const { relation, error } = transfer;
  return {
    uuid: transfer.uuid,
    state: transfer.state,
    snapshot: transfer.snapshot,
    bytes_transferred: transfer.bytes,
    checkpoint_size: relation.transfer === transfer ? (relation.checkpoint?.bytes ?? 0) : 0,
    end_time: transfer.endMs === undefined ? undefined : isoSeconds(transfer.endMs),
    last_updated_time: isoSeconds(transfer.updatedMs),
    total_duration: isoDuration((transfer.endMs ?? world.cluster.clock.now()) - transfer.startMs),
    throttle: transfer.throttle,
    error_info: error && { code: error.code, message: error.message },
    relationship: {
      uuid: relation.uuid,
      destination: { path: destinationPath(relation), svm: svmReference(relation.destination.svm) },
      restore: false,
    },
  };
}

/** As the source's cluster shows it with `list_destinations_only`: little more than that it exists. */
export function destinationRecord(world: World, known: DestinationFacts): JsonObject {
  const svm = world.cluster.svm(known.sourceSvm);
  if (known.sync?.group) return groupDestinationRecord(world, known, known.sync.group);
  return {
    uuid: known.relation,
    source: { path: `${known.sourceSvm}:${known.sourceVolume}`, svm: svm && svmReference(svm) },
    destination: {
      path: known.destinationPath,
      svm: { ...known.destinationSvm },
      cluster: { ...known.destinationCluster },
    },
    policy: { name: known.policyName, uuid: known.policyUuid, type: known.policyType },
    group_type: 'none',
  };
}

/** One record for all volumes of a relation between consistency groups. */
function groupDestinationRecord(world: World, known: DestinationFacts, group: string): JsonObject {
  const svm = world.cluster.svm(known.sourceSvm);
  const members = [...world.source.destinations.values()].filter(({ sync }) => sync?.group === group);
  return {
    uuid: group,
    source: {
      path: `${known.sourceSvm}:${known.sync?.groupPaths?.source ?? ''}`,
      svm: svm && svmReference(svm),
      consistency_group_volumes: members.map(({ sourceVolume: name }) => ({ name })),
    },
    destination: {
      path: `${known.destinationSvm.name}:${known.sync?.groupPaths?.destination ?? ''}`,
      svm: { ...known.destinationSvm },
      cluster: { ...known.destinationCluster },
    },
    policy: { name: known.policyName, uuid: known.policyUuid, type: known.policyType },
    group_type: 'consistency_group',
  };
}
