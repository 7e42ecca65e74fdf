import { expect, it } from 'vitest';
import { bottleneckOfRun, stagesOfRun } from './run-stages.ts';

const done = {
  facts: { source: 'secondary', stageTimes: { sourceMs: 60, proxyMs: 20, repositoryMs: 20 } },
} as const;
const stageTimes = { sourceMs: 0, proxyMs: 0, repositoryMs: 300 };

it('counts the VMs that are done and the reads under way', () => {
  const progress = { a: { phase: 'read', source: 'secondary', stageTimes } };
  expect(stagesOfRun([done, { facts: {} }], progress)).toEqual({
    times: { sourceMs: 60, proxyMs: 20, repositoryMs: 320 },
    sources: ['secondary', 'secondary'],
  });
  expect(bottleneckOfRun([done], progress)).toBe('repository 80 % (secondary array 15 %, proxy 5 %)');
});

it('takes no progress for times that is none', () => {
  const strange = { ...stageTimes, proxyMs: -1 };
  const progress = {
    a: null,
    b: 'text',
    c: { phase: 'transfer' },
    d: { stageTimes: strange },
    e: { stageTimes: 3 },
  };
  expect(stagesOfRun([done], progress)).toEqual(stagesOfRun([done], {}));
  expect(bottleneckOfRun([], progress)).toBeUndefined();
});

it('of a source that it does not know it counts the times', () => {
  const progress = { a: { source: 'tape', stageTimes } };
  expect(bottleneckOfRun([], progress)).toBe('repository 100 % (source 0 %, proxy 0 %)');
});
