import { describe, expect, it } from 'vitest';
import { policyKind } from './policy-kind.ts';

const v910 = { full: '', generation: 9, major: 10, minor: 1 };
const v914 = { full: '', generation: 9, major: 14, minor: 1 };

function policy(part: Record<string, unknown>) {
  return { uuid: 'u', name: 'custom', type: 'async', retention: [], ...part };
}

const rule = (label: string) => ({ label, count: 7 });

describe('kind of a replication policy', () => {
  it.each([
    ['mirror', v914, { copy_all_source_snapshots: true }],
    ['vault', v914, { create_snapshot_on_source: false, retention: [rule('daily')] }],
    ['mirror-vault', v914, { retention: [rule('sm_created'), rule('daily')] }],
    ['mirror-vault', v914, {}],
    ['mirror', v910, { copy_all_source_snapshots: true }],
    ['vault', v910, { name: 'XDPDefault', retention: [rule('daily')] }],
    ['vault', v910, { retention: [rule('leeward')] }],
    ['mirror-vault', v910, { name: 'MirrorAndVault', retention: [rule('sm_created'), rule('daily')] }],
    ['mirror-vault', v910, { retention: [rule('sm_created'), rule('leeward')] }],
  ])('%s', (expected, release, part) => {
    expect(policyKind(policy(part), release)).toEqual({ kind: 'transfer', policy: expected });
  });

  it.each(['sync', 'strict_sync', 'automated_failover', 'automated_failover_duplex'])(
    'sync: %s',
    (sync_type) => {
      expect(policyKind(policy({ type: 'sync', sync_type }), v914)).toEqual({
        kind: 'sync',
        policy: 'other',
      });
    },
  );

  it.each([
    ['transfer', 'latest', v914, { copy_latest_source_snapshot: true }],
    ['transfer', 'latest', v910, { name: 'MirrorLatest' }],
    ['transfer', '9.10', v910, { retention: [rule('sm_created')] }],
    ['transfer', 'cloud', v914, { type: 'continuous' }],
  ])('%s that cannot be used: %s', (kind, text, release, part) => {
    expect(policyKind(policy(part), release)).toMatchObject({
      kind,
      policy: 'other',
      unusable: expect.stringContaining(text),
    });
  });
});
