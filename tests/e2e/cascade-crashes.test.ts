import type { RunState } from '@leeward/engine/store/runs';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeCascade } from './support/fake-world/fake-cascade.ts';
import { onlySeed, seedsToSimulate } from './support/fake-world/seeds.ts';
import { problemsOf, simulateBackups } from './support/fake-world/simulated-backups.ts';
import {
  openSimulatedStores,
  type SimulatedStore,
  type SimulatedStores,
} from './support/fake-world/simulated-store.ts';

const seeds = seedsToSimulate(40);
const sideBySide = 4;
const policies = ['mirror', 'vault'] as const;

let databases: SimulatedStores;

beforeAll(async () => {
  databases = await openSimulatedStores(sideBySide);
});
afterAll(() => databases?.close());

/** Two VMs over cascades of the same depth, of any policies. */
function scenario(seed: number) {
  const randomness = new SeededRandomness(seed * 5119);
  const may = (probability: number) => randomness.fraction() < probability;
  const depth = may(0.3) ? 3 : 2;
  const cascade = (vm: string): FakeCascade => ({
    vm,
    policies: Array.from({ length: depth }, () => policies[may(0.5) ? 0 : 1]),
  });
  const cascades = [cascade('c1'), cascade('c2')];
  return {
    randomness,
    cascades,
    isScheduled: may(0.5),
    faultRate: [0, 0.01, 0.04][seed % 3] ?? 0,
    crashes: Math.floor(randomness.fraction() * 6),
    cancelAfterMs: may(0.3) ? 5_000 + randomness.fraction() * 120_000 : undefined,
    job: {
      vms: cascades.map(({ vm }) => vm),
      relation: depth === 3 ? 'fourth' : 'third',
      secondaryKeep: 2,
      failoverToPrimary: may(0.5),
    },
  };
}

/** Two runs with trouble, the janitor, then two without: those must succeed, and leave what the chains keep. */
async function proveSeed(database: SimulatedStore, seed: number): Promise<RunState[]> {
  const chosen = scenario(seed);
  const { world, foreign, backup, tidyUp, trace } = await simulateBackups(database, { seed, ...chosen });
  // What a failed hop did not bring, a mirror may take by its own schedule.
  const updates = () => {
    for (const { relations } of world.arrays.slice(chosen.isScheduled ? 2 : 4))
      for (const each of relations) each.update();
  };
  await backup('run-1', false);
  updates();
  await backup('run-2', false);
  updates();
  world.calm();
  await tidyUp();
  await backup('run-3', true);
  await backup('run-4', true);
  const states: RunState[] = [];
  for (const runId of ['run-1', 'run-2', 'run-3', 'run-4']) {
    const problems = await problemsOf(database, world, foreign, runId);
    if (problems.length > 0 && onlySeed !== undefined) console.log(trace.join('\n'));
    expect(problems, `seed ${seed}, ${runId}`).toEqual([]);
    states.push((await database.store.runs.get(runId)).state);
  }
  expect(states.slice(2), `seed ${seed}`).toEqual(['success', 'success']);
  const left = world.storageSnapshots();
  for (const { vm, policies: over } of chosen.cascades) {
    const onPrimary = left.filter((each) => each.startsWith(`primary/${vm}/`)).length;
    const isKeptThere = over.every((policy) => policy === 'mirror');
    expect(onPrimary, `seed ${seed}, ${vm}`).toBeLessThanOrEqual(isKeptThere ? 2 : 1);
  }
  return states;
}

test(`${seeds.length} seeds of crashes, faults and cancels over cascades: true ends, nothing left`, async () => {
  const seen = new Map<RunState, number>();
  const left = [...seeds];
  await Promise.all(
    databases.stores.map(async (database) => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift())
        for (const state of await proveSeed(database, seed)) seen.set(state, (seen.get(state) ?? 0) + 1);
    }),
  );
  console.log(`simulated runs over cascades: ${JSON.stringify(Object.fromEntries(seen))}`);
}, 900_000);
