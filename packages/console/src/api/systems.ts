import type { Datastore, ErrorReport, ReachProof, Source, SyncFacts, VirtualMachine } from '@leeward/core';

export interface SystemSummary {
  readonly id: string;
  readonly kind: 'vcenter' | 'array';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly family?: string;
  readonly inventoryAt?: string;
  readonly problem?: ErrorReport;
}

export interface VcenterInventory {
  readonly datastores: readonly Datastore[];
  readonly vms: readonly VirtualMachine[];
}

export interface TopologyPlace {
  readonly array: string;
  readonly tenant: string;
  readonly volume: string;
}

export interface TopologyRelation {
  readonly kind: string;
  readonly policy: string;
  readonly policyName: string;
  readonly state: string;
  readonly healthy: boolean;
  readonly lagMs?: number;
  readonly sync?: SyncFacts;
}

/** One way from a VM to a secondary volume, or why there is none. */
export interface TopologyPath {
  readonly vm: string;
  readonly vmPath: string;
  readonly datastore: string;
  readonly primary?: TopologyPlace;
  readonly relation?: TopologyRelation;
  readonly via?: readonly TopologyPlace[];
  readonly secondary?: TopologyPlace;
  readonly proxies: readonly string[];
  readonly problem?: ErrorReport;
}

/** A relation that VMs lie on. */
export interface SeenRelation {
  readonly source: TopologyPlace;
  readonly destination: TopologyPlace;
  readonly relation: TopologyRelation;
  readonly vms: number;
}

export type ProtectionState = 'in-time' | 'late' | 'never';

/** A VM, whether it is protected, and why not. */
export interface VmSummary {
  readonly key: string;
  readonly name: string;
  readonly path: string;
  readonly vcenterName: string;
  readonly isTemplate: boolean;
  readonly provisionedBytes: number;
  readonly datastores: readonly string[];
  readonly protection: ProtectionState;
  readonly lastPoint?: { readonly id: string; readonly createdAt: string; readonly source: Source };
  /** When storage snapshots alone froze it last. */
  readonly lastKeptAt?: string;
  readonly jobs: readonly { readonly id: string; readonly name: string }[];
  /** Why it cannot be read from a secondary array. */
  readonly problem?: ErrorReport;
}

export interface ProtectionCounts {
  readonly total: number;
  readonly inTime: number;
  readonly late: number;
  readonly never: number;
}

export interface ProxyView {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
  readonly addresses: readonly string[];
  readonly slots: number;
  readonly seenAt?: string;
  readonly initiatorName?: string;
  readonly reach: readonly ReachProof[];
}

/** What a check of an array found. */
export interface ArrayCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  readonly required: boolean;
}
