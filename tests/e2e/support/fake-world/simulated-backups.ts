import { isoTime, type Job, jobDefaults, type Randomness } from '@leeward/core';
import { backupFlows } from '@leeward/engine/backup/backup-run';
import { standardQueue } from '@leeward/engine/backup/standard-queue';
import type { FlowEngine } from '@leeward/engine/flow/flow-engine';
import { type SimulatedProcess, simulate } from '@leeward/engine/flow/memory/simulation';
import { janitorFlow } from '@leeward/engine/janitor/janitor';
import { proxyQueue } from '@leeward/engine/proxy/read-vm';
import { endedRunStates } from '@leeward/engine/store/runs';
import { arraysOf } from './fake-cascade.ts';
import { fakeReader } from './fake-reader.ts';
import { FakeWorld, type FakeWorldOptions } from './fake-world.ts';
import { doorsSeenBy, registerFakeWorld } from './simulated-site.ts';
import type { SimulatedStore } from './simulated-store.ts';

export interface SimulatedBackups {
  readonly seed: number;
  readonly randomness: Randomness;
  /** How often calls fail. */
  readonly faultRate: number;
  readonly crashes: number;
  readonly cancelAfterMs: number | undefined;
  /** When the other side of the synchronous pair is away, on the clock of all runs. */
  readonly pairLost?: FakeWorldOptions['pairLost'];
  readonly cascades?: FakeWorldOptions['cascades'];
  readonly job: Partial<Job> & Pick<Job, 'vms'>;
}

/** A fake world with everything registered, the job `job`, and its runs on processes that die. */
export async function simulateBackups(database: SimulatedStore, options: SimulatedBackups) {
  const { store } = database;
  const { seed, randomness, faultRate, crashes, cancelAfterMs, pairLost, cascades } = options;
  await database.empty();
  await registerFakeWorld(store, arraysOf(cascades));
  const place = options.job.snapshotOnly ? {} : { repositoryId: 'r' };
  await store.jobs.add({ ...jobDefaults, id: 'job', name: 'nightly', ...place, ...options.job });
  let clockNow = () => 0;
  const world = new FakeWorld({
    ...{ randomness, faultRate, now: () => clockNow() },
    ...(pairLost ? { pairLost } : {}),
    ...(cascades ? { cascades } : {}),
  });
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
      seed: seed * 10 + Number.parseInt(runId.at(-1) ?? '0', 16),
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
export async function problemsOf(
  { store }: SimulatedStore,
  world: FakeWorld,
  foreign: object,
  runId: string,
): Promise<string[]> {
  const run = await store.runs.get(runId);
  const vms = await store.runVms.list(runId);
  const listed = await store.points.list();
  const points = new Set(listed.map(({ id }) => id));
  const { snapshotOnly, ...job } = await store.jobs.get('job');
  const quiesce = job.quiesce !== 'off';
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
    ...(snapshotOnly ? successes : [])
      .filter(({ facts }) => !facts.storageSnapshots?.length || facts.consistency === undefined)
      .map(({ name }) => `nothing says which storage snapshots hold VM ${name}`),
    ...(snapshotOnly && points.size + world.committed.size > 0 ? ['a point was made'] : []),
    ...(snapshotOnly ? [] : successes)
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
