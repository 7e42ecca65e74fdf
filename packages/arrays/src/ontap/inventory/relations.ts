import type { Relation, RelationEnd, RelationHealth } from '../../contract/inventory.ts';
import type { Cluster } from '../cluster.ts';
import type { OntapArray } from '../ontap-array.ts';
import { knows912Fields } from '../release.ts';
import { readAll } from '../rest/collection.ts';
import { groupVolumeFields } from '../sync/sync-record.ts';
import { type SeenSync, syncRelations } from '../sync/sync-relations.ts';
import { durationMs } from './duration.ts';
import { type EndpointPath, parseEndpointPath, volumeNameOf, whyUnusableEndpoint } from './endpoint-path.ts';
import { peerByAlias, type SvmPeer } from './peers.ts';
import type { MirrorPolicy } from './policies.ts';
import { type PolicyKind, policyKind } from './policy-kind.ts';
import { type RelationRecord, reasonsOf, relationSchema } from './relation-record.ts';
import type { VolumeRecord } from './volumes.ts';

/** What relations are joined with. */
export interface RelationContext {
  readonly cluster: Cluster;
  readonly volumes: readonly VolumeRecord[];
  readonly peers: readonly SvmPeer[];
  readonly policies: readonly MirrorPolicy[];
}

/** Relations whose destination is on this cluster, with state and lag. */
export async function listIncoming(
  array: OntapArray,
  context: RelationContext,
  signal?: AbortSignal,
): Promise<Relation[]> {
  const base = `uuid,source,destination,policy,state,healthy,unhealthy_reason,transfer,lag_time,exported_snapshot,${groupVolumeFields}`;
  const fields = knows912Fields(context.cluster.version) ? `${base},group_type` : base;
  const records = await readAll(array.rest, relationSchema, '/snapmirror/relationships', { fields }, signal);
  const relations = await Promise.all(
    records.map(async (record) => {
      const sync = seenSync(record, context);
      return sync ? await syncRelations(array, sync, signal) : [incoming(record, context)];
    }),
  );
  return relations.flat();
}

/** What is replicated with each write, not by transfers. */
function seenSync(record: RelationRecord, context: RelationContext): SeenSync | undefined {
  const { kind, unusable } = kindOf(record, context);
  if (kind !== 'sync') return undefined;
  const { volumeName: _, ...source } = sourceEnd(record, context);
  const destination = parseEndpointPath(record.destination.path);
  const localSvm = record.destination.svm.name || destination.svm;
  return {
    record,
    policy: policyOf(record, context),
    ...(unusable === undefined ? {} : { unusable }),
    source,
    destination: (volume) => localEnd({ kind: 'volume', svm: localSvm, volume }, localSvm, context),
  };
}

/** Relations whose source is on this cluster. It knows little of them: the secondary must be asked. */
export async function listOutgoing(
  array: OntapArray,
  context: RelationContext,
  signal?: AbortSignal,
): Promise<Relation[]> {
  const query = { list_destinations_only: true, fields: 'uuid,source,destination,policy' };
  const records = await readAll(array.rest, relationSchema, '/snapmirror/relationships', query, signal);
  return records.map((record) => outgoing(record, context));
}

/** The other cluster's end of a relation to this one. */
function sourceEnd(record: RelationRecord, { peers }: RelationContext): RelationEnd {
  const source = parseEndpointPath(record.source.path);
  const localSvm = record.destination.svm.name || parseEndpointPath(record.destination.path).svm;
  const peer = peerByAlias(peers, localSvm, source.svm);
  const tenantId = record.source.svm.uuid || peer?.peer.svm.uuid;
  return {
    ...remoteArray(record.source.cluster ?? peer?.peer.cluster),
    tenant: peer?.peer.svm.name || record.source.svm.name || source.svm,
    ...(tenantId ? { tenantId } : {}),
    volumeName: volumeNameOf(source),
  };
}

function incoming(record: RelationRecord, context: RelationContext): Relation {
  const { cluster } = context;
  const source = parseEndpointPath(record.source.path);
  const destination = parseEndpointPath(record.destination.path);
  const localSvm = record.destination.svm.name || destination.svm;
  const kind = kindOf(record, context);
  const health = healthOf(record);
  const unusable =
    whyUnusableEndpoint(source) ??
    whyUnusableEndpoint(destination) ??
    whyUnusableGroup(record) ??
    kind.unusable ??
    whyUnusableState(record);
  const policy = policyOf(record, context);
  return {
    id: { arraySerial: cluster.uuid, objectId: record.uuid },
    kind: kind.kind,
    policy: kind.policy,
    policyName: record.policy.name,
    usable: unusable === undefined,
    ...(unusable === undefined ? {} : { unusable }),
    reportedBy: 'secondary',
    source: sourceEnd(record, context),
    destination: localEnd(destination, localSvm, context),
    health,
    retention: (policy?.retention ?? []).flatMap(({ label, count }) =>
      count === undefined ? [] : [{ label, keep: count }],
    ),
  };
}

function outgoing(record: RelationRecord, context: RelationContext): Relation {
  const { cluster, peers } = context;
  const source = parseEndpointPath(record.source.path);
  const destination = parseEndpointPath(record.destination.path);
  const localSvm = record.source.svm.name || source.svm;
  const peer = peerByAlias(peers, localSvm, destination.svm);
  const remoteCluster = record.destination.cluster ?? peer?.peer.cluster;
  const tenantId = record.destination.svm.uuid || peer?.peer.svm.uuid;
  const isSync = record.policy.type === 'sync';
  // Active sync replicates groups, and is used.
  const isGroup = isSync && source.kind === 'consistency-group';
  const where = remoteCluster?.name ? `the secondary array ${remoteCluster.name}` : 'its secondary array';
  return {
    id: { arraySerial: cluster.uuid, objectId: record.uuid },
    kind: isSync ? 'sync' : 'transfer',
    policy: 'other',
    policyName: record.policy.name,
    usable: false,
    unusable:
      (isGroup ? undefined : (whyUnusableEndpoint(source) ?? whyUnusableEndpoint(destination))) ??
      `only ${where} tells its state and policy: add that array to Leeward`,
    reportedBy: 'primary',
    source: localEnd(source, localSvm, context),
    destination: {
      ...remoteArray(remoteCluster),
      tenant: peer?.peer.svm.name || record.destination.svm.name || destination.svm,
      ...(tenantId ? { tenantId } : {}),
      volumeName: volumeNameOf(destination),
    },
    health: { healthy: record.healthy ?? true, state: 'other', reasons: reasonsOf(record) },
    retention: [],
  };
}

function policyOf({ policy }: RelationRecord, { policies }: RelationContext): MirrorPolicy | undefined {
  return policies.find(({ uuid }) => uuid === policy.uuid && uuid !== '');
}

function kindOf(record: RelationRecord, context: RelationContext): PolicyKind {
  const policy = policyOf(record, context);
  if (policy) return policyKind(policy, context.cluster.version);
  const kind = record.policy.type === 'sync' ? 'sync' : 'transfer';
  return {
    kind,
    policy: 'other',
    unusable: `its policy ${record.policy.name} cannot be read with this account`,
  };
}

function whyUnusableGroup({ group_type }: RelationRecord): string | undefined {
  if (group_type === 'flexgroup')
    return 'it replicates a FlexGroup volume, which this version does not use as a source';
  if (group_type === 'svm_dr') return 'it is part of an SVM disaster recovery relation';
  if (group_type === 'consistency_group')
    return 'it replicates a consistency group, which this version does not use as a source';
  return undefined;
}

function whyUnusableState({ state }: RelationRecord): string | undefined {
  if (state === 'snapmirrored') return undefined;
  if (state === 'broken_off') return 'it is broken off: nothing is transferred until it is resynchronised';
  if (state === 'paused') return 'it is paused (quiesced): nothing is transferred until it is resumed';
  if (state === 'uninitialized') return 'it was never initialised: the secondary holds no data yet';
  return `its state is ${state || 'unknown'}`;
}

const healthStates: Readonly<Record<string, RelationHealth['state']>> = {
  snapmirrored: 'active',
  paused: 'paused',
  broken_off: 'broken-off',
  uninitialized: 'uninitialized',
};

function healthOf(record: RelationRecord): RelationHealth {
  const lagMs = record.lag_time === undefined ? undefined : durationMs(record.lag_time);
  return {
    healthy: record.healthy ?? true,
    state: healthStates[record.state] ?? 'other',
    reasons: reasonsOf(record),
    ...(lagMs === undefined ? {} : { lagMs }),
  };
}

function remoteArray(cluster: { name: string; uuid: string } | undefined) {
  const arrayName = cluster?.name ?? '';
  return cluster?.uuid ? { arrayName, arraySerial: cluster.uuid } : { arrayName };
}

function localEnd(path: EndpointPath, svmName: string, context: RelationContext): RelationEnd {
  const { cluster, volumes } = context;
  const volumeName = volumeNameOf(path);
  const volume = volumes.find(({ name, svm }) => name === volumeName && svm.name === svmName);
  return {
    ...(volume ? { volume: { arraySerial: cluster.uuid, objectId: volume.uuid } } : {}),
    arrayName: cluster.name,
    arraySerial: cluster.uuid,
    tenant: svmName,
    ...(volume?.svm.uuid ? { tenantId: volume.svm.uuid } : {}),
    volumeName,
  };
}
