import type { Job, Plan } from '@leeward/core';
import { endedRunStates, type RunState } from '@leeward/engine/store/runs';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeWorld } from './support/fake-world/fake-world.ts';
import { onlySeed, seedsToSimulate } from './support/fake-world/seeds.ts';
import { problemsOf, simulateBackups } from './support/fake-world/simulated-backups.ts';
import {
  openSimulatedStores,
  type SimulatedStore,
  type SimulatedStores,
} from './support/fake-world/simulated-store.ts';

const seeds = seedsToSimulate(90);
const sideBySide = 4;
const runs = ['run-1', 'run-2', 'run-3'] as const;

let databases: SimulatedStores;

beforeAll(async () => {
  databases = await openSimulatedStores(sideBySide);
});
afterAll(() => databases?.close());

/** Which chains are asked for, how often calls fail, how often processes die, whether it is cancelled. */
function scenario(seed: number) {
  const randomness = new SeededRandomness(seed * 4733);
  const may = (probability: number) => randomness.fraction() < probability;
  const chains = [{ primaryKeep: 2 }, { secondaryKeep: 2 }, { primaryKeep: 1, secondaryKeep: 2 }][seed % 3];
  const quiesce: Job['quiesce'] = may(0.3) ? 'fall-back' : 'off';
  return {
    randomness,
    faultRate: [0, 0.01, 0.03][Math.floor(seed / 3) % 3] ?? 0,
    crashes: Math.floor(randomness.fraction() * 6),
    cancelAfterMs: may(0.2) ? randomness.fraction() * 90_000 : undefined,
    job: {
      ...{ vms: ['a', 'b', 'c', 'd'], snapshotOnly: true, secondaryKeep: 0, quiesce, ...chains },
      failoverToPrimary: may(0.5),
      ...(may(0.3) ? { vmsPerStorageSnapshot: 1 } : {}),
    },
  };
}

/** Where the links are not those of the last run, or more than the job asks for. */
function chainProblems(world: FakeWorld, job: Pick<Job, 'primaryKeep' | 'secondaryKeep'>): string[] {
  const on = (side: string, volume: string) =>
    world
      .storageSnapshots()
      .filter((each) => each.startsWith(`${side}/${volume}/`))
      .map((each) => each.slice(`${side}/${volume}/`.length));
  const { primaryKeep = 0, secondaryKeep } = job;
  const problems: string[] = [];
  const expectAt = (side: string, volume: string, least: number, most: number) => {
    const names = on(side, volume);
    const ofLast = names.filter((name) => name.includes('run-3')).length;
    // A group more of each run where the job is limited to one VM at a time.
    if (names.length > most || ofLast < least)
      problems.push(`${side}/${volume}: ${names.length} are kept, ${ofLast} of the last run`);
  };
  // The base of the next transfer stays on the primary, whatever is asked for there.
  const base = secondaryKeep > 0 ? 1 : 0;
  expectAt('primary', 'vol1', 1, Math.max(primaryKeep, base));
  expectAt('secondary', 'vol1', Math.min(1, secondaryKeep), secondaryKeep);
  expectAt('primary', 'vol2', 1, Math.max(primaryKeep, secondaryKeep));
  // It drops what the primary dropped with the next transfer.
  expectAt('secondary', 'vol2', Math.min(1, secondaryKeep), secondaryKeep > 0 ? secondaryKeep + 1 : 0);
  expectAt('secondary', 'vol3', 1, primaryKeep || secondaryKeep);
  for (const name of on('secondary', 'vol3'))
    if (!on('primary', 'vol3').includes(name)) problems.push(`half of ${name} is missing on the primary`);
  return problems;
}

/** Two runs with trouble, the janitor, then one without. */
async function proveSeed(database: SimulatedStore, seed: number): Promise<RunState[]> {
  const options = scenario(seed);
  const { world, foreign, backup, tidyUp, trace } = await simulateBackups(database, { seed, ...options });
  // Nobody is ever shown anything.
  for (const array of [world.primary, world.secondary])
    for (const call of ['planPresentation', 'present']) array.breakCall(call);
  await backup(runs[0], false);
  await backup(runs[1], false);
  world.calm();
  await tidyUp();
  await backup(runs[2], true);
  const states: RunState[] = [];
  for (const runId of runs) {
    const problems = await problemsOf(database, world, foreign, runId);
    if (problems.length > 0 && onlySeed !== undefined) console.log(trace.join('\n'));
    expect(problems, `seed ${seed}, ${runId}`).toEqual([]);
    states.push((await database.store.runs.get(runId)).state);
  }
  expect(chainProblems(world, options.job), `seed ${seed}`).toEqual([]);
  expect(states[2], `seed ${seed}`).toBe('success');
  await expectFrozenAsPlanned(database, seed);
  return states;
}

/** VMs that are alone on their volume get no VMware snapshot, unless guests are quiesced. */
async function expectFrozenAsPlanned({ store }: SimulatedStore, seed: number): Promise<void> {
  const plan: Plan | undefined = (await store.runs.get('run-3')).plan;
  const alone = new Set(plan?.vms.filter(({ freezeOnly }) => freezeOnly).map(({ name }) => name));
  expect([...alone].sort(), `seed ${seed}`).toEqual(plan?.job.quiesce === 'off' ? ['c', 'd'] : []);
  for (const { name, facts } of await store.runVms.list('run-3'))
    expect([name, facts.vmwareSnapshot === undefined], `seed ${seed}`).toEqual([name, alone.has(name)]);
}

test(`${seeds.length} seeds of crashes, faults and cancels of a snapshot-only job: true ends, its chains and nothing else`, async () => {
  const seen = new Map<RunState, number>();
  const left = [...seeds];
  await Promise.all(
    databases.stores.map(async (database) => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift())
        for (const state of await proveSeed(database, seed)) seen.set(state, (seen.get(state) ?? 0) + 1);
    }),
  );
  console.log(`simulated runs: ${JSON.stringify(Object.fromEntries(seen))}`);
  if (seeds.length < 50) return;
  for (const state of endedRunStates) expect(seen.get(state), state).toBeGreaterThan(0);
}, 900_000);
