import type { Datastore, ErrorReport, ReachProof, SyncFacts, VirtualMachine } from '@leeward/core';

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
