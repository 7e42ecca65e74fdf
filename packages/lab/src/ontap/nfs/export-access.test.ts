import { ManualClock } from '@leeward/platform';
import { describe, expect, test } from 'vitest';
import type { ExportPolicy, ExportRule } from '../storage/export-policy.ts';
import { clientMatches, isClientMatch } from './client-match.ts';
import { denied, ExportAccess, evaluate } from './export-access.ts';

const rule = (changes: Partial<ExportRule>): ExportRule => ({
  index: 1,
  clients: ['10.0.0.5'],
  protocols: ['any'],
  ro: ['sys'],
  rw: ['never'],
  superuser: ['sys'],
  anonymousUser: '65534',
  allowSuid: true,
  allowDeviceCreation: true,
  chownMode: 'restricted',
  ntfsUnixSecurity: 'fail',
  ...changes,
});

const policy = (...rules: ExportRule[]): ExportPolicy => {
  const svm = { uuid: '', name: '', nfs: true, lifs: [], peers: [], root: undefined };
  return { id: 1, name: 'p', svm, rules };
};

describe('export rules', () => {
  test.each([
    ['10.0.0.5', '10.0.0.5', true],
    ['10.0.0.5', '10.0.0.6', false],
    ['10.1.0.0/16', '10.1.200.3', true],
    ['10.1.0.0/16', '10.2.0.1', false],
    ['10.1.0.0/255.255.255.0', '10.1.0.77', true],
    ['0.0.0.0/0', '192.0.2.1', true],
    ['host', '10.0.0.5', false],
    ['fd00::/8', 'fd00::1', true],
  ])('%s on %s is %s', (match, address, expected) => expect(clientMatches(match, address)).toBe(expected));

  test('forms that are accepted', () => {
    for (const good of [
      '10.0.0.1',
      '10.0.0.0/24',
      '@netgroup',
      '.example.org',
      'esx1.example.org',
      'fd00::/8',
    ])
      expect([good, isClientMatch(good)]).toEqual([good, true]);
    for (const bad of ['', '10.0.0.300', '10.0.0.0/33', 'a b', '10.0.0.0/24/1', '/24', 'host/24'])
      expect([bad, isClientMatch(bad)]).toEqual([bad, false]);
  });

  test('the first match decides, even when it denies', () => {
    const never = rule({ ro: ['never'] });
    expect(evaluate(policy(), '10.0.0.5', 'sys')).toEqual(denied);
    expect(evaluate(policy(never, rule({ index: 2 })), '10.0.0.5', 'sys').read).toBe(false);
    expect(
      evaluate(policy(rule({ clients: ['10.9.9.9'] }), rule({ index: 2 })), '10.0.0.5', 'sys').read,
    ).toBe(true);
    expect(evaluate(policy(rule({ protocols: ['nfs4'] })), '10.0.0.5', 'sys').read).toBe(false);
  });

  test('flavours, writing and the superuser', () => {
    expect(evaluate(policy(rule({})), '10.0.0.5', 'sys')).toMatchObject({
      read: true,
      write: false,
      root: true,
    });
    expect(evaluate(policy(rule({ rw: ['any'] })), '10.0.0.5', 'sys')).toMatchObject({ write: true });
    expect(evaluate(policy(rule({ superuser: ['none'] })), '10.0.0.5', 'sys').root).toBe(false);
    expect(evaluate(policy(rule({ ro: ['krb5'] })), '10.0.0.5', 'sys').read).toBe(false);
    expect(evaluate(policy(rule({ ro: ['none'] })), '10.0.0.5', 'sys')).toMatchObject({
      read: true,
      anonymous: true,
    });
    expect(evaluate(policy(rule({})), '10.0.0.5', 'none').read).toBe(false);
  });

  test('a cached denial outlives the new rule, until its time or a flush', () => {
    const clock = new ManualClock();
    const access = new ExportAccess(clock, { positiveMs: 1000, negativeMs: 1000 });
    const empty = policy();
    expect(access.verdict(empty, '10.0.0.5', 'sys').read).toBe(false);
    empty.rules.push(rule({}));
    expect(access.verdict(empty, '10.0.0.5', 'sys').read).toBe(false);
    access.flush();
    expect(access.verdict(empty, '10.0.0.5', 'sys').read).toBe(true);
    const live = new ExportAccess(clock, undefined);
    expect(live.verdict(empty, '10.0.0.5', 'sys').read).toBe(true);
  });
});
