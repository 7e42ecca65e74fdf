import { describe, expect, it } from 'vitest';
import { dayMs } from '../retention/words.ts';
import type { LockAbility } from '../words/array-inventory.ts';
import { type Job, jobDefaults } from './job.ts';
import { lockEffects } from './lock-effects.ts';
import type { VolumePlan } from './plan.ts';

const volume: VolumePlan = {
  ...{ volume: { arraySerial: 'A', objectId: '1' }, arrayId: 'A', arrayName: 'a', volumeName: 'ds1' },
  ...{ tenant: '', protocols: ['nfs'], lunPaths: [] },
  relation: {
    ...{ id: { arraySerial: 'B', objectId: 'r' }, kind: 'transfer', policy: 'vault', policyName: 'v' },
    ...{ arrayId: 'B', arrayName: 'b', arrayOwnName: 'b', tenant: '' },
    ...{ volume: { arraySerial: 'B', objectId: '2' }, volumeName: 'copy' },
  },
};

function effects(changes: Partial<Job>, ability: LockAbility | undefined, of: VolumePlan = volume) {
  const job: Job = { ...jobDefaults, id: 'j', name: 'j', vms: ['vm'], repositoryId: 'r', ...changes };
  return lockEffects(job, of, () => ability).map(
    ({ system, action, what }) => `${action} ${system}: ${what}`,
  );
}

const locked = (system: string, name: string, days: number) =>
  `change ${system}: locks on the long-term storage snapshots of volume ${name}: nobody can delete one for ${days} day(s) after it was frozen`;

describe('locks in the plan', () => {
  it('are told for each chain that the job locks', () => {
    expect(effects({}, { possible: true })).toEqual([]);
    expect(effects({ secondaryLockDays: 30 }, { possible: true })).toEqual([locked('b', 'copy', 30)]);
    const both = { secondaryLockDays: 30, primaryLockDays: 3, primaryKeep: 2 };
    expect(effects(both, { possible: true })).toEqual([locked('b', 'copy', 30), locked('a', 'ds1', 3)]);
  });

  it('cannot be longer than the array allows', () => {
    expect(effects({ secondaryLockDays: 30 }, { possible: true, maxMs: 14.5 * dayMs })).toEqual([
      locked('b', 'copy', 14),
      'keep b: L-PLN-171 Storage snapshots of volume copy are locked for 14, not 30 day(s): the array allows no longer lock.',
    ]);
  });

  it('are named where the array has none, with the reason', () => {
    expect(effects({ secondaryLockDays: 30 }, { possible: false, why: 'no licence.' })).toEqual([
      'keep b: L-PLN-170 Storage snapshots of volume copy cannot be locked for 30 day(s): no licence.',
    ]);
    expect(effects({ secondaryLockDays: 1 }, undefined)).toEqual([
      'keep b: L-PLN-170 Storage snapshots of volume copy cannot be locked for 1 day(s): this family of arrays has no locks.',
    ]);
  });

  it('on a primary without a chain there is nothing to lock', () => {
    expect(effects({ primaryLockDays: 3 }, { possible: true })).toEqual([
      'keep a: L-PLN-172 Nothing is locked on volume ds1: the job keeps no long-term storage snapshots on the primary.',
    ]);
  });

  it('nothing stays, and is locked, of a volume without a relation', () => {
    const { relation: _, ...alone } = volume;
    expect(effects({ secondaryLockDays: 3 }, { possible: true }, alone)).toEqual([]);
  });
});
