import type { ChunkStore, SpaceAccount } from '../../storage/chunk-store.ts';
import type { FileMap } from '../../storage/file-map.ts';

export interface Named {
  readonly id: string;
  name: string;
  description: string;
  readonly createdMs: number;
  modifiedMs: number;
}

export interface Pool extends Named {
  readonly capacityMib: number;
  readonly store: ChunkStore;
  readonly account: SpaceAccount;
}

export type Metadata = Map<string, string>;

export interface Volume extends Named {
  readonly pool: Pool;
  sizeMib: number;
  online: boolean;
  readOnly: boolean;
  offlineReason: string | null;
  /** Name of the owning group: another one for a replica. */
  ownedBy: string;
  serial: string;
  /** Half of a synchronous pair. */
  half: Half | undefined;
  readonly ownTargetName: string;
  targetScope: 'volume' | 'group';
  multiInitiator: boolean;
  readonly blockSize: number;
  agentType: string;
  readonly performancePolicyId: string;
  limitPercent: number;
  metadata: Metadata;
  /** What hosts see now. */
  map: FileMap;
  /** Oldest first. */
  snapshots: Snapshot[];
  /** The storage snapshot of another volume that this one was cloned from. */
  readonly base: Snapshot | undefined;
  collection: VolumeCollection | undefined;
  /** Shared by a volume and its replicas. */
  lineage: string;
  bytesRead: number;
  bytesWritten: number;
}

/** What a volume is in its synchronous pair. */
export interface Half {
  role: 'upstream' | 'downstream';
  readonly twin: Volume;
  /** Of an upstream half that is not in sync: its content when it last was; undefined: never was. */
  lastInSync: FileMap | undefined;
  /** Its identity when it is on its own. */
  readonly ownSerial: string;
}

export interface Snapshot extends Named {
  readonly volume: Volume;
  readonly sizeMib: number;
  readonly map: FileMap;
  online: boolean;
  readonly writable: boolean;
  readonly serial: string;
  readonly ownTargetName: string;
  /** Name of the group that took it; empty: this one. */
  readonly originName: string;
  readonly isReplica: boolean;
  collection: SnapshotCollection | undefined;
  /** 0: never, 1: the group's. */
  expiryAfterSeconds: number;
  lockedUntilMs: number;
  lockPeriodSeconds: number;
  readonly agentType: string;
  readonly appUuid: string;
  metadata: Metadata;
  /** Bytes that differ from the storage snapshot before it; undefined: not known. */
  newDataBytes: number | undefined;
  /** Shared by a storage snapshot and its replicas: what a common base is found by. */
  lineage: string;
}

export type ReplicationStatus = 'pending' | 'in_progress' | 'complete' | 'fail';

export interface SnapshotCollection extends Named {
  readonly volumeCollection: VolumeCollection;
  readonly snapshots: Snapshot[];
  readonly originName: string;
  readonly isReplica: boolean;
  readonly isManual: boolean;
  readonly isExternalTrigger: boolean;
  readonly allowWrites: boolean;
  readonly agentType: string;
  schedule: Schedule | undefined;
  scheduleName: string;
  /** Lost its schedule. */
  isUnmanaged: boolean;
  replicate: boolean;
  /** Partner's name. */
  replicateTo: string;
  replicationStatus: ReplicationStatus | null;
  replicationStartMs: number;
  replicationCompleteMs: number;
  replicatedBytes: number;
  metadata: Metadata;
  expiryAfterSeconds: number;
  readonly lineage: string;
  /** Not shown before this moment. */
  visibleFromMs: number;
  /** The other half of a coordinated one. */
  peer: SnapshotCollection | undefined;
}

export interface VolumeCollection extends Named {
  /** Name of the owning group: another one for a replica. */
  owner: string;
  appSync: string;
  priority: string;
  metadata: Metadata;
  /** Oldest first. */
  snapshotCollections: SnapshotCollection[];
  lineage: string;
  isHandingOver: boolean;
  /** Absent: it replicates by snapshots or not at all. */
  readonly sync: SyncState | undefined;
}

/** Synchronous replication of a volume collection between two pools of the group. */
export interface SyncState {
  inSync: boolean;
  /** Held back by the lab, as by a link that does not carry it. */
  suspended: boolean;
  lastSyncMs: number;
  /** When the resync under way began. */
  resyncSinceMs: number | undefined;
}

export interface Schedule extends Named {
  readonly volumeCollection: VolumeCollection;
  type: 'regular' | 'external_trigger';
  period: number;
  periodUnit: 'minutes' | 'hours' | 'days' | 'weeks';
  atTimeSeconds: number;
  untilTimeSeconds: number;
  days: string;
  retain: number;
  retainReplica: number;
  partner: Partner | undefined;
  /** Name of the group it comes from, for a replica's. */
  upstreamName: string;
  replicateEvery: number;
  alertThresholdSeconds: number;
  disableAppSync: boolean;
  /** Storage snapshots taken, to find the one in `replicateEvery`. */
  taken: number;
  lastSnapMs: number;
  nextSnapMs: number;
  lineage: string;
}

export interface Partner extends Named {
  /** `pool`: another pool of this group, made by the group itself. */
  readonly type: 'group' | 'pool';
  hostname: string;
  controlPort: number;
  dataPort: number;
  secret: string;
  pool: Pool;
  subnetLabel: string;
  paused: boolean;
  groupUid: string;
  arraySerial: string;
  alive: boolean;
  lastKeepaliveError: string;
  lastSyncError: string;
  configSynced: 'Yes' | 'No' | 'N/A';
}

export interface InitiatorGroup extends Named {
  readonly accessProtocol: 'iscsi' | 'fc';
  readonly initiators: Initiator[];
  targetSubnets: string[];
  hostType: string;
  metadata: Metadata;
}

export interface Initiator {
  readonly id: string;
  readonly group: InitiatorGroup;
  readonly label: string;
  /** `*`: any. */
  readonly iqn: string;
  readonly ipAddress: string;
  readonly wwpn: string;
  readonly alias: string;
  readonly createdMs: number;
}

export interface AccessRecord {
  readonly id: string;
  /** Of a synchronous pair the upstream half. */
  volume: Volume;
  readonly snapshot: Snapshot | undefined;
  /** Absent: any initiator. */
  readonly initiatorGroup: InitiatorGroup | undefined;
  readonly chapUser: ChapUser | undefined;
  readonly applyTo: 'both' | 'volume' | 'snapshot';
  readonly lun: number | null;
  /** LUNs of online storage snapshots, by their id. */
  readonly snapshotLuns: Map<string, number>;
  readonly createdMs: number;
}

export interface ChapUser extends Named {
  password: string;
  initiatorIqns: string[];
}
