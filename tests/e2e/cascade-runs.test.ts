import { SeededRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeCascade } from './support/fake-world/fake-cascade.ts';
import type { FakeWorld } from './support/fake-world/fake-world.ts';
import { problemsOf, simulateBackups } from './support/fake-world/simulated-backups.ts';
import { openSimulatedStores, type SimulatedStores } from './support/fake-world/simulated-store.ts';

/** Each with relations beside it that nobody reads over, from every place, and which a schedule updates. */
const unread = [0, 1].map((from) => ({ from, policy: 'mirror' as const }));
const two: readonly FakeCascade[] = [
  { vm: 'p-m-m', policies: ['mirror', 'mirror'], beside: unread },
  { vm: 'p-m-v', policies: ['mirror', 'vault'], beside: unread },
  { vm: 'p-v-m', policies: ['vault', 'mirror'], beside: unread },
  { vm: 'p-v-v', policies: ['vault', 'vault'], beside: unread },
];
const three: readonly FakeCascade[] = [
  { vm: 'p-v-v-v', policies: ['vault', 'vault', 'vault'], beside: unread },
  { vm: 'p-m-v-m', policies: ['mirror', 'vault', 'mirror'], beside: unread },
];
const secondaryKeep = 3;
/** What a relation that nobody reads over holds in the middle until its next update; nothing may delete it. */
const held = 1;

let databases: SimulatedStores;

beforeAll(async () => {
  databases = await openSimulatedStores(2);
});
afterAll(() => databases?.close());

/** How many storage snapshots of ours each volume has, by `array/volume`. */
function counts(world: FakeWorld): Record<string, number> {
  const volumes = world.storageSnapshots().map((path) => path.slice(0, path.lastIndexOf('/')));
  return Object.fromEntries(
    [...Map.groupBy(volumes, (volume) => volume)].map(([key, all]) => [key, all.length]),
  );
}

/** Runs of a job one after the other, the schedules of all other mirrors in between; the counts after each. */
async function manyRuns(at: number, cascades: readonly FakeCascade[], relation: string, runs: number) {
  const database = databases.stores[at];
  if (!database) throw new Error('no database');
  const { world, foreign, backup } = await simulateBackups(database, {
    ...{ seed: 1, randomness: new SeededRandomness(1), faultRate: 0, crashes: 0, cancelAfterMs: undefined },
    cascades,
    job: { vms: cascades.map(({ vm }) => vm), relation, secondaryKeep },
  });
  const seen: Record<string, number>[] = [];
  for (let run = 1; run <= runs; run++) {
    await backup(`run-${run}`, true);
    const { state } = await database.store.runs.get(`run-${run}`);
    expect(state).toBe('success');
    const vms = await database.store.runVms.list(`run-${run}`);
    expect(new Set(vms.map(({ facts }) => facts.source))).toEqual(new Set(['secondary']));
    for (const array of world.arrays)
      for (const each of array.relations.filter(({ id }) => id.includes('beside'))) each.update();
    seen.push(counts(world));
  }
  const problems = await problemsOf(database, world, foreign, `run-${runs}`);
  // What nobody reads over has copies of its own, which no chain knows.
  expect(problems.filter((line) => !line.includes('-beside-'))).toEqual([]);
  return seen;
}

test('100 runs over cascades of two hops: nothing piles up anywhere', async () => {
  const halves = [two.slice(0, 2), two.slice(2)].map((half, at) => manyRuns(at, half, 'third', 100));
  const [first = [], second = []] = await Promise.all(halves);
  const seen = first.map((after, run) => ({ ...after, ...second[run] }));
  for (const after of seen.slice(secondaryKeep + 1)) expect(after).toEqual(seen.at(-1));
  // A mirror still has what its source let go after the last transfer.
  const mirrored = secondaryKeep + 1;
  expect(seen.at(-1)).toMatchObject({
    ...{ 'primary/p-m-m': secondaryKeep, 'secondary/p-m-m': mirrored, 'third/p-m-m': mirrored },
    ...{ 'primary/p-m-v': 1 + held, 'secondary/p-m-v': 2 + held, 'third/p-m-v': secondaryKeep },
    ...{ 'primary/p-v-m': 1, 'secondary/p-v-m': secondaryKeep, 'third/p-v-m': mirrored },
    ...{ 'primary/p-v-v': 1, 'secondary/p-v-v': 1 + held, 'third/p-v-v': secondaryKeep },
  });
}, 900_000);

test('12 runs over cascades of three hops', async () => {
  const seen = await manyRuns(1, three, 'fourth', 12);
  for (const after of seen.slice(secondaryKeep + 1)) expect(after).toEqual(seen.at(-1));
  expect(seen.at(-1)).toMatchObject({
    ...{ 'primary/p-v-v-v': 1, 'secondary/p-v-v-v': 1 + held, 'third/p-v-v-v': 1 },
    ...{ 'primary/p-m-v-m': 1 + held, 'secondary/p-m-v-m': 2 + held, 'third/p-m-v-m': secondaryKeep },
    ...{ 'fourth/p-v-v-v': secondaryKeep, 'fourth/p-m-v-m': secondaryKeep + 1 },
  });
}, 900_000);
