import type { Release } from '../contract/release.ts';
import type { Svm } from '../storage/svm.ts';

export type MirrorKind =
  | 'mirror-all'
  | 'mirror-latest'
  | 'vault'
  | 'mirror-vault'
  | 'sync'
  | 'strict-sync'
  | 'continuous';

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
    ['Continuous', 'continuous', []],
  ];
  const old = release[1] < 11;
  return all
    .filter(([name]) => !(old && name === 'DailyBackup'))
    .map(([name, kind, rules]) => ({ name, kind, rules }));
}

export function policyType(kind: MirrorKind): 'async' | 'sync' | 'continuous' {
  if (kind === 'continuous') return 'continuous';
  return kind === 'sync' || kind === 'strict-sync' ? 'sync' : 'async';
}

/** Mirror policies keep the source's set of storage snapshots; vault ones their own. */
export function isVaultKind(kind: MirrorKind): boolean {
  return kind === 'vault' || kind === 'mirror-vault';
}
