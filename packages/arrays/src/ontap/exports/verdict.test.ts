import { describe, expect, it } from 'vitest';
import { ownRuleBody } from './own-rule.ts';
import { ruleSchema } from './rule-record.ts';
import { verdictOn } from './verdict.ts';

const proxy = '192.0.2.50';

function rules(...parts: readonly Record<string, unknown>[]) {
  return parts.map((part, place) =>
    ruleSchema.parse({
      index: place + 1,
      clients: [{ match: '0.0.0.0/0' }],
      protocols: ['any'],
      ro_rule: ['sys'],
      rw_rule: ['sys'],
      superuser: ['sys'],
      anonymous_user: '65534',
      ...part,
    }),
  );
}

describe('verdict on an export policy', () => {
  it('is silent on an empty policy and on rules for others', async () => {
    expect(await verdictOn([], proxy, 'read')).toEqual({ kind: 'silent' });
    const others = rules({ clients: [{ match: '198.51.100.0/24' }] }, { protocols: ['cifs'] });
    expect(await verdictOn(others, proxy, 'read')).toEqual({ kind: 'silent' });
  });

  it('admits by the first rule that matches, whatever comes after', async () => {
    expect((await verdictOn(rules({}, { ro_rule: ['never'] }), proxy, 'read')).kind).toBe('admits');
  });

  it('refuses by the first rule that matches, whatever comes after', async () => {
    const verdict = await verdictOn(rules({ ro_rule: ['never'] }, {}), proxy, 'read');
    expect(verdict).toMatchObject({ kind: 'refuses', reason: expect.stringContaining('rule 1 (0.0.0.0/0)') });
  });

  it('asks for root where disks are read, and not where they lie behind', async () => {
    const squashed = rules({ superuser: ['none'] });
    expect((await verdictOn(squashed, proxy, 'read')).kind).toBe('refuses');
    expect((await verdictOn(squashed, proxy, 'traverse')).kind).toBe('admits');
  });

  it('never works around a policy that demands Kerberos', async () => {
    const kerberos = rules({ ro_rule: ['krb5', 'krb5p'], clients: [{ match: '198.51.100.0/24' }] });
    expect(await verdictOn(kerberos, proxy, 'read')).toMatchObject({
      kind: 'refuses',
      reason: expect.stringContaining('Kerberos'),
    });
  });

  it('leaves rules of ours out', async () => {
    const own = [ruleSchema.parse({ index: 1, ...ownRuleBody(proxy) })];
    expect(await verdictOn(own, proxy, 'read')).toEqual({ kind: 'silent' });
  });

  it('says when only the array can tell', async () => {
    const netgroup = { clients: [{ match: '@backup' }] };
    expect(await verdictOn(rules(netgroup), proxy, 'read')).toMatchObject({
      kind: 'silent',
      doubt: expect.stringContaining('@backup'),
    });
    expect((await verdictOn(rules({ ...netgroup, ro_rule: ['never'] }), proxy, 'read')).kind).toBe('refuses');
    expect((await verdictOn(rules(netgroup, {}), proxy, 'read')).kind).toBe('admits');
  });
});
