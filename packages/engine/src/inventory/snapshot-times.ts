import type { SnapshotTimes } from '@leeward/core';
import type { StepDuration } from '../store/run-log.ts';

/** Steps of runs by what they measure. */
const measures: Readonly<Record<string, keyof SnapshotTimes>> = {
  'vmware-snap': 'createMs',
  'changed-areas': 'changedAreasMs',
  'array-snap': 'storageSnapshotMs',
  'vmware-snap-removed': 'removeMs',
};

export const measuredSteps = Object.keys(measures);

/** Of each VM and step so many measurements count, the newest. */
export const measurementsThatCount = 5;

/**
 * What to reckon with for each VM: of its newest measurements the second longest, so that one run that was interrupted
 * or met a busy system does not count; the longest while there are few.
 */
export function snapshotTimes(steps: readonly StepDuration[]): Readonly<Record<string, SnapshotTimes>> {
  const known = new Map<string, Map<keyof SnapshotTimes, number[]>>();
  for (const { scope, name, durationMs } of steps) {
    const measure = measures[name];
    if (!measure) continue;
    const ofVm = known.get(scope) ?? new Map<keyof SnapshotTimes, number[]>();
    known.set(scope, ofVm);
    ofVm.set(measure, [...(ofVm.get(measure) ?? []), durationMs]);
  }
  return Object.fromEntries(
    [...known].map(([scope, ofVm]) => [
      scope,
      Object.fromEntries([...ofVm].map(([measure, durations]) => [measure, typical(durations)])),
    ]),
  );
}

function typical(durationsMs: readonly number[]): number {
  const longestFirst = [...durationsMs].sort((a, b) => b - a);
  return longestFirst[longestFirst.length >= 4 ? 1 : 0] ?? 0;
}
