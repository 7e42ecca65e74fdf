import { expect, it } from 'vitest';
import { findOne } from './find.ts';

const jobs = [
  { id: 'abab12', name: 'nightly' },
  { id: 'abab34', name: 'weekly' },
  { id: 'cdcd56', name: 'abab' },
];

it('finds by name, by id and by the beginning of an id, exact ones first', () => {
  expect(findOne('job', jobs, 'weekly').id).toBe('abab34');
  expect(findOne('job', jobs, 'abab12').name).toBe('nightly');
  expect(findOne('job', jobs, 'cdcd').name).toBe('abab');
  expect(findOne('job', jobs, 'abab').id).toBe('cdcd56');
});

it.each(['', 'x', 'night', 'abab5', 'cdc'])('says of %j that there is none', (wanted) => {
  expect(() => findOne('job', jobs, wanted)).toThrow(expect.objectContaining({ code: 'L-CFG-102' }));
});

it('says of a beginning that fits several which they are', () => {
  const find = () => findOne('job', jobs.slice(0, 2), 'abab');
  const matches = 'nightly (abab12), weekly (abab34)';
  expect(find).toThrow(
    expect.objectContaining({ code: 'L-CFG-110', details: { kind: 'job', name: 'abab', matches } }),
  );
  const runs = Array.from({ length: 8 }, (_, at) => ({ id: `2026-${at}` }));
  expect(() => findOne('run', runs, '2026')).toThrow('2026-0, 2026-1, 2026-2, 2026-3, 2026-4 and 3 more');
});
