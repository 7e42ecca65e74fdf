import type { Plan } from '@leeward/core';
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

const seeds = seedsToSimulate(60);
const sideBySide = 4;
const runs = ['run-1', 'run-2', 'run-3'] as const;

let databases: SimulatedStores;

beforeAll(async () => {
  databases = await openSimulatedStores(sideBySide);
});
afterAll(() => databases?.close());

/** VM `d` alone, or beside one of a transfer; the other side is away for a while, at any time. */
function scenario(seed: number) {
  const randomness = new SeededRandomness(seed * 6271);
  const may = (probability: number) => randomness.fraction() < probability;
  const fromMs = randomness.fraction() * 150_000;
  return {
    randomness,
    faultRate: [0, 0.01, 0.03][seed % 3] ?? 0,
    crashes: Math.floor(randomness.fraction() * 6),
    cancelAfterMs: may(0.2) ? 10_000 + randomness.fraction() * 60_000 : undefined,
    ...(may(0.7) ? { pairLost: { fromMs, toMs: fromMs + randomness.fraction() * 120_000 } } : {}),
    job: {
      vms: may(0.5) ? ['d'] : ['d', 'a'],
      failoverToPrimary: may(0.5),
      finishOnPrimary: may(0.5),
      ...(may(0.5) ? { primaryKeep: 2 } : {}),
    },
  };
}

type Ending = `${RunState | 'cancelled'} ${string}`;

/** How VM `d` ended, and what of it goes against the sync exception. */
async function exceptionOf({ store }: SimulatedStore, runId: string) {
  const run = await store.runs.get(runId);
  const job = await store.jobs.get('job');
  const vm = (await store.runVms.list(runId)).find(({ name }) => name === 'd');
  const plan: Plan | undefined = run.plan;
  const planned = plan?.vms.find(({ name }) => name === 'd')?.source;
  const source = vm?.facts.source;
  const ending: Ending = `${vm?.state === 'success' ? 'success' : 'failed'} ${planned ?? 'none'}>${source ?? 'none'} ${vm?.problem?.code ?? ''}`;
  const problems = [
    ...(planned === 'primary' && !job.failoverToPrimary ? ['failover that the job does not allow'] : []),
    ...(planned === 'secondary' && source === 'primary' && !job.finishOnPrimary
      ? ['the primary was read although the secondary was detected at the start']
      : []),
    ...(planned === 'primary' && source === 'secondary'
      ? ['what was not detected at the start was read']
      : []),
  ];
  return { ending, problems };
}

/** Both sides of the pair hold the same storage snapshots of ours, and none where no chain is kept. */
function chainProblems(world: FakeWorld, keep: number | undefined): string[] {
  const on = (side: string) =>
    world
      .storageSnapshots()
      .filter((each) => each.startsWith(`${side}/vol3/`))
      .map((each) => each.slice(`${side}/vol3/`.length));
  const [primary, secondary] = [on('primary'), on('secondary')];
  return [
    ...(JSON.stringify(primary) === JSON.stringify(secondary)
      ? []
      : [`the sides differ: ${primary.join(', ')} and ${secondary.join(', ')}`]),
    ...(primary.length > (keep ?? 0) ? [`${primary.length} are kept`] : []),
    ...(keep !== undefined && primary.length === 0 ? ['the chain is empty'] : []),
  ];
}

/** Two runs with trouble, the janitor, then one without. */
async function proveSeed(database: SimulatedStore, seed: number): Promise<Ending[]> {
  const options = scenario(seed);
  const simulated = await simulateBackups(database, { seed, ...options });
  const { world, foreign, backup, tidyUp, trace } = simulated;
  await backup(runs[0], false);
  await backup(runs[1], false);
  world.calm();
  await tidyUp();
  await backup(runs[2], true);
  const endings: Ending[] = [];
  for (const runId of runs) {
    const { ending, problems: ofException } = await exceptionOf(database, runId);
    const problems = [...(await problemsOf(database, world, foreign, runId)), ...ofException];
    if (problems.length > 0 && onlySeed !== undefined) console.log(trace.join('\n'));
    expect(problems, `seed ${seed}, ${runId}`).toEqual([]);
    endings.push(ending);
  }
  expect(chainProblems(world, options.job.primaryKeep), `seed ${seed}`).toEqual([]);
  expect(endings[2], `seed ${seed}`).toBe('success secondary>secondary ');
  expect(endedRunStates).toContain((await database.store.runs.get(runs[2])).state);
  return endings;
}

test(`${seeds.length} seeds of crashes, faults and lost secondaries of a synchronous pair: the rules hold, nothing is left`, async () => {
  const seen = new Map<Ending, number>();
  const left = [...seeds];
  await Promise.all(
    databases.stores.map(async (database) => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift())
        for (const ending of await proveSeed(database, seed)) seen.set(ending, (seen.get(ending) ?? 0) + 1);
    }),
  );
  console.log(`how VM d ended: ${JSON.stringify(Object.fromEntries(seen), null, 1)}`);
  if (seeds.length < 50) return;
  const some = (pattern: RegExp) => [...seen.keys()].some((ending) => pattern.test(ending));
  for (const pattern of [
    /^success secondary>secondary/,
    /^success secondary>primary/,
    /^success primary>primary/,
    /^failed secondary>.* L-SRC-118$/,
    /^failed none>none L-PLN-160$/,
  ])
    expect(some(pattern), String(pattern)).toBe(true);
}, 900_000);
