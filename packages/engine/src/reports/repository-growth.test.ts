import { describe, expect, it } from 'vitest';
import { growthOf, type JobGrowth, type RepositoryPlace } from './repository-growth.ts';

const dayMs = 86_400_000;
const nowMs = Date.parse('2026-11-26T00:00:00Z');
const job = (repositoryId: string, days: number, storedBytes: number): JobGrowth => ({
  ...{ repositoryId, sinceMs: nowMs - days * dayMs, storedBytes },
});
const place = (repositoryId: string, device: number, freeBytes = 1_000): RepositoryPlace => ({
  ...{ repositoryId, device, freeBytes },
});
const grown = (jobs: readonly JobGrowth[], places: readonly RepositoryPlace[]) =>
  Object.fromEntries(growthOf(jobs, places, nowMs));

describe('until when there is room in repositories', () => {
  it('is told of each by its own jobs, each over its own time', () => {
    const jobs = [job('a', 10, 500), job('a', 2, 100), job('b', 4, 40)];
    expect(grown(jobs, [place('a', 1), place('b', 2)])).toEqual({
      a: { storedPerDay: 100, measuredDays: 2, fullBy: '2026-12-06T00:00:00.000Z' },
      b: { storedPerDay: 10, measuredDays: 4, fullBy: '2027-03-06T00:00:00.000Z' },
    });
  });

  it('is that of the file system where several lie on one', () => {
    const both = [place('a', 1), place('b', 1), place('empty', 1)];
    expect(grown([job('a', 5, 250), job('b', 5, 250)], both)).toEqual({
      a: { storedPerDay: 50, measuredDays: 5, fullBy: '2026-12-06T00:00:00.000Z' },
      b: { storedPerDay: 50, measuredDays: 5, fullBy: '2026-12-06T00:00:00.000Z' },
    });
  });

  it('is not guessed where a job there has too little history, or one of a neighbour', () => {
    const jobs = [job('a', 5, 250), job('b', 5, 250), job('b', 1.9, 1)];
    expect(grown(jobs, [place('a', 1), place('b', 1)])).toEqual({ a: { storedPerDay: 50, measuredDays: 5 } });
    expect(grown(jobs, [place('a', 1), place('b', 2)])).toHaveProperty('a.fullBy');
  });

  it('is not told where nothing grows, or only in many years, or nothing can be looked at', () => {
    expect(grown([job('a', 3, 0)], [place('a', 1)])).toEqual({ a: { storedPerDay: 0, measuredDays: 3 } });
    expect(grown([job('a', 3, 3)], [place('a', 1, 1e12)])).not.toHaveProperty('a.fullBy');
    expect(grown([job('a', 3, 3)], [])).toEqual({});
  });

  it('is now where there is no room', () => {
    expect(grown([job('a', 3, 3)], [place('a', 1, 0)])).toHaveProperty(
      'a.fullBy',
      '2026-11-26T00:00:00.000Z',
    );
  });
});
