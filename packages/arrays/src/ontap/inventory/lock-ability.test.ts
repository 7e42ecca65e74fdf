import { describe, expect, it } from 'vitest';
import { type LockEvidence, lockAbilityOf } from './lock-ability.ts';
import { volumeSchema } from './volumes.ts';

const volume = volumeSchema.parse({
  uuid: 'u',
  name: 'vm_ds1',
  svm: { name: 'svm1', uuid: 's' },
  snapshot_locking_enabled: true,
});
const evidence: LockEvidence = {
  release: { full: '', generation: 9, major: 16, minor: 1 },
  licences: [{ name: 'snaplock', usable: true, state: 'compliant' }],
  clock: 'runs',
};
const whyNot = (more: Partial<LockEvidence>, record: object = {}) => {
  const ability = lockAbilityOf({ ...volume, ...record }, { ...evidence, ...more });
  return ability.possible ? 'possible' : ability.why;
};

describe('whether a volume locks its storage snapshots', () => {
  it('yes, up to 100 years, also where clock and licences may not be read', () => {
    expect(lockAbilityOf(volume, evidence)).toEqual({ possible: true, maxMs: 36_500 * 86_400_000 });
    expect(whyNot({ clock: 'unknown', licences: 'unknown' })).toBe('possible');
  });

  it('no, and what to do', () => {
    expect(whyNot({ release: { full: '', generation: 9, major: 11, minor: 1 } })).toBe(
      'ONTAP locks storage snapshots from 9.12.1 on, and this is 9.11.1.',
    );
    expect(whyNot({ licences: [] })).toBe('the licence snaplock is not installed or not usable.');
    expect(whyNot({ clock: 'not-initialized' })).toMatch(/compliance-clock initialize/);
    expect(whyNot({}, { snapshot_locking_enabled: false })).toBe(
      'snapshot locking is not enabled (`volume modify -vserver svm1 -volume vm_ds1 -snapshot-locking-enabled true`).',
    );
    expect(whyNot({}, { consistency_group: { name: 'cg', uuid: 'c' } })).toMatch(/consistency group cg/);
  });
});
