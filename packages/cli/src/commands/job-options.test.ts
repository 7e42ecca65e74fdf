import { Command } from 'commander';
import { expect, it } from 'vitest';
import { jobChanges, jobOptions } from './job-options.ts';

const changesOf = (words: readonly string[], isEdit = true) =>
  jobChanges(jobOptions(new Command(), isEdit).parse(words, { from: 'user' }).opts());

it('changes nothing that is not given', () => {
  expect(changesOf([])).toEqual({});
  expect(changesOf([], false)).toEqual({});
});

it('takes back what a job can be without', () => {
  const words = [
    ...['--no-relation', '--no-vms-per-storage-snapshot', '--no-keep-points', '--no-max-relation-lag'],
    ...['--no-secondary-lock', '--no-primary-lock', '--no-fail-on-downgrade'],
  ];
  expect(changesOf(words)).toEqual({
    ...{ relation: null, vmsPerStorageSnapshot: null, keepPoints: null, maxRelationLagMs: null },
    ...{ secondaryLockDays: null, primaryLockDays: null, failOnDowngrade: false },
  });
  expect(changesOf(['--keep-points', '3', '--max-relation-lag', '0', '--primary-lock-days', '2'])).toEqual({
    ...{ keepPoints: 3, maxRelationLagMs: 0, primaryLockDays: 2 },
  });
});
