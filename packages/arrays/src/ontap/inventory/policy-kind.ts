import type { RelationKind } from '@leeward/core';
import type { TransferPolicy } from '../../contract/inventory.ts';
import { type Release, tellsPolicyFlags } from '../release.ts';
import type { MirrorPolicy } from './policies.ts';

export interface PolicyKind {
  readonly kind: RelationKind;
  readonly policy: TransferPolicy;
  /** Why a storage snapshot of ours cannot be backed up over it; absent when it can. */
  readonly unusable?: string;
}

const mirrorAll: PolicyKind = { kind: 'transfer', policy: 'mirror' };
const vault: PolicyKind = { kind: 'transfer', policy: 'vault' };
const mirrorVault: PolicyKind = { kind: 'transfer', policy: 'mirror-vault' };
const mirrorLatest: PolicyKind = {
  kind: 'transfer',
  policy: 'other',
  unusable:
    'its policy keeps only the latest state on the secondary (mirror, latest only), a storage snapshot of ours would not stay',
};

/** Built-in policies whose flags the oldest supported release does not tell. */
const builtIn = new Map<string, PolicyKind>([
  ['MirrorLatest', mirrorLatest],
  ['XDPDefault', vault],
  ['DailyBackup', vault],
  ['MirrorAndVault', mirrorVault],
  ['MirrorAndVaultDiscardNetwork', mirrorVault],
  ['Unified7year', mirrorVault],
  ['Asynchronous', mirrorVault],
]);

/** What a policy does, by its flags; where the release does not tell them, by name and rules. */
export function policyKind(policy: MirrorPolicy, release: Release): PolicyKind {
  if (policy.type === 'sync') return { kind: 'sync', policy: 'other' };
  if (policy.type !== 'async')
    return unusableTransfer('it replicates objects to or from a cloud or bucket (continuous policy)');
  if (policy.copy_all_source_snapshots) return mirrorAll;
  if (policy.copy_latest_source_snapshot) return mirrorLatest;
  if (policy.create_snapshot_on_source === false) return vault;
  if (tellsPolicyFlags(release)) return mirrorVault;
  return builtIn.get(policy.name) ?? kindByRules(policy);
}

/** A unified policy makes its own snapshots (`sm_created`) and carries others by label; a vault makes none. */
function kindByRules({ retention }: MirrorPolicy): PolicyKind {
  if (!retention.some(({ label }) => label === 'sm_created')) return vault;
  if (retention.length > 1) return mirrorVault;
  return unusableTransfer(
    'ONTAP 9.10 does not tell what kind of policy this is; use a built-in policy, a vault policy or one with a rule for a label',
  );
}

function unusableTransfer(unusable: string): PolicyKind {
  return { kind: 'transfer', policy: 'other', unusable };
}
