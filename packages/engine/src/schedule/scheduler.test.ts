import { type Job, jobDefaults, LeewardError } from '@leeward/core';
import { ManualClock, SeededRandomness } from '@leeward/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryEngine } from '../flow/memory/memory-engine.ts';
import { startRun } from '../services/start-run.ts';
import { jobSchema } from '../store/jobs.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { scheduledStartFlow, scheduledStartId } from './scheduled-start.ts';
import { Scheduler } from './scheduler.ts';

let opened: StoreOfTests;
beforeAll(async () => {
  opened = await openStoreOfTests();
});
afterAll(() => opened?.close());

const due = '2026-11-26T22:00:00.000Z';
const schedule = {
  cron: '0 22 * * *',
  timeZone: 'UTC',
  enabled: true,
  catchUpMs: 4 * 3_600_000,
  since: '2026-11-26T00:00:00.000Z',
};

let number = 0;
let job: Job;
beforeEach(async () => {
  number += 1;
  const id = `job-${number}`;
  job = jobSchema.parse({ ...jobDefaults, id, name: id, vms: ['web'], snapshotOnly: true, schedule });
  for (const { id: other } of await opened.store.jobs.list()) await opened.store.jobs.remove(other);
  await opened.store.jobs.add(job);
});

/** A server whose runs are only noted. */
async function server(clock: ManualClock, failures: Error[] = []) {
  const { store } = opened;
  const backup = { store, clock, randomness: new SeededRandomness(number) };
  const engine = new MemoryEngine({ clock });
  const runFlow = { name: 'backup-run', run: async () => 'success' as const };
  const nothing = async () => undefined;
  const deps = {
    ...{ backup, engine, runFlow },
    ...{ proxies: { proveMissing: nothing }, repositories: { tidy: async () => ({}) as never } },
  };
  const flow = scheduledStartFlow({
    backup,
    start: async (...given) => {
      const failure = failures.shift();
      if (failure) throw failure;
      return startRun(deps, ...given);
    },
  });
  engine.register(runFlow, flow);
  await engine.launch();
  const scheduler = new Scheduler({ backup, engine, flow });
  const look = async (times = 1) => {
    for (let time = 0; time < times; time++) await scheduler.look();
  };
  return { engine, look, store };
}

/** What became of the times of the job, and its runs. */
async function seen() {
  const { scheduleTimes, runs } = opened.store;
  const times = await scheduleTimes.list(job.id, 100);
  const all = await runs.page({ jobId: job.id }, 100);
  return { times, runs: all };
}

describe('jobs with a schedule', () => {
  it('are started once for a time, however often and by however many servers is looked', async () => {
    const clock = new ManualClock(Date.parse(due) - 1);
    const { look, engine } = await server(clock);
    await look(3);
    expect(await seen()).toEqual({ times: [], runs: [] });
    await clock.advance(1);
    await look(3);
    await engine.wait(scheduledStartId(job.id, due));
    await look(3);
    const { times, runs } = await seen();
    expect(times).toMatchObject([{ dueAt: due, outcome: 'started', times: 1, runId: runs[0]?.id }]);
    expect(runs).toMatchObject([{ startedBy: { kind: 'schedule', dueAt: due } }]);
    await engine.shutdown();
  });

  it('are started once where the server dies after starting the flow and before writing it down', async () => {
    const clock = new ManualClock(Date.parse(due));
    const first = await server(clock);
    const { begin } = first.store.scheduleTimes;
    first.store.scheduleTimes.begin = async () => {
      throw new Error('dead');
    };
    await expect(first.look()).rejects.toThrow('dead');
    first.store.scheduleTimes.begin = begin;
    await first.look(2);
    await first.engine.wait(scheduledStartId(job.id, due));
    expect((await seen()).runs).toHaveLength(1);
    await first.engine.shutdown();
  });

  it('skip a time while their run is under way, and say so on that run', async () => {
    const { runs, runLog } = opened.store;
    const running = `busy-${number}`;
    await runs.add({ id: running, jobId: job.id, kind: 'backup', startedAt: schedule.since });
    const clock = new ManualClock(Date.parse(due));
    const { look, engine } = await server(clock);
    await look();
    await engine.wait(scheduledStartId(job.id, due));
    const { times } = await seen();
    expect(times).toMatchObject([{ outcome: 'skipped', runId: running, report: { code: 'L-SCH-101' } }]);
    expect((await runLog.events(running)).map(({ report }) => report.code)).toEqual(['L-SCH-101']);
    expect(await opened.store.scheduleTimes.untold()).toHaveLength(1);
    await opened.store.scheduleTimes.markTold({ jobId: job.id, dueAt: due });
    expect(await opened.store.scheduleTimes.untold()).toEqual([]);
    await engine.shutdown();
  });

  it('make up once for what was missed, where that is not too long ago', async () => {
    const clock = new ManualClock(Date.parse(due) + 3 * 86_400_000 + 3_600_000);
    const { look, engine } = await server(clock);
    await look(2);
    const newest = '2026-11-29T22:00:00.000Z';
    await engine.wait(scheduledStartId(job.id, newest));
    const { times, runs } = await seen();
    expect(times).toMatchObject([{ dueAt: newest, outcome: 'started', times: 4 }]);
    expect(runs).toMatchObject([{ startedBy: { kind: 'schedule', dueAt: newest, catchUp: true } }]);
    const events = await opened.store.runLog.events(runs[0]?.id ?? '');
    expect(events.map(({ report }) => report.code)).toEqual(['L-SCH-103']);
    await engine.shutdown();
  });

  it('say what was missed and is too long ago, and go on with the next time', async () => {
    const clock = new ManualClock(Date.parse(due) + 5 * 3_600_000);
    const { look, engine } = await server(clock);
    await look(2);
    const { times, runs } = await seen();
    expect(times).toMatchObject([{ dueAt: due, outcome: 'missed', report: { code: 'L-SCH-102' } }]);
    expect(runs).toEqual([]);
    await clock.advance(19 * 3_600_000);
    await look();
    await engine.wait(scheduledStartId(job.id, '2026-11-27T22:00:00.000Z'));
    expect((await seen()).runs).toHaveLength(1);
    await engine.shutdown();
  });

  it('a start that cannot be is said with its reason; what passes is tried again', async () => {
    const clock = new ManualClock(Date.parse(due));
    const refused = new LeewardError('L-CFG-114', { id: 'repository/r' });
    const { look, engine } = await server(clock, [refused]);
    await look();
    await engine.wait(scheduledStartId(job.id, due));
    expect((await seen()).times).toMatchObject([
      { outcome: 'failed', report: { code: 'L-SCH-107', what: expect.stringContaining('repository/r') } },
    ]);
    await engine.shutdown();
  });

  it('a schedule that was switched off, or a job that was removed, starts nothing', async () => {
    const clock = new ManualClock(Date.parse(due));
    const { look, engine, store } = await server(clock);
    await store.jobs.update({ ...job, schedule: { ...schedule, enabled: false } });
    await look();
    await store.jobs.remove(job.id);
    await look();
    expect(await engine.list({ name: 'scheduled-start' })).toEqual([]);
    await engine.shutdown();
  });
});
