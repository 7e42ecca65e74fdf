import { type Job, jobDefaults, LeewardError } from '@leeward/core';
import { ManualClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryEngine } from '../flow/memory/memory-engine.ts';
import { startRun } from '../services/start-run.ts';
import { jobSchema } from '../store/jobs.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
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

const never = new AbortController().signal;

/** A server whose runs are only noted. */
async function server(clock: ManualClock, failures: Error[] = []) {
  const { store } = opened;
  const backup = { store, clock, randomness: systemRandomness };
  const engine = new MemoryEngine({ clock });
  const runFlow = { name: 'backup-run', run: async () => 'success' as const };
  const nothing = async () => undefined;
  const deps = {
    ...{ backup, engine, runFlow },
    ...{ proxies: { proveMissing: nothing }, repositories: { tidy: async () => ({}) as never } },
  };
  engine.register(runFlow);
  await engine.launch();
  const scheduler = new Scheduler({
    backup,
    start: async (...given) => {
      const failure = failures.shift();
      if (failure) throw failure;
      return startRun(deps, ...given);
    },
  });
  const look = async (times = 1) => {
    for (let time = 0; time < times; time++) {
      await scheduler.look(never);
      await scheduler.settled();
    }
  };
  return { engine, look, store, scheduler };
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
    await look(3);
    const { times, runs } = await seen();
    expect(times).toMatchObject([{ dueAt: due, outcome: 'started', times: 1, runId: runs[0]?.id }]);
    expect(runs).toMatchObject([{ startedBy: { kind: 'schedule', dueAt: due } }]);
    await engine.shutdown();
  });

  it('are started once by several servers that look at the same moment', async () => {
    const clock = new ManualClock(Date.parse(due));
    const servers = await Promise.all([server(clock), server(clock), server(clock)]);
    await Promise.all(servers.map(({ look }) => look(2)));
    const { times, runs } = await seen();
    expect(runs).toMatchObject([{ id: times[0]?.runId }]);
    expect(times).toMatchObject([{ outcome: 'started' }]);
    await Promise.all(servers.map(({ engine }) => engine.shutdown()));
  });

  it('are started once where the server dies in the middle: before, while and after the run is noted', async () => {
    for (const moment of ['begin', 'add', 'put'] as const) {
      await opened.store.jobs.remove(job.id);
      job = { ...job, id: `${job.id}-${moment}`, name: `${job.name}-${moment}` };
      await opened.store.jobs.add(job);
      const clock = new ManualClock(Date.parse(due));
      const first = await server(clock);
      const { scheduleTimes, runs } = first.store;
      const dead = async () => {
        throw new Error('dead');
      };
      const [begin, put, add] = [scheduleTimes.begin, scheduleTimes.put, runs.addUnlessRunning];
      const alive = { begin, put, addUnlessRunning: add };
      if (moment === 'begin')
        scheduleTimes.begin = async (time) => {
          await begin.call(scheduleTimes, time);
          throw new Error('dead');
        };
      if (moment === 'put') scheduleTimes.put = dead;
      if (moment === 'add')
        runs.addUnlessRunning = async (run) => {
          await add.call(runs, run);
          throw new LeewardError('L-CFG-114', { id: 'dead' });
        };
      if (moment === 'add') scheduleTimes.put = dead;
      await first.look().catch(() => undefined);
      Object.assign(scheduleTimes, { begin: alive.begin, put: alive.put });
      Object.assign(runs, { addUnlessRunning: alive.addUnlessRunning });
      await first.engine.shutdown();
      const second = await server(clock);
      await second.look(2);
      const { times, runs: all } = await seen();
      expect([moment, times]).toMatchObject([moment, [{ outcome: 'started', runId: all[0]?.id }]]);
      expect([moment, all.length, await second.engine.get(all[0]?.id ?? '')]).toMatchObject([
        ...[moment, 1],
        { name: 'backup-run' },
      ]);
      await second.engine.shutdown();
    }
  });

  it('skip a time while their run is under way, and say so on that run', async () => {
    const { runs, runLog } = opened.store;
    const running = `busy-${number}`;
    await runs.add({ id: running, jobId: job.id, kind: 'backup', startedAt: schedule.since });
    const clock = new ManualClock(Date.parse(due));
    const { look, engine } = await server(clock);
    await look();
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
    expect((await seen()).runs).toHaveLength(1);
    await engine.shutdown();
  });

  it('a start that cannot be is said with its reason; what passes is tried again', async () => {
    const clock = new ManualClock(Date.parse(due));
    const refused = new LeewardError('L-CFG-114', { id: 'repository/r' });
    const { look, engine } = await server(clock, [refused]);
    await look();
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
    expect(await engine.list()).toEqual([]);
    await engine.shutdown();
  });
});
