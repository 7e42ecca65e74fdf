import type { RelationKind, VolumeId } from './storage.ts';

export interface ArrayIdentity {
  /** Stable serial or uuid of the array; part of every object's identity. */
  readonly serial: string;
  readonly name: string;
  /** Driver family, e.g. the key in the registry. */
  readonly family: string;
  /** Brand shown to users: equal code, another badge. */
  readonly brand: string;
  readonly model: string;
  readonly version: string;
  /** The array is one side of two that are one system below its volumes: what that is called, for people. */
  readonly twoSites?: string;
  readonly nodes: readonly { readonly name: string; readonly model: string; readonly serial: string }[];
  /** Installed licences that matter to us, by the array's own names, with whether they can be used. */
  readonly licences: readonly { readonly name: string; readonly usable: boolean; readonly state: string }[];
}

export interface Volume {
  readonly id: VolumeId;
  readonly name: string;
  /** Tenant the volume lives in (SVM, folder, pod …); empty where the family has none. */
  readonly tenant: string;
  readonly tenantId: string;
  readonly sizeBytes: number;
  /** `read-only-replica`: the target of a relation. */
  readonly access: 'read-write' | 'read-only-replica';
  readonly online: boolean;
  /** Path under which NFS clients see the volume; absent when it is not mounted. */
  readonly nfsPath?: string;
  /** Name of the export policy that guards it. */
  readonly exportPolicy?: string;
  readonly isClone: boolean;
  /** Nodes that serve it and its clones, as `DataPort.node`; absent: all do. */
  readonly nodes?: readonly string[];
  /** LUNs inside it; absent for families and volumes that have none. A volume that is a LUN itself has one. */
  readonly luns?: readonly Lun[];
  /**
   * Object ids of the volumes of this array that each storage snapshot of it freezes too, itself included: the array
   * knows them only together. Absent: it is frozen alone.
   */
  readonly frozenWith?: readonly string[];
  /**
   * Sets of volumes of this array, itself included, that one storage snapshot can freeze at one instant, the smallest
   * first, each in the next one. Only a whole set can be frozen so; a volume alone can always be. Absent: in none.
   */
  readonly instantGroups?: readonly (readonly string[])[];
  /** Locks of its storage snapshots. Absent: the family has none. */
  readonly locks?: LockAbility;
}

/** Whether an array locks storage snapshots of a volume. `why`: in plain words, with what to do on the array. */
export type LockAbility =
  | { readonly possible: true; readonly maxMs?: number }
  | { readonly possible: false; readonly why: string };

/** A block device that hosts see. */
export interface Lun {
  /** The array's id of it: the volume's own where the volume is the LUN. */
  readonly id: string;
  /** Path inside the volume, without a slash in front; empty where the volume is the LUN. */
  readonly path: string;
  readonly sizeBytes: number;
  /** As in INQUIRY page 0x80. */
  readonly serial: string;
  /** Names by which ESXi knows the device, lower case, with their kind: `naa.600a0980…`, `eui.…`. */
  readonly scsiNames: readonly string[];
  readonly online: boolean;
}

export interface DataPort {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly address: string;
  /** TCP port of its iSCSI portal where it is not the protocol's own (3260). */
  readonly iscsiPort?: number;
  readonly protocols: readonly ('nfs' | 'iscsi' | 'fc')[];
  readonly up: boolean;
  /** Node (controller) that it is on now, where ports belong to nodes. */
  readonly node?: string;
}

/** Policy of a `transfer` relation, in words that all families share; `other` names what we cannot use. */
export type TransferPolicy = 'mirror' | 'vault' | 'mirror-vault' | 'snapshot-replication' | 'other';

export interface RelationHealth {
  readonly healthy: boolean;
  /** `active` can transfer now; the others say why not. */
  readonly state: 'active' | 'paused' | 'broken-off' | 'uninitialized' | 'other';
  /** The array's own words for what is wrong. */
  readonly reasons: readonly string[];
  /** Age of the newest state on the secondary; absent before the first transfer. */
  readonly lagMs?: number;
  /**
   * Only of `sync` relations: both sides were in sync and reachable when this was read. The sync exception (R2) asks
   * nothing else; the run asks for it anew at its start.
   */
  readonly detected?: boolean;
}

/** State of a `sync` relation. `unreachable`: the array of one side does not answer the other. */
export type SyncState = 'in-sync' | 'resyncing' | 'out-of-sync' | 'unreachable' | 'unknown';

/** What only `sync` relations have. */
export interface SyncFacts {
  readonly state: SyncState;
  /** Of the resync under way. */
  readonly resyncPercent?: number;
  /** Where each side lives, in plain words. */
  readonly primarySide: string;
  readonly secondarySide: string;
  /** By what it was decided which side is the secondary, in plain words. */
  readonly decidedBy: string;
  /** Hosts go over to the other side by themselves when one is lost; then the sides change roles. */
  readonly automaticSwitchover: boolean;
  /** False: the family has no failover to primary, also when the secondary is not detected (R3). Absent: it has. */
  readonly failsOver?: boolean;
}

/** An edge from a primary volume to a secondary volume. */
export interface Relation {
  /** Identity on the array that reported it. */
  readonly id: VolumeId;
  readonly kind: RelationKind;
  readonly policy: TransferPolicy;
  /** The array's own name of the policy, shown to users. */
  readonly policyName: string;
  /**
   * True when a storage snapshot of ours can be transferred (`sync`: made on both sides at once) and read on the
   * secondary; else see `unusable`.
   */
  readonly usable: boolean;
  readonly unusable?: string;
  /** Which side reported it: `secondary` sees state and lag, `primary` often only that it exists. */
  readonly reportedBy: 'primary' | 'secondary';
  readonly source: RelationEnd;
  readonly destination: RelationEnd;
  readonly health: RelationHealth;
  /** Present exactly for the kind `sync`, whose policy is `other`; where it is usable both ends have a `volume`. */
  readonly sync?: SyncFacts;
  /** Labels with a retention rule on the secondary and the number that each keeps. */
  readonly retention: readonly { readonly label: string; readonly keep: number }[];
  /**
   * Set where only what is frozen on the source itself goes over it, so that it can be no later hop of a cascade: why, in
   * plain words. Absent: what another relation brought to the source can be sent on, on demand.
   */
  readonly firstHopOnly?: string;
}

/** One end. `volume` is absent when this array cannot know the other array's id; then the names identify it. */
export interface RelationEnd {
  readonly volume?: VolumeId;
  readonly arrayName: string;
  readonly arraySerial?: string;
  readonly tenant: string;
  readonly tenantId?: string;
  readonly volumeName: string;
}

/** What an array could do by its kind but cannot do now: a licence, a service or a right is not there. */
export interface MissingCapability {
  /** `clone`: showing a storage snapshot by a clone; `nfs` and `iscsi`: reading over it. */
  readonly capability: 'storage-snapshot' | 'transfer' | 'clone' | 'nfs' | 'iscsi';
  /** The tenant that lacks it; absent: no tenant of the array has it. */
  readonly tenantId?: string;
  /** The licence that would bring it, by the array's own name; absent where it is no matter of licences. */
  readonly licence?: string;
  /** Why, in plain words, to stand behind a colon or a `because`; without a full stop. */
  readonly text: string;
}

/** All that planning needs to know of one array, as JSON. */
export interface ArrayInventory {
  readonly identity: ArrayIdentity;
  readonly volumes: readonly Volume[];
  readonly dataPorts: readonly DataPort[];
  readonly relations: readonly Relation[];
  /** What was seen but cannot be used, in plain words. */
  readonly notes: readonly string[];
  /**
   * What is known to be missing. What could not be found out (a right to read licences is missing, say) is not
   * listed: the attempt will tell. Absent in inventories that were stored before this was looked at.
   */
  readonly missing?: readonly MissingCapability[];
}
