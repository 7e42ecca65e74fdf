import { expect, test } from 'vitest';
import { readAreas } from './read-areas.ts';

const run = { runId: 'r', vmKey: 'vm' };
const changed = [{ offsetBytes: 0, lengthBytes: 65_536 }];
const allocatedAreas = [{ offsetBytes: 65_536, lengthBytes: 65_536 }];
const pointParent = { pointId: 'p', diskName: 'disk', sizeBytes: 1 };
const parent = { snapshotId: 'p', diskName: 'disk' };

const lists = (has: { readonly changed?: boolean; readonly allocated?: boolean }) => ({
  get: async () => (has.changed ? changed : undefined),
  getAllocated: async (key: object) => {
    expect(key).toEqual({ ...run, diskKey: 2000 });
    return has.allocated ? allocatedAreas : undefined;
  },
});

test('what is allocated is given to the reader whether it reads by changes or all', async () => {
  const both = lists({ changed: true, allocated: true });
  expect(await readAreas(both, run, { key: 2000, parent: pointParent })).toEqual({
    changed,
    allocatedAreas,
    parent,
  });
  expect(await readAreas(both, run, { key: 2000 })).toEqual({ changed: 'all', allocatedAreas });
  const unusable = lists({ allocated: true });
  expect(await readAreas(unusable, run, { key: 2000, parent: pointParent })).toEqual({
    changed: 'all',
    allocatedAreas,
  });
});

test('nothing is made up where CBT did not say it', async () => {
  expect(await readAreas(lists({}), run, { key: 2000 })).toEqual({ changed: 'all' });
  expect(await readAreas(lists({ changed: true }), run, { key: 2000, parent: pointParent })).toEqual({
    changed,
    parent,
  });
});
