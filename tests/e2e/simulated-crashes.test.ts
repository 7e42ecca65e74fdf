import { quiescePolicyOf } from '@leeward/core';
import { endedRunStates, type RunState } from '@leeward/engine/store/runs';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onlySeed, seedsToSimulate } from './support/fake-world/seeds.ts';
import { problemsOf, simulateBackups } from './support/fake-world/simulated-backups.ts';
import {
  openSimulatedStores,
  type SimulatedStore,
  type SimulatedStores,
} from './support/fake-world/simulated-store.ts';

const seeds = seedsToSimulate(200);
const sideBySide = 4;

let databases: SimulatedStores;

beforeAll(async () => {
  databases = await openSimulatedStores(sideBySide);
});
afterAll(() => databases?.close());

/** What one seed is about: how often calls fail, which failovers the job allows, whether it is cancelled. */
function scenario(seed: number) {
  const randomness = new SeededRandomness(seed * 7919);
  return {
    faultRate: [0, 0.01, 0.04][seed % 3] ?? 0,
    failoverToPrimary: randomness.fraction() < 0.5,
    cancelAfterMs: randomness.fraction() < 0.3 ? randomness.fraction() * 120_000 : undefined,
    crashes: Math.floor(randomness.fraction() * 6),
    vmsPerStorageSnapshot: randomness.fraction() < 0.3 ? 1 : undefined,
    quiesce: quiescePolicyOf(seed % 2 === 0),
    failoverToStandard: seed % 5 < 3,
    randomness,
  };
}

interface Proved {
  readonly states: readonly RunState[];
  /** VMs that were planned to be read from storage snapshots and went the standard way. */
  readonly turned: number;
}

/** Two runs with trouble, the janitor, then one without: it must succeed, whatever was before. */
async function proveSeed(database: SimulatedStore, seed: number): Promise<Proved> {
  const { failoverToPrimary, failoverToStandard, vmsPerStorageSnapshot, quiesce, ...chosen } = scenario(seed);
  const limit = vmsPerStorageSnapshot === undefined ? {} : { vmsPerStorageSnapshot };
  const rules = { failoverToPrimary, failoverToStandard, quiesce };
  const job = { vms: ['a', 'b', 'c', 's'], secondaryKeep: 2, ...rules, ...limit };
  const { world, foreign, backup, tidyUp, trace } = await simulateBackups(database, { seed, ...chosen, job });
  // Room for one VMware snapshot at a time: whatever dies, nobody waits for ever.
  await database.store.settings.changeLimits({ vmwareSnapshotsPerVcenter: seed % 4 === 0 ? 1 : 120 });
  await backup('run-1', false);
  await backup('run-2', false);
  world.calm();
  await tidyUp();
  await backup('run-3', true);
  const states: RunState[] = [];
  let turned = 0;
  for (const runId of ['run-1', 'run-2', 'run-3']) {
    const problems = await problemsOf(database, world, foreign, runId);
    if (problems.length > 0 && onlySeed !== undefined) console.log(trace.join('\n'));
    expect(problems, `seed ${seed}, ${runId}`).toEqual([]);
    states.push((await database.store.runs.get(runId)).state);
    const vms = await database.store.runVms.list(runId);
    turned += vms.filter(({ name, facts }) => name !== 's' && facts.source === 'standard').length;
  }
  expect(states[2], `seed ${seed}`).toBe('success');
  return { states, turned };
}

test(`${seeds.length} seeds of crashes, faults and cancels: true ends, nothing left, nothing foreign touched`, async () => {
  const seen = new Map<RunState, number>();
  const left = [...seeds];
  let allTurned = 0;
  await Promise.all(
    databases.stores.map(async (database) => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
        const { states, turned } = await proveSeed(database, seed);
        for (const state of states) seen.set(state, (seen.get(state) ?? 0) + 1);
        allTurned += turned;
      }
    }),
  );
  console.log(
    `simulated runs: ${JSON.stringify(Object.fromEntries(seen))}, turned to standard: ${allTurned}`,
  );
  if (seeds.length < 50) return;
  for (const state of endedRunStates) expect(seen.get(state), state).toBeGreaterThan(0);
  expect(allTurned).toBeGreaterThan(0);
}, 900_000);
