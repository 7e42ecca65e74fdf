import { expect, it } from 'vitest';
import { addStageTimes, noStageTimes, stageName, stageShares } from './stage-times.ts';

const times = { sourceMs: 300, proxyMs: 100, repositoryMs: 100 };

it('shares stand in the order of the data and are one together, over all that is added up', () => {
  const slow = { ...noStageTimes, repositoryMs: 500 };
  expect(stageShares(addStageTimes([times, slow]))).toEqual([
    { stage: 'source', share: 0.3 },
    { stage: 'proxy', share: 0.1 },
    { stage: 'repository', share: 0.6 },
  ]);
});

it('where nothing was measured there are none', () => {
  expect(stageShares(addStageTimes([]))).toEqual([]);
});

it('a source is called by its name where all VMs are read from the same', () => {
  expect(stageName('source', ['secondary', 'secondary'])).toBe('secondary array');
  expect(stageName('source', ['standard'])).toBe('ESXi host');
  expect(stageName('source', ['secondary', 'primary'])).toBe('source');
  expect(stageName('source', [])).toBe('source');
  expect(stageName('proxy', ['secondary'])).toBe('proxy');
});
