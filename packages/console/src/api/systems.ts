import type { Datastore, ErrorReport, ReachProof, Source, VirtualMachine } from '@leeward/core';

export interface SystemSummary {
  /** Of an array its serial. */
  readonly id: string;
  readonly kind: 'vcenter' | 'array';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly chapUsername?: string;
  readonly chapMutualUsername?: string;
  readonly certificate:
    | { readonly by: 'fingerprint'; readonly sha256: string }
    | { readonly by: 'authority'; readonly own: boolean };
  readonly family?: string;
  readonly inventoryAt?: string;
  readonly problem?: ErrorReport;
}

export interface VcenterInventory {
  readonly datastores: readonly Datastore[];
  readonly vms: readonly VirtualMachine[];
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
  /** Missing: anywhere, by administrators alone. */
  readonly restoreFolders?: readonly string[];
  readonly reach: readonly ReachProof[];
}

/** What a check of an array found. */
export interface ArrayCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  readonly required: boolean;
}
