import { isoTime, jobDefaults, quiescePolicyOf } from '@leeward/core';
import { backupFlows } from '@leeward/engine/backup/backup-run';
import { standardQueue } from '@leeward/engine/backup/standard-queue';
import type { FlowEngine } from '@leeward/engine/flow/flow-engine';
import { type SimulatedProcess, simulate } from '@leeward/engine/flow/memory/simulation';
import { janitorFlow } from '@leeward/engine/janitor/janitor';
import { proxyQueue } from '@leeward/engine/proxy/read-vm';
import { endedRunStates, type RunState } from '@leeward/engine/store/runs';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeReader } from './support/fake-world/fake-reader.ts';
import { FakeWorld } from './support/fake-world/fake-world.ts';
import { onlySeed, seedsToSimulate } from './support/fake-world/seeds.ts';
import { doorsSeenBy, registerFakeWorld } from './support/fake-world/simulated-site.ts';
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

/** What one seed is about: how often calls fail, whether the job may read the primary, whether it is cancelled. */
function scenario(seed: number) {
  const randomness = new SeededRandomness(seed * 7919);
  return {
    faultRate: [0, 0.01, 0.04][seed % 3] ?? 0,
    failoverToPrimary: randomness.fraction() < 0.5,
    cancelAfterMs: randomness.fraction() < 0.3 ? randomness.fraction() * 120_000 : undefined,
    crashes: Math.floor(randomness.fraction() * 6),
    vmsPerStorageSnapshot: randomness.fraction() < 0.3 ? 1 : undefined,
    quiesce: seed % 2 === 0,
    randomness,
  };
}

async function register(
  { store }: SimulatedStore,
  failoverToPrimary: boolean,
  vmsPerStorageSnapshot: number | undefined,
  quiesce: boolean,
) {
  await registerFakeWorld(store);
  const limit = vmsPerStorageSnapshot === undefined ? {} : { vmsPerStorageSnapshot };
  await store.jobs.add({
    ...{
      ...jobDefaults,
      id: 'job',
      name: 'nightly',
      vms: ['a', 'b', 'c', 's'],
      repositoryId: 'r',
      secondaryKeep: 2,
    },
    ...{ failoverToPrimary, quiesce: quiescePolicyOf(quiesce), ...limit },
  });
}

async function simulateSeed(database: SimulatedStore, seed: number) {
  const { store } = database;
  await database.empty();
  const { faultRate, failoverToPrimary, cancelAfterMs, crashes, vmsPerStorageSnapshot, quiesce, randomness } =
    scenario(seed);
  await register(database, failoverToPrimary, vmsPerStorageSnapshot, quiesce);
  let clockNow = () => 0;
  const world = new FakeWorld({ randomness, faultRate, now: () => clockNow() });
  const foreign = world.foreignObjects();
  const trace: string[] = [];
  let client: FlowEngine | undefined;
  const processes = [
    {
      name: 'server',
      queues: [standardQueue],
      defaultQueue: 'server',
      flows: (process: SimulatedProcess) => {
        const deps = {
          store: database.seenBy(process),
          doors: doorsSeenBy(process, world),
          clock: process.clock,
          randomness: process.randomness,
        };
        const engine = { get: async (id: string) => client?.get(id) };
        const { run, lane, standard } = backupFlows(deps);
        return [run, lane, standard, janitorFlow({ ...deps, engine: process.link(engine) })];
      },
    },
    {
      name: 'proxy',
      queues: [proxyQueue('p')],
      defaultQueue: 'proxy-own',
      flows: (process: SimulatedProcess) => {
        const { read, readStandard } = process.link({
          read: world.read.bind(world),
          readStandard: world.readStandard.bind(world),
        });
        const reader = { read, readStandard, committed: world.committed };
        return [fakeReader(reader, process.clock, process.randomness, () => world.readFaultRate)];
      },
    },
  ];
  const backup = async (runId: string, calm: boolean) => {
    const { trace: passed } = await simulate({
      seed: seed * 10 + Number(runId.at(-1)),
      processes,
      crashes: calm ? 0 : crashes,
      idle: database.idle,
      async begin(engine, clock) {
        client = engine;
        const startMs = clock.now();
        const offsetMs = clockNow();
        clockNow = () => offsetMs + clock.now() - startMs;
        await store.proxies.seen('p', isoTime(clock.now() + 30 * 86_400_000));
        await store.runs.add({ id: runId, jobId: 'job', kind: 'backup', startedAt: isoTime(clock.now()) });
        await engine.start({ name: 'backup-run' }, runId, { runId }, { queue: 'server' });
        for (let minute = 1; minute <= 4; minute++)
          clock.after(
            minute * 60_000,
            () => void engine.start({ name: 'janitor' }, `j${minute}`, null, { queue: 'server' }),
          );
        if (cancelAfterMs !== undefined && !calm)
          clock.after(cancelAfterMs, () => void engine.requestCancel(runId));
      },
    });
    trace.push(...passed);
  };
  const tidyUp = () =>
    simulate({
      seed,
      processes,
      idle: database.idle,
      async begin(engine, clock) {
        const [startMs, offsetMs] = [clock.now(), clockNow()];
        clockNow = () => offsetMs + clock.now() - startMs;
        client = engine;
        await engine.start({ name: 'janitor' }, 'janitor', null, { queue: 'server' });
      },
    });
  return { world, foreign, backup, tidyUp, trace };
}

/** What is not as it should be, each as a line. */
async function problemsOf(
  { store }: SimulatedStore,
  world: FakeWorld,
  foreign: object,
  runId: string,
): Promise<string[]> {
  const run = await store.runs.get(runId);
  const vms = await store.runVms.list(runId);
  const listed = await store.points.list();
  const points = new Set(listed.map(({ id }) => id));
  const quiesce = (await store.jobs.get('job')).quiesce !== 'off';
  const hasDeltas = ({ deltaAreas }: { readonly deltaAreas?: unknown }) => deltaAreas !== undefined;
  const successes = vms.filter(({ state }) => state === 'success');
  const entries = await store.ledger.kept();
  const kept = entries.map(({ systemId, name, detail }) => {
    const { volumeName } = detail as { volumeName: string };
    return `${systemId}/${volumeName}/${name}`;
  });
  const there = world.storageSnapshots();
  const open = await store.ledger.open(runId);
  return [
    ...(endedRunStates.includes(run.state) ? [] : [`the run is ${run.state}`]),
    ...(run.state === 'success' && successes.length !== vms.length ? ['success, but not of all VMs'] : []),
    ...(run.state === 'failed' && successes.length > 0 ? ['failed, but some VMs have a point'] : []),
    ...vms
      .filter(({ state }) => state === 'waiting' || state === 'running')
      .map(({ name, state }) => `VM ${name} is ${state}`),
    ...vms
      .filter(({ state, problem }) => state !== 'success' && !problem)
      .map(({ name, state }) => `VM ${name} is ${state} for no reason`),
    ...successes
      .filter(({ facts }) => !points.has(facts.pointId ?? '') || !world.committed.has(facts.pointId ?? ''))
      .map(({ name }) => `VM ${name} has no point`),
    ...listed
      .filter(({ facts }) => facts.disks.some((disk) => hasDeltas(disk) !== quiesce))
      .map(
        ({ vmName }) => `VM ${vmName} was ${quiesce ? 'not ' : ''}read from the redo log of its quiescing`,
      ),
    ...world.damage,
    ...world.leftovers(),
    ...there.filter((each) => !kept.includes(each)).map((each) => `${each} is in no chain`),
    ...kept.filter((each) => !there.includes(each)).map((each) => `chain link ${each} is not there`),
    ...open.map(({ id, state }) => `${id} is still ${state}`),
    ...(JSON.stringify(world.foreignObjects()) === JSON.stringify(foreign)
      ? []
      : ['a foreign object was touched']),
  ];
}

/** Two runs with trouble, the janitor, then one without: it must succeed, whatever was before. */
async function proveSeed(database: SimulatedStore, seed: number): Promise<RunState[]> {
  const { world, foreign, backup, tidyUp, trace } = await simulateSeed(database, seed);
  await backup('run-1', false);
  await backup('run-2', false);
  world.calm();
  await tidyUp();
  await backup('run-3', true);
  const states: RunState[] = [];
  for (const runId of ['run-1', 'run-2', 'run-3']) {
    const problems = await problemsOf(database, world, foreign, runId);
    if (problems.length > 0 && onlySeed !== undefined) console.log(trace.join('\n'));
    expect(problems, `seed ${seed}, ${runId}`).toEqual([]);
    states.push((await database.store.runs.get(runId)).state);
  }
  expect(states[2], `seed ${seed}`).toBe('success');
  return states;
}

test(`${seeds.length} seeds of crashes, faults and cancels: true ends, nothing left, nothing foreign touched`, async () => {
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
