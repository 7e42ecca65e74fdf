import { LeewardError } from '@leeward/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withCleanup } from '../compensation.ts';
import type { FlowDefinition } from '../flow-definition.ts';
import { type SimulatedProcess, simulate } from './simulation.ts';

/** A world of named things that remembers which were in use when they were deleted. */
class Things {
  readonly there = new Map<string, { readers: Set<string> }>();
  readonly damage: string[] = [];
  readonly created: string[] = [];

  async create(name: string): Promise<void> {
    if (this.there.has(name)) return;
    this.there.set(name, { readers: new Set() });
    this.created.push(name);
  }

  async read(name: string, clock: SimulatedProcess['clock']): Promise<string> {
    const thing = this.there.get(name);
    if (!thing) {
      this.damage.push(`${name} was gone when it was to be read`);
      return 'nothing';
    }
    await clock.sleep(5_000);
    if (this.there.get(name) !== thing) this.damage.push(`${name} was deleted while it was read`);
    return name;
  }

  async remove(name: string): Promise<void> {
    this.there.delete(name);
  }
}

const retry = { attempts: 20, firstDelayMs: 100, maxDelayMs: 5_000 };

/** A flow that cleans up the usual way, which is wrong here: it does not ask whose the thing is now. */
const careless = (things: Things, process: SimulatedProcess): FlowDefinition<unknown, unknown> => ({
  name: 'job',
  async run(flow) {
    const world = process.link(things);
    await flow.step('create', { retry }, () => world.create('clone'));
    try {
      return await flow.step('read', { retry }, () => world.read('clone', process.clock));
    } finally {
      await world.remove('clone');
    }
  },
});

function flowsOf(things: Things, process: SimulatedProcess): FlowDefinition<unknown, unknown>[] {
  const world = process.link(things);
  const disk: FlowDefinition<unknown, string> = {
    name: 'disk',
    run: (flow, name) =>
      withCleanup(
        async (cleanup) => {
          const clone = `clone of ${String(name)}`;
          cleanup.always('remove', () =>
            flow.step('remove', { retry }, async () => {
              await flow.ensureOwned();
              await world.remove(clone);
            }),
          );
          await flow.step('create', { retry }, () => world.create(clone));
          return flow.step('read', { retry }, () => world.read(clone, process.clock));
        },
        (name, error) => {
          throw new Error(`${name}: ${String(error)}`);
        },
      ),
  };
  const job: FlowDefinition<unknown, unknown> = {
    name: 'job',
    async run(flow) {
      const items = ['a', 'b', 'c', 'd'].map((id) => ({ id, input: `${flow.flowId}-${id}` }));
      const outcomes = await flow.children(disk, items, { queue: 'disks', limit: 2 });
      await flow.sleep('rest', 1_000);
      return outcomes.map((outcome) => (outcome.ok ? outcome.result : String(outcome.error)));
    },
  };
  return [job, disk];
}

const simulated = async (seed: number, crashes: number, freezes: number) => {
  const things = new Things();
  const plan = (name: string, queues: string[]) => ({
    name,
    queues,
    defaultQueue: 'jobs',
    flows: (process: SimulatedProcess) => flowsOf(things, process),
  });
  const result = await simulate({
    seed,
    processes: [plan('server', ['disks']), plan('proxy', ['disks'])],
    begin: async (engine) => {
      for (const id of ['one', 'two']) await engine.start({ name: 'job' }, id, null, { queue: 'jobs' });
    },
    crashes,
    freezes,
    callFaults: {
      before: 0.05,
      after: 0.05,
      error: () => new LeewardError('L-RUN-101', { wait: 'the world', timeoutMs: 1 }),
    },
  });
  return { things, result };
};

test('whatever dies whenever: every flow ends well, nothing is left, nothing was lost', async () => {
  let crashes = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const { things, result } = await simulated(seed, 6, 0);
      crashes += result.crashes;
      const jobs = result.flows.filter((flow) => flow.name === 'job');
      for (const job of jobs)
        expect(job).toMatchObject({
          state: 'success',
          result: ['a', 'b', 'c', 'd'].map((id) => `clone of ${job.id}-${id}`),
        });
      expect(jobs.length).toBe(2);
      expect([...things.there.keys()]).toEqual([]);
      expect(things.damage).toEqual([]);
    }),
    { numRuns: 40 },
  );
  expect(crashes).toBeGreaterThan(40);
});

test('frozen processes that wake after a takeover: every flow still ends well', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const { result } = await simulated(seed, 1, 3);
      for (const flow of result.flows) expect(flow.state).toBe('success');
    }),
    { numRuns: 25 },
  );
});

test('the simulation finds what a careless flow destroys', async () => {
  let damaged = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const things = new Things();
    await simulate({
      seed,
      processes: [
        { name: 'a', queues: [], defaultQueue: 'jobs', flows: (process) => [careless(things, process)] },
        { name: 'b', queues: [], defaultQueue: 'jobs', flows: (process) => [careless(things, process)] },
      ],
      begin: (engine) => engine.start({ name: 'job' }, 'run', null, { queue: 'jobs' }),
      freezes: 1,
      faultRate: 0.3,
    });
    if (things.damage.length > 0) damaged++;
  }
  expect(damaged).toBeGreaterThan(0);
});

test('the same seed gives the same run', async () => {
  const once = await simulated(7, 4, 2);
  const again = await simulated(7, 4, 2);
  expect(again.result).toEqual(once.result);
  expect(once.result.crashes + once.result.freezes).toBeGreaterThan(0);
});

test('flows that are stuck are told with the trace', async () => {
  const stuck = simulate({
    seed: 1,
    horizonMs: 60_000,
    processes: [
      {
        name: 'server',
        queues: [],
        defaultQueue: 'jobs',
        flows: () => [
          { name: 'stuck', run: (flow) => flow.step('for ever', {}, () => new Promise(() => undefined)) },
        ],
      },
    ],
    begin: (engine) => engine.start({ name: 'stuck' }, 'run', null, { queue: 'jobs' }),
  });
  await expect(stuck).rejects.toThrow(/stuck[\s\S]*before step for ever/);
});
