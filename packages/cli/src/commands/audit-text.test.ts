import type { AuditEntry } from '@leeward/server';
import { describe, expect, it } from 'vitest';
import { callerText, changeText, outcomeText } from './audit-text.ts';

const entry: AuditEntry = {
  id: 1,
  at: '2026-11-26T10:00:00.000Z',
  caller: { kind: 'user', name: 'ann' },
  address: '10.0.0.1',
  operation: 'PATCH /jobs/:id',
  kind: 'job',
  object: 'nightly',
  fields: ['keepPoints', 'name'],
  outcome: 'done',
};

describe('entries of the audit trail as text', () => {
  it('say who it was and how it ended', () => {
    expect(callerText(entry)).toBe('user ann');
    expect(callerText({ ...entry, caller: { kind: 'local', name: 'local' } })).toBe('local');
    expect(callerText({ ...entry, caller: { kind: 'nobody', name: '' } })).toBe('(nobody)');
    expect(outcomeText(entry)).toBe('done');
    expect(outcomeText({ ...entry, outcome: 'refused', code: 'L-AUT-102' })).toBe('refused L-AUT-102');
  });

  it('say what is other than before, and no more', () => {
    const limits = (n: number) => ({ limits: { perHost: n, perVcenter: 4 } });
    expect(changeText({ ...entry, before: limits(2), after: limits(3) })).toBe('limits.perHost: 2 → 3');
    const before = { id: 'j', name: 'nightly', vms: ['a'], keepPoints: 3 };
    const after = { id: 'j', name: 'weekly', vms: ['a', 'b'], quiesce: 'off' };
    expect(changeText({ ...entry, before, after })).toBe(
      'name: nightly → weekly; vms: ["a"] → ["a","b"]; keepPoints: 3 → none; quiesce: none → off',
    );
  });

  it('say what was given where that is all that can be told: a new password looks like the old one', () => {
    const same = { before: { name: 'vc' }, after: { name: 'vc' } };
    expect(changeText({ ...entry, ...same, fields: ['password'] })).toBe('password');
    expect(changeText(entry)).toBe('keepPoints, name');
    expect(changeText({ ...entry, operation: 'DELETE /jobs/:id', before: { name: 'x' } })).toBe('');
  });
});
