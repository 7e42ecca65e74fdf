import { addStageTimes, type ErrorReport, type Source, type StageTimes, type StartedBy } from '@leeward/core';
import { storageSnapshotDetailSchema } from '../backup/storage-snapshot-detail.ts';
import type { LedgerEntry } from '../store/ledger.ts';
import type { RunEvent, RunStep } from '../store/run-log.ts';
import type { RunVm, RunVmState } from '../store/run-vms.ts';
import type { Run, RunState } from '../store/runs.ts';
import type { ConsoleLink } from './console-links.ts';

export interface ReportBytes {
  readonly provisioned: number;
  readonly changed: number;
  readonly read: number;
  readonly stored: number;
}

export interface VmReport {
  readonly name: string;
  readonly state: RunVmState;
  /** The data path that was really used. */
  readonly source?: Source;
  readonly kind?: 'full' | 'incremental';
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly durationMs?: number;
  readonly bytes?: ReportBytes;
  /** Of the proxy that read it, where its time went. */
  readonly stageTimes?: StageTimes;
  /** How long its VMware snapshot existed. */
  readonly vmwareSnapshotMs?: number;
  readonly consistency?: 'quiesced' | 'crash-consistent';
  readonly pointId?: string;
  /** Warnings and downgrades. */
  readonly warnings: readonly ErrorReport[];
  readonly problem?: ErrorReport;
}

/** A storage snapshot that the run left on an array for a chain. */
export interface LeftStorageSnapshot {
  readonly name: string;
  readonly arrayName: string;
  readonly volumeName: string;
  readonly role: 'temporary' | 'long-term' | 'auxiliary';
}

/** What one run did, for people and programs. Times are ISO, sizes bytes. */
export interface RunReport {
  readonly runId: string;
  readonly kind: Run['kind'];
  readonly jobId: string;
  readonly jobName: string;
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly durationMs?: number;
  readonly startedBy?: StartedBy;
  readonly vms: readonly VmReport[];
  readonly counts: Readonly<Record<'total' | 'success' | 'warning' | 'failed', number>>;
  readonly bytes: ReportBytes;
  /** Sum over its VMs. */
  readonly stageTimes: StageTimes;
  /** The longest life of a VMware snapshot. */
  readonly longestVmwareSnapshotMs?: number;
  /** VMs by the data path that was really used. */
  readonly sources: Readonly<Record<Source, number>>;
  readonly storageSnapshots: readonly LeftStorageSnapshot[];
  /** Objects of the run on foreign systems that are not removed yet. */
  readonly open: number;
  /** Of the run as a whole. */
  readonly warnings: readonly ErrorReport[];
  readonly problem?: ErrorReport;
  /** The run whose failed VMs it backed up. */
  readonly retryOf?: string;
  /** Into the console; missing where its address is not known. */
  readonly links?: readonly ConsoleLink[];
}

export interface RunFacts {
  readonly run: Run;
  readonly jobName: string;
  readonly vms: readonly RunVm[];
  readonly steps: readonly RunStep[];
  readonly events: readonly RunEvent[];
  readonly kept: readonly LedgerEntry[];
  readonly open: number;
  /** Names of arrays by id. */
  readonly arrays: ReadonlyMap<string, string>;
  readonly links: readonly ConsoleLink[];
}

export function runReport(facts: RunFacts): RunReport {
  const { run, jobName, events } = facts;
  const vms = facts.vms.map((vm) => vmReport(vm, facts));
  const lives = vms.flatMap(({ vmwareSnapshotMs }) => vmwareSnapshotMs ?? []);
  const count = (isCounted: (vm: VmReport) => boolean) => vms.filter(isCounted).length;
  const { id: runId, kind, jobId, state, startedAt, endedAt, startedBy, problem, retryOf } = run;
  return {
    ...{ runId, kind, jobId, jobName, state, startedAt },
    ...(endedAt === undefined ? {} : { endedAt, durationMs: between(startedAt, endedAt) }),
    ...(startedBy ? { startedBy } : {}),
    vms,
    counts: {
      total: vms.length,
      success: count((vm) => vm.state === 'success'),
      warning: count((vm) => vm.state === 'success' && vm.warnings.length > 0),
      failed: count((vm) => vm.state === 'failed' || vm.state === 'cancelled'),
    },
    bytes: summed(vms.flatMap(({ bytes }) => bytes ?? [])),
    stageTimes: addStageTimes(vms.flatMap(({ stageTimes }) => stageTimes ?? [])),
    ...(lives.length > 0 ? { longestVmwareSnapshotMs: Math.max(...lives) } : {}),
    sources: {
      secondary: count(({ source }) => source === 'secondary'),
      primary: count(({ source }) => source === 'primary'),
      standard: count(({ source }) => source === 'standard'),
    },
    storageSnapshots: facts.kept.flatMap((entry) => leftOf(entry, facts.arrays)),
    open: facts.open,
    warnings: events.filter(({ vmKey }) => vmKey === '').map(({ report }) => report),
    ...(problem ? { problem } : {}),
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(facts.links.length > 0 ? { links: facts.links } : {}),
  };
}

function vmReport({ vmKey, name, state, facts, problem }: RunVm, { steps, events }: RunFacts): VmReport {
  const own = steps.filter(({ scope }) => scope === vmKey);
  const startedAt = own.map((step) => step.startedAt).toSorted()[0];
  const isOver = state !== 'running' && state !== 'waiting';
  const endedAt = isOver
    ? own
        .flatMap((step) => step.endedAt ?? [])
        .toSorted()
        .at(-1)
    : undefined;
  const { source, kind, bytes, stageTimes, vmwareSnapshot, consistency, pointId } = facts;
  const life = vmwareSnapshot?.removedAt && between(vmwareSnapshot.createdAt, vmwareSnapshot.removedAt);
  return {
    ...{ name, state },
    ...(source ? { source } : {}),
    ...(kind ? { kind } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(startedAt === undefined || endedAt === undefined ? {} : { durationMs: between(startedAt, endedAt) }),
    ...(bytes ? { bytes } : {}),
    ...(stageTimes ? { stageTimes } : {}),
    ...(typeof life === 'number' ? { vmwareSnapshotMs: life } : {}),
    ...(consistency ? { consistency } : {}),
    ...(pointId === undefined ? {} : { pointId }),
    warnings: events.filter((event) => event.vmKey === vmKey).map(({ report }) => report),
    ...(problem ? { problem } : {}),
  };
}

function leftOf({ name, systemId, detail }: LedgerEntry, arrays: ReadonlyMap<string, string>) {
  const parsed = storageSnapshotDetailSchema.safeParse(detail);
  if (!parsed.success) return [];
  const { volumeName, role } = parsed.data;
  return [{ name, arrayName: arrays.get(systemId) ?? systemId, volumeName, role }];
}

export function summed(all: readonly ReportBytes[]): ReportBytes {
  const sum = (name: keyof ReportBytes) => all.reduce((total, each) => total + each[name], 0);
  return {
    provisioned: sum('provisioned'),
    changed: sum('changed'),
    read: sum('read'),
    stored: sum('stored'),
  };
}

function between(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}
