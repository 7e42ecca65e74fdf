import { expect, it } from 'vitest';
import { bottleneckText, namedShares, readsOfRun } from './measured-reads.ts';

const done = { source: 'secondary', stageTimes: { sourceMs: 60, proxyMs: 20, repositoryMs: 20 } } as const;
const stageTimes = { sourceMs: 0, proxyMs: 0, repositoryMs: 300 };

it('counts the VMs that are done and the reads under way', () => {
  const reads = readsOfRun([{ facts: done }], { a: { phase: 'read', source: 'secondary', stageTimes } });
  expect(namedShares(reads)).toEqual([
    { stage: 'source', share: 0.15, text: 'secondary array 15 %' },
    { stage: 'proxy', share: 0.05, text: 'proxy 5 %' },
    { stage: 'repository', share: 0.8, text: 'repository 80 %' },
  ]);
  expect(bottleneckText(reads)).toBe('repository 80 % (secondary array 15 %, proxy 5 %)');
});

it('what was not read takes no name from what was', () => {
  const failed = { source: 'primary' } as const;
  expect(bottleneckText([done, failed])).toBe('secondary array 60 % (proxy 20 %, repository 20 %)');
  expect(bottleneckText([done, { ...failed, stageTimes }])).toMatch(/^repository 80 % \(source 15 %/);
  expect(bottleneckText([failed])).toBeUndefined();
});

it('takes no progress for times that is none', () => {
  const strange = { ...stageTimes, proxyMs: -1 };
  const progress = {
    ...{ a: null, b: 'text', c: { phase: 'transfer' } },
    ...{ d: { stageTimes: strange }, e: { stageTimes: 3 } },
  };
  expect(bottleneckText(readsOfRun([], progress))).toBeUndefined();
});

it('of a source that it does not know it counts the times', () => {
  const reads = readsOfRun([], { a: { source: 'tape', stageTimes } });
  expect(bottleneckText(reads)).toBe('repository 100 % (source 0 %, proxy 0 %)');
});
