import { isoTime, jobDefaults } from '@leeward/core';
import { backupFlows } from '@leeward/engine/backup/backup-run';
import type { FlowEngine } from '@leeward/engine/flow/flow-engine';
import { type SimulatedProcess, simulate } from '@leeward/engine/flow/memory/simulation';
import { proxyQueue } from '@leeward/engine/proxy/read-vm';
import type { RunScript } from '@leeward/engine/scripts/run-script';
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

const seeds = seedsToSimulate(100);
const sideBySide = 4;
const vms = ['a', 'b', 'c'];

let databases: SimulatedStores;

beforeAll(async () => {
  databases = await openSimulatedStores(sideBySide);
});
afterAll(() => databases?.close());

/** One script that was begun: which, told what, and how many VMware snapshots of the run there were then. */
interface Begun {
  readonly phase: string;
  readonly state: string;
  readonly isTouched: boolean;
}

async function register({ store }: SimulatedStore) {
  await registerFakeWorld(store);
  await store.jobs.add({
    ...{ ...jobDefaults, id: 'job', name: 'nightly', vms, repositoryId: 'r' },
    ...{ preScript: '/pre', postScript: '/post' },
  });
}

/** One run with scripts that take time and fail now and then, crashes and perhaps a cancel. */
async function runSeed(database: SimulatedStore, seed: number) {
  const { store } = database;
  await database.empty();
  await register(database);
  const random = new SeededRandomness(seed * 7_919);
  const failing = { pre: random.fraction() < 0.25, post: random.fraction() < 0.25 };
  const cancelAfterMs = random.fraction() < 0.4 ? random.fraction() * 90_000 : undefined;
  let clockNow = () => 0;
  const world = new FakeWorld({ randomness: random, faultRate: 0, now: () => clockNow() });
  const untouched = JSON.stringify(world.foreignObjects());
  const begun: Begun[] = [];
  const outside = (process: SimulatedProcess) => ({
    run: async ({ environment, path }: Parameters<RunScript>[0]) => {
      const { LEEWARD_PHASE: phase = '', LEEWARD_STATE: state = '' } = environment;
      expect([environment['LEEWARD_JOB'], environment['LEEWARD_RUN'], path]).toEqual([
        'nightly',
        'run',
        `/${phase}`,
      ]);
      const isTouched =
        world.storageSnapshots().length > 0 || world.vcenter.snapshotsNamed('leeward_').length > 0;
      begun.push({ phase, state, isTouched });
      await process.clock.sleep(random.fraction() * 20_000);
      return failing[phase as 'pre' | 'post']
        ? { failure: 'it ended with code 1', output: 'o' }
        : { output: 'o' };
    },
  });
  let client: FlowEngine | undefined;
  const processes = [
    {
      name: 'server',
      queues: [],
      defaultQueue: 'server',
      flows: (process: SimulatedProcess) => {
        const scripts = process.link(outside(process));
        const deps = {
          store: database.seenBy(process),
          doors: doorsSeenBy(process, world),
          clock: process.clock,
          randomness: process.randomness,
          runScript: scripts.run as RunScript,
        };
        const { run, lane } = backupFlows(deps);
        return [run, lane];
      },
    },
    {
      name: 'proxy',
      queues: [proxyQueue('p')],
      defaultQueue: 'proxy-own',
      flows: (process: SimulatedProcess) => {
        const seen = process.link({ read: world.read.bind(world) });
        const reader = { read: seen.read, committed: world.committed };
        return [fakeReader(reader, process.clock, process.randomness, () => 0)];
      },
    },
  ];
  const { trace } = await simulate({
    ...{ seed, processes, idle: database.idle },
    crashes: Math.floor(random.fraction() * 6),
    async begin(engine, clock) {
      client = engine;
      const startMs = clock.now();
      clockNow = () => clock.now() - startMs;
      await store.proxies.seen('p', isoTime(clock.now() + 30 * 86_400_000));
      const startedAt = isoTime(clock.now());
      await store.runs.add({ id: 'run', jobId: 'job', kind: 'backup', startedAt });
      await engine.start({ name: 'backup-run' }, 'run', { runId: 'run' }, { queue: 'server' });
      if (cancelAfterMs !== undefined) clock.after(cancelAfterMs, () => void client?.requestCancel('run'));
    },
  });
  const isUntouched = JSON.stringify(world.foreignObjects()) === untouched;
  return { begun, failing, trace, world, isUntouched };
}

async function proveSeed(
  database: SimulatedStore,
  seed: number,
): Promise<{ state: RunState; again: boolean }> {
  const { begun, failing, trace, world, isUntouched } = await runSeed(database, seed);
  const { store } = database;
  const run = await store.runs.get('run');
  const pre = begun.filter(({ phase }) => phase === 'pre');
  const post = begun.filter(({ phase }) => phase === 'post');
  if (onlySeed !== undefined) console.log(trace.join('\n'), begun, run);
  const codes = (await store.runLog.events('run')).map(({ report }) => report.code);
  const expectAll = (what: Readonly<Record<string, unknown>>, expected: object) =>
    expect({ seed, ...what }).toEqual({ seed, ...expected });
  // A cancel may come before the flow begins: then nothing was done at all.
  const isBegun = begun.length > 0;
  const states = [...new Set(post.map(({ state }) => state))];
  expectAll(
    {
      isEnded: endedRunStates.includes(run.state),
      leftovers: world.leftovers(),
      isUntouched,
      damage: world.damage,
    },
    { isEnded: true, leftovers: [], isUntouched: true, damage: [] },
  );
  if (!isBegun) expectAll({ state: run.state }, { state: 'cancelled' });
  else {
    // Before anything is made, and after everything is gone but the chains; told the true end each time.
    expectAll({ touched: pre.filter(({ isTouched }) => isTouched) }, { touched: [] });
    expectAll({ states }, { states: [run.state] });
    expectAll({ warned: codes.includes('L-RUN-120') }, { warned: failing.post });
  }
  const points = await store.points.list();
  if (failing.pre) {
    expectAll(
      { points, snapshots: world.storageSnapshots(), code: run.problem?.code },
      { points: [], snapshots: [], code: run.state === 'cancelled' ? 'L-RUN-102' : 'L-RUN-119' },
    );
  } else if (run.state !== 'cancelled')
    expectAll({ state: run.state, points: points.length }, { state: 'success', points: vms.length });
  return { state: run.state, again: post.length > 1 || pre.length > 1 };
}

test(`${seeds.length} seeds of crashes, cancels and failing scripts: before anything, and at every end`, async () => {
  const seen = new Map<string, number>();
  const left = [...seeds];
  await Promise.all(
    databases.stores.map(async (database) => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
        const { state, again } = await proveSeed(database, seed);
        for (const what of [state, ...(again ? ['again'] : [])]) seen.set(what, (seen.get(what) ?? 0) + 1);
      }
    }),
  );
  console.log(`simulated runs with scripts: ${JSON.stringify(Object.fromEntries(seen))}`);
  if (seeds.length < 50) return;
  for (const what of ['success', 'failed', 'cancelled', 'again'])
    expect(seen.get(what), what).toBeGreaterThan(0);
}, 900_000);
