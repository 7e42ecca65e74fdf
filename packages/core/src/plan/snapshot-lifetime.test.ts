import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateLifetime } from './snapshot-lifetime.ts';

const second = 1_000;
const measured = {
  createMs: 2 * second,
  changedAreasMs: second,
  storageSnapshotMs: 3 * second,
  removeMs: 2 * second,
};

describe('how long VMware snapshots are expected to exist', () => {
  it('of one VM: from the moment it is there to the end of its removal', () => {
    expect(estimateLifetime([measured], 0)).toBe((1 + 3 + 2) * second);
    expect(estimateLifetime([measured], 5 * second)).toBe((1 + 5 + 3 + 2) * second);
  });
  it('four are made at a time: the first of eight waits for the second four', () => {
    const eight = Array.from({ length: 8 }, () => measured);
    // Made at 2 s and 4 s, asked in two rounds.
    expect(estimateLifetime(eight, 0)).toBe((2 + 2 + 3 + 2) * second);
  });
  it('does not get shorter with another VM, nor with slower ones', () => {
    const duration = fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined });
    const vm = fc.record({
      createMs: duration,
      changedAreasMs: duration,
      storageSnapshotMs: duration,
      removeMs: duration,
    });
    fc.assert(
      fc.property(fc.array(vm, { minLength: 1, maxLength: 12, size: 'max' }), vm, (vms, next) => {
        const alone = estimateLifetime(vms, 0);
        expect(estimateLifetime([...vms, next], 0)).toBeGreaterThanOrEqual(alone);
        expect(estimateLifetime(vms, 700)).toBe(alone + 700);
      }),
    );
  });
});
