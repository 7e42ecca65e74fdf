import { SeededRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulateBackups } from './support/fake-world/simulated-backups.ts';
import { openSimulatedStores, type SimulatedStores } from './support/fake-world/simulated-store.ts';

let databases: SimulatedStores;

beforeAll(async () => {
  databases = await openSimulatedStores(1);
});
afterAll(() => databases?.close());

test('chains are rotated in every group that ended, also when nothing of it could be presented', async () => {
  const [database] = databases.stores;
  if (!database) throw new Error('no database');
  const { world, backup } = await simulateBackups(database, {
    ...{ seed: 1, randomness: new SeededRandomness(1), faultRate: 0, crashes: 0, cancelAfterMs: undefined },
    job: { vms: ['a'], secondaryKeep: 1 },
  });
  const here = (array: 'primary' | 'secondary') =>
    world.storageSnapshots().filter((each) => each.startsWith(`${array}/vol1/`));
  await backup('run-1', true);
  expect([here('primary').length, here('secondary').length]).toEqual([1, 1]);
  const [first] = here('secondary');

  world.secondary.breakCall('planPresentation');
  await backup('run-2', true);
  expect((await database.store.runs.get('run-2')).state).toBe('failed');
  // The transfer had brought the second one, so the first is over its number on both sides.
  expect(here('secondary')).toHaveLength(1);
  expect(here('secondary')).not.toContain(first);
  expect(here('primary').map((each) => each.replace('primary', 'secondary'))).toEqual(here('secondary'));
});
