import type { Release } from '../contract/release.ts';
import type { Svm } from '../storage/svm.ts';

export type MirrorKind =
  | 'mirror-all'
  | 'mirror-latest'
  | 'vault'
  | 'mirror-vault'
  | 'sync'
  | 'strict-sync'
  | 'automated-failover'
  | 'automated-failover-duplex'
  | 'continuous';

/** Kinds that replicate each write at once, by their `sync_type`. */
export const syncTypes: ReadonlyMap<MirrorKind, string> = new Map([
  ['sync', 'sync'],
  ['strict-sync', 'strict_sync'],
  ['automated-failover', 'automated_failover'],
  ['automated-failover-duplex', 'automated_failover_duplex'],
]);

export interface RetentionRule {
  readonly label: string;
  readonly count: number;
  readonly preserve: boolean;
  /** Lock on arrival: ISO 8601 duration or `infinite`; acts on destinations with snapshot locking. */
  readonly period?: string;
}

export interface MirrorPolicy {
  readonly uuid: string;
  readonly name: string;
  readonly kind: MirrorKind;
  /** Absent: the cluster's own. */
  readonly svm: Svm | undefined;
  comment: string;
  throttle: number;
  rules: RetentionRule[];
}

const rule = (label: string, count: number): RetentionRule => ({ label, count, preserve: false });
const created = rule('sm_created', 1);
const daily = rule('daily', 7);
const weekly = rule('weekly', 52);

/** Policies that every cluster has from the start, by release. */
export function builtInPolicies(
  release: Release,
): { name: string; kind: MirrorKind; rules: RetentionRule[] }[] {
  const all: [string, MirrorKind, RetentionRule[]][] = [
    ['Asynchronous', 'mirror-vault', [created, daily, weekly]],
    ['MirrorAllSnapshots', 'mirror-all', []],
    ['MirrorAllSnapshotsDiscardNetwork', 'mirror-all', []],
    ['MirrorLatest', 'mirror-latest', []],
    ['MirrorAndVault', 'mirror-vault', [created, daily, weekly]],
    ['MirrorAndVaultDiscardNetwork', 'mirror-vault', [created, daily, weekly]],
    ['Unified7year', 'mirror-vault', [created, daily, weekly, rule('monthly', 84)]],
    ['XDPDefault', 'vault', [daily, weekly]],
    ['DPDefault', 'mirror-all', []],
    ['DailyBackup', 'vault', [daily]],
    ['CloudBackupDefault', 'vault', [daily]],
    ['Sync', 'sync', [rule('app_consistent', 1)]],
    ['StrictSync', 'strict-sync', [rule('app_consistent', 1)]],
    // Rules of these two are not told in public documentation: none (unverified).
    ['AutomatedFailOver', 'automated-failover', []],
    ['AutomatedFailOverDuplex', 'automated-failover-duplex', []],
    ['Continuous', 'continuous', []],
  ];
  const missing = new Set([
    ...(release[1] < 11 ? ['DailyBackup'] : []),
    ...(release[1] < 15 ? ['AutomatedFailOverDuplex'] : []),
  ]);
  return all.filter(([name]) => !missing.has(name)).map(([name, kind, rules]) => ({ name, kind, rules }));
}

export function policyType(kind: MirrorKind): 'async' | 'sync' | 'continuous' {
  if (kind === 'continuous') return 'continuous';
  return isSyncKind(kind) ? 'sync' : 'async';
}

export function isSyncKind(kind: MirrorKind): boolean {
  return syncTypes.has(kind);
}

/** SnapMirror active sync: between consistency groups, with automatic failover. */
export function isActiveSync(kind: MirrorKind): boolean {
  return kind === 'automated-failover' || kind === 'automated-failover-duplex';
}

/** Mirror policies keep the source's set of storage snapshots; vault ones their own. */
export function isVaultKind(kind: MirrorKind): boolean {
  return kind === 'vault' || kind === 'mirror-vault';
}
