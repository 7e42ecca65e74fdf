import type { ErrorReport, Plan, Skew, Source, StageTimes } from '@leeward/core';

export type RunState = 'queued' | 'running' | 'success' | 'partly' | 'failed' | 'cancelled';
export type RunVmState = 'waiting' | 'running' | 'success' | 'failed' | 'cancelled';

export interface Run {
  readonly id: string;
  readonly jobId: string;
  readonly kind: 'backup' | 'restore';
  readonly state: RunState;
  readonly target?: {
    readonly pointId: string;
    readonly vmName: string;
    readonly frozenAt: string;
    readonly proxy: string;
    readonly folder: string;
  };
  readonly plan?: Plan;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly problem?: ErrorReport;
  readonly retryOf?: string;
}

/** A run as lists have it. */
export interface RunSummary extends Omit<Run, 'plan'> {
  readonly vms: { readonly total: number; readonly success: number; readonly failed: number };
  readonly bytes: FourBytes;
}

/** The four numbers of bytes. */
export interface FourBytes {
  readonly provisioned: number;
  readonly changed: number;
  readonly read: number;
  readonly stored: number;
}

export interface RunVmFacts {
  readonly source?: Source | undefined;
  readonly transport?: 'nfs' | 'iscsi' | 'http' | undefined;
  readonly kind?: 'full' | 'incremental' | undefined;
  readonly relation?:
    | { readonly kind: 'transfer' | 'sync'; readonly policy: string; readonly secondary: string }
    | undefined;
  readonly vmwareSnapshot?:
    | { readonly name: string; readonly createdAt: string; readonly removedAt?: string | undefined }
    | undefined;
  readonly skew?: Skew | undefined;
  readonly bytes?: FourBytes | undefined;
  readonly stageTimes?: StageTimes | undefined;
  readonly pointId?: string | undefined;
}

export interface RunVm {
  readonly vmKey: string;
  readonly name: string;
  readonly state: RunVmState;
  readonly facts: RunVmFacts;
  readonly problem?: ErrorReport;
}

export interface RunStep {
  /** `vmKey`, or empty for a step of the whole run. */
  readonly scope: string;
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly detail: object;
}

export interface RunView {
  readonly run: Run;
  readonly jobName: string;
  readonly retriedBy?: string;
  readonly vms: readonly RunVm[];
  readonly steps: readonly RunStep[];
  readonly events: readonly { readonly vmKey: string; readonly at: string; readonly report: ErrorReport }[];
  /** Each flow's own figures; only fields of known names are shown. */
  readonly progress: Readonly<Record<string, unknown>>;
  readonly openObjects: readonly { readonly kind: string; readonly name: string; readonly state: string }[];
}
