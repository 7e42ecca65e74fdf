import { expect, it } from 'vitest';
import { changesOf } from './field-changes.ts';

it('tells what an entry changed, field by field and inside of others', () => {
  const before = { name: 'nightly', limits: { hosts: 4, vcenter: 8 }, vms: ['a'], gone: 'x' };
  const after = { name: 'nightly', limits: { hosts: 5, vcenter: 8 }, vms: ['a', 'b'], made: true };
  expect(changesOf({ before, after })).toEqual([
    { field: 'limits.hosts', before: '4', after: '5' },
    { field: 'vms', before: '["a"]', after: '["a","b"]' },
    { field: 'gone', before: 'x' },
    { field: 'made', after: 'true' },
  ]);
});

it('shows of what was made or removed all of it, and nothing where nothing can be seen', () => {
  expect(changesOf({ after: { name: 'ann', signedInAt: null } })).toEqual([{ field: 'name', after: 'ann' }]);
  expect(changesOf({ before: { name: 'ann' } })).toEqual([{ field: 'name', before: 'ann' }]);
  expect(changesOf({})).toEqual([]);
});
