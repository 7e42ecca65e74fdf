import type { BlockDataPort } from '../../san/block-data-port.ts';
import { FileMap } from '../../storage/file-map.ts';
import type { Group } from '../model/group.ts';
import type { Metadata, Pool, Snapshot, Volume } from '../model/objects.ts';
import { newSerial, volumeTargetName } from '../model/scsi-identity.ts';
import { conflict, exists, notOwner } from '../rest/api-error.ts';
import { removeSnapshot } from './snapshot-operations.ts';

export interface NewVolume {
  readonly name: string;
  readonly pool: Pool;
  readonly sizeMib: number;
  readonly description?: string;
  readonly online?: boolean;
  readonly multiInitiator?: boolean;
  readonly agentType?: string;
  readonly metadata?: Metadata;
  readonly serial?: string;
  readonly targetScope?: 'volume' | 'group';
  readonly base?: Snapshot;
  /** Set for a replica. */
  readonly ownedBy?: string;
  readonly lineage?: string;
  readonly blockSize?: number;
  /** Downstream half of a synchronous pair: it has the name of the other one. */
  readonly isTwin?: boolean;
}

/** OpenStack's volumes are exported as its driver expects it, whatever the group's default is. */
const scopeOfAgent: Readonly<Record<string, Volume['targetScope']>> = {
  openstack: 'volume',
  openstackv2: 'group',
};

/**
 * Hands a volume over to another tool. From one tool to another it goes by `none`, and while hosts have access the
 * target stays as it is, so the change is refused then (the codes are unverified).
 */
export function setAgent(group: Group, volume: Volume, agentType: string): void {
  if (agentType === volume.agentType) return;
  if (agentType !== 'none') {
    if (volume.agentType !== 'none')
      throw conflict('SM_invalid_agent_type', `Volume ${volume.name} belongs to ${volume.agentType}.`);
    const scope = scopeOfAgent[agentType] ?? volume.targetScope;
    if (scope !== volume.targetScope && group.recordsOf(volume).length > 0)
      throw conflict('SM_invalid_agent_type', `Volume ${volume.name} has access control records.`);
    volume.targetScope = scope;
  }
  volume.agentType = agentType;
}

export function addVolume(group: Group, wanted: NewVolume): Volume {
  if (!wanted.isTwin && group.volumeNamed(wanted.name)) throw exists(wanted.name);
  if (group.volumes.size >= group.config.limits.volumes)
    throw conflict('SM_limit_vol_group', 'The limit of volumes in the group is reached.');
  const { base, pool } = wanted;
  const head = group.head('volume', wanted.name, wanted.description);
  const serial = wanted.serial ?? newSerial(group.randomness);
  const replica = wanted.ownedBy !== undefined && wanted.ownedBy !== group.name;
  const online = !replica && (wanted.online ?? true);
  const volume: Volume = {
    ...head,
    pool,
    sizeMib: wanted.sizeMib,
    online,
    readOnly: false,
    offlineReason: online ? null : replica ? 'replica' : 'user',
    ownedBy: wanted.ownedBy ?? group.name,
    serial,
    half: undefined,
    ownTargetName: volumeTargetName({ name: wanted.name, id: head.id, serial }),
    targetScope:
      base?.volume.targetScope ??
      wanted.targetScope ??
      scopeOfAgent[wanted.agentType ?? 'none'] ??
      group.defaultTargetScope,
    multiInitiator: wanted.multiInitiator ?? false,
    blockSize: base?.volume.blockSize ?? wanted.blockSize ?? 4096,
    agentType: wanted.agentType ?? 'none',
    performancePolicyId: group.performancePolicyId,
    limitPercent: 100,
    metadata: wanted.metadata ?? new Map(),
    map: base ? base.map.share() : new FileMap(pool.store),
    snapshots: [],
    base,
    collection: undefined,
    lineage: wanted.lineage ?? group.randomness.uuid(),
    bytesRead: 0,
    bytesWritten: 0,
  };
  group.volumes.set(volume.id, volume);
  return volume;
}

export const targetNameOf = (group: Group, object: Volume | Snapshot): string => {
  const scope = 'volume' in object ? object.volume.targetScope : object.targetScope;
  return scope === 'group' ? group.targetName : object.ownTargetName;
};

/** Sessions that reach a volume: of its own target, or of the group's by initiators that have access to it. */
export function sessionsOf(group: Group, port: BlockDataPort, volume: Volume) {
  const targetName = targetNameOf(group, volume);
  const sessions = port.sessions().filter((one) => one.targetName === targetName);
  if (volume.targetScope === 'volume') return sessions;
  const records = group.recordsOf(volume).filter((one) => one.applyTo !== 'snapshot');
  return sessions.filter(({ initiatorName }) =>
    records.some(
      ({ initiatorGroup }) =>
        !initiatorGroup || initiatorGroup.initiators.some(({ iqn }) => iqn === '*' || iqn === initiatorName),
    ),
  );
}

export interface OnlineChange {
  readonly online: boolean;
  readonly force: boolean;
}

/** Throws `SM_ealready` when nothing changes. */
export function setOnline(group: Group, port: BlockDataPort, volume: Volume, change: OnlineChange): void {
  if (volume.online === change.online) throw conflict('SM_ealready', 'Object is already in requested state.');
  if (change.online) {
    if (group.isReplica(volume)) throw notOwner(`Volume ${volume.name}`);
    volume.online = true;
    volume.offlineReason = null;
    return;
  }
  const sessions = sessionsOf(group, port, volume);
  if (sessions.length > 0 && !change.force)
    throw conflict(
      'SM_vol_has_connections',
      `Initiators are connected to volume ${volume.name}. Use the force option to set it offline.`,
    );
  volume.online = false;
  volume.offlineReason = 'user';
  for (const { targetName, initiatorName } of sessions) port.drop(targetName, initiatorName);
}

export function deleteVolume(group: Group, volume: Volume): void {
  if (volume.collection)
    throw conflict('SM_vol_assoc_volcoll', `Volume ${volume.name} is associated with a volume collection.`);
  if (volume.online)
    throw conflict('SM_vol_not_offline', `Volume ${volume.name} must be offline to be deleted.`);
  if (group.isReplica(volume)) throw notOwner(`Volume ${volume.name}`);
  for (const snapshot of volume.snapshots) {
    const [clone] = group.clonesOf(snapshot);
    if (clone) throw conflict('SM_vol_has_clone', `Volume ${volume.name} has a clone: ${clone.name}.`);
    if (snapshot.online)
      throw conflict('SM_vol_has_online_snap', `Volume ${volume.name} has an online snapshot.`);
    if (snapshot.collection && group.inTransport.has(snapshot.collection))
      throw conflict('SM_repl_object_busy', `Volume ${volume.name} is in use by replication.`);
    if (snapshot.lockedUntilMs > group.clock.now())
      throw conflict('SM_eperm', `Volume ${volume.name} has a locked snapshot.`);
  }
  for (const snapshot of [...volume.snapshots]) removeSnapshot(group, snapshot);
  for (const record of group.recordsOf(volume)) group.accessRecords.delete(record.id);
  group.volumes.delete(volume.id);
  volume.map.release();
}

/** Puts back an earlier content. The volume stays offline. */
export function restoreVolume(volume: Volume, base: Snapshot): void {
  if (volume.online)
    throw conflict('SM_vol_not_offline_on_restore', `Volume ${volume.name} must be offline to be restored.`);
  const former = volume.map;
  volume.map = base.map.share();
  former.release();
}
