import { isError, type Job, jobDefaults } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import type { CreateJob } from './job-service.ts';
import { requireChains, requireFittingSettings } from './job-settings.ts';

function codeOf(check: () => void): string {
  try {
    check();
    return 'fits';
  } catch (error) {
    for (const code of ['L-CFG-150', 'L-CFG-151', 'L-CFG-152', 'L-CFG-153', 'L-CFG-154'] as const)
      if (isError(error, code)) return code;
    throw error;
  }
}

describe('settings of a job', () => {
  it.each<[Partial<CreateJob>, string]>([
    [{ repository: 'r' }, 'fits'],
    [{ snapshotOnly: true }, 'fits'],
    [{}, 'L-CFG-151'],
    [{ snapshotOnly: false }, 'L-CFG-151'],
    [{ repository: 'r', snapshotOnly: true }, 'L-CFG-150'],
    [{ snapshotOnly: true, keepPoints: 3 }, 'L-CFG-153'],
    [{ snapshotOnly: true, cbtSampleFraction: 0 }, 'L-CFG-153'],
    [{ snapshotOnly: true, finishOnPrimary: true }, 'L-CFG-153'],
    [{ snapshotOnly: true, failoverToStandard: false }, 'fits'],
    [{ repository: 'r', keepPoints: 3, failoverToStandard: true }, 'fits'],
  ])('%o: %s', (given, code) => {
    expect(codeOf(() => requireFittingSettings({ name: 'j', vms: ['vm'], ...given }))).toBe(code);
  });

  const job: Job = { ...jobDefaults, id: 'j', name: 'j', vms: ['vm'] };

  it.each<[Partial<Job>, string]>([
    [{}, 'fits'],
    [{ secondaryKeep: 0 }, 'L-CFG-154'],
    [{ snapshotOnly: true, secondaryKeep: 0 }, 'L-CFG-152'],
    [{ snapshotOnly: true, secondaryKeep: 1 }, 'fits'],
    [{ snapshotOnly: true, secondaryKeep: 0, secondaryKeepDays: 2 }, 'fits'],
    [{ snapshotOnly: true, secondaryKeep: 0, primaryKeep: 1 }, 'fits'],
    [{ snapshotOnly: true, secondaryKeep: 0, primaryKeepDays: 1 }, 'fits'],
  ])('the chains of %o: %s', (changes, code) => {
    expect(codeOf(() => requireChains({ ...job, ...changes }))).toBe(code);
  });
});
