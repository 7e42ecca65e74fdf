import { describe, expect, test } from 'vitest';
import type { SnapshotFacts } from '../intercluster/protocol.ts';
import { RestError } from '../rest/rest-error.ts';
import type { MirrorKind } from './mirror-policy.ts';
import { planTransfer } from './transfer-plan.ts';

/** `name` or `name:label`; the version is the name. */
const at = (text: string): SnapshotFacts => {
  const [name = '', label = ''] = text.split(':');
  return { name, versionUuid: name, createMs: 0, label, comment: '', byRelation: false };
};
const rules = [{ label: 'daily', count: 3, preserve: false }];

const plan = (kind: MirrorKind, source: string, destination: string, target?: string, baseline = false) =>
  planTransfer({
    kind,
    rules,
    source: source.split(' ').map(at),
    destination: destination === '' ? [] : destination.split(' ').map(at),
    target,
    baseline,
  })
    .map((one) => one.name)
    .join(' ');

describe('what a transfer brings', () => {
  test.each<[MirrorKind, string, string, string | undefined, string]>([
    ['mirror-all', 'a b c', 'a', 'c', 'b c'],
    ['mirror-all', 'a b c', 'a', 'b', 'b'],
    ['mirror-latest', 'a b c', 'a', 'c', 'c'],
    ['vault', 'a b:daily c d:daily', 'a', undefined, 'b d'],
    ['vault', 'a b:daily c', 'a', 'c', 'c'],
    ['vault', 'a b c', 'c', 'a', 'a'],
    ['vault', 'a b c', 'c', 'c', ''],
    ['mirror-vault', 'a b:daily c d', 'a', 'd', 'b d'],
    ['mirror-vault', 'a b:weekly c', 'a', 'c', 'c'],
  ])('%s: %s, there %s, named %s: %s', (kind, source, destination, target, expected) =>
    expect(plan(kind, source, destination, target)).toBe(expected),
  );

  test('a baseline of a mirror brings the older ones, of others only one', () => {
    expect(plan('mirror-all', 'a b c', '', 'c', true)).toBe('a b c');
    expect(plan('mirror-vault', 'a:daily b c', '', 'c', true)).toBe('c');
    expect(plan('vault', 'a:daily b c', '', 'c', true)).toBe('c');
  });

  test('refusals', () => {
    expect(() => plan('vault', 'b c', 'a', 'c')).toThrow(RestError);
    expect(() => plan('vault', 'a b', 'a', 'x')).toThrow(/not found on the source/);
    expect(() => plan('mirror-all', 'a b', 'a b', 'a')).toThrow(/older/);
    const source = [at('a'), { ...at('b'), versionUuid: 'new' }];
    const destination = [at('a'), at('b')];
    const input = { kind: 'vault' as const, rules, source, destination, target: 'b', baseline: false };
    expect(() => planTransfer(input)).toThrow(/other content/);
  });
});
