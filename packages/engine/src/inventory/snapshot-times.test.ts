import { expect, it } from 'vitest';
import { snapshotTimes } from './snapshot-times.ts';

const step = (name: string, durationMs: number, scope = 'vc/vm-1') => ({ scope, name, durationMs });

it('knows of each VM what its steps took', () => {
  const seen = snapshotTimes([
    step('vmware-snap', 900),
    step('array-snap', 2_000),
    step('vmware-snap-removed', 1_500),
    step('vmware-snap', 700, 'vc/vm-2'),
    step('read', 60_000),
  ]);
  expect(seen).toEqual({
    'vc/vm-1': { createMs: 900, storageSnapshotMs: 2_000, removeMs: 1_500 },
    'vc/vm-2': { createMs: 700 },
  });
});

it('reckons with the longest of few, and leaves one outlier out of many', () => {
  const of = (...durations: number[]) =>
    snapshotTimes(durations.map((each) => step('vmware-snap', each)))['vc/vm-1']?.createMs;
  expect(of(1_000, 3_000, 2_000)).toBe(3_000);
  expect(of(1_000, 90_000, 2_000, 1_500)).toBe(2_000);
});
