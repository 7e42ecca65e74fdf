import { expect, it } from 'vitest';
import {
  addStageTimes,
  bottleneckOf,
  bottleneckText,
  noStageTimes,
  stageName,
  stageShares,
} from './stage-times.ts';

const times = { sourceMs: 300, proxyMs: 100, repositoryMs: 100 };

it('shares stand in the order of the data and are one together', () => {
  expect(stageShares(times)).toEqual([
    { stage: 'source', share: 0.6 },
    { stage: 'proxy', share: 0.2 },
    { stage: 'repository', share: 0.2 },
  ]);
});

it('the bottleneck is the stage with most of the time, over all that is added up', () => {
  expect(bottleneckOf(times)).toEqual({ stage: 'source', share: 0.6 });
  const slow = { ...noStageTimes, repositoryMs: 500 };
  expect(bottleneckOf(addStageTimes([times, slow]))).toEqual({ stage: 'repository', share: 0.6 });
});

it('where nothing was measured there is none', () => {
  expect(stageShares(addStageTimes([]))).toEqual([]);
  expect(bottleneckOf(noStageTimes)).toBeUndefined();
  expect(bottleneckText(noStageTimes, [])).toBeUndefined();
});

it('a source is called by its name where all VMs are read from the same', () => {
  expect(stageName('source', ['secondary', 'secondary'])).toBe('secondary array');
  expect(stageName('source', ['standard'])).toBe('ESXi host');
  expect(stageName('source', ['secondary', 'primary'])).toBe('source');
  expect(stageName('source', [])).toBe('source');
  expect(stageName('proxy', ['secondary'])).toBe('proxy');
  const slow = { ...times, repositoryMs: 200 };
  expect(bottleneckText(slow, ['primary'])).toBe('primary array 50 % (repository 33 %, proxy 17 %)');
});
