import { expect, it } from 'vitest';
import { findOne } from './find.ts';

const jobs = [
  { id: 'ab12', name: 'nightly' },
  { id: 'ab34', name: 'weekly' },
  { id: 'cd56', name: 'ab' },
];

it('finds by name, by id and by the beginning of an id, exact ones first', () => {
  expect(findOne('job', jobs, 'weekly').id).toBe('ab34');
  expect(findOne('job', jobs, 'ab12').name).toBe('nightly');
  expect(findOne('job', jobs, 'cd').name).toBe('ab');
  expect(findOne('job', jobs, 'ab').id).toBe('cd56');
});

it.each(['', 'x', 'night'])('says of %j that there is none', (wanted) => {
  expect(() => findOne('job', jobs, wanted)).toThrow(expect.objectContaining({ code: 'L-CFG-102' }));
});

it('says of a beginning that fits several which they are', () => {
  const find = () => findOne('job', jobs.slice(0, 2), 'ab');
  const matches = 'nightly (ab12), weekly (ab34)';
  expect(find).toThrow(
    expect.objectContaining({ code: 'L-CFG-110', details: { kind: 'job', name: 'ab', matches } }),
  );
  const runs = Array.from({ length: 8 }, (_, at) => ({ id: `2026-${at}` }));
  expect(() => findOne('run', runs, '2026')).toThrow('2026-0, 2026-1, 2026-2, 2026-3, 2026-4 and 3 more');
});
