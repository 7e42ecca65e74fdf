import { isoTime, type Job, jobDefaults, LeewardError, type Schedule } from '@leeward/core';
import { ManualClock } from '@leeward/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunState } from '../store/runs.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { AutomaticRetries } from './automatic-retries.ts';

const minuteMs = 60_000;
let tests: StoreOfTests;
beforeAll(async () => {
  tests = await openStoreOfTests();
});
afterAll(() => tests.close());

describe('what a run by the schedule did not back up', () => {
  let clock: ManualClock;
  let jobId: string;
  let number = 0;
  let started: string[];
  let refusal: LeewardError | undefined;
  const automatic = () =>
    new AutomaticRetries({
      backup: { store: tests.store, clock },
      retries: {
        // As the service does: a run that makes up for that one, of a schedule.
        retryBySchedule: async (retryOf) => {
          if (refusal) throw refusal;
          const id = `${retryOf}+`;
          started.push(id);
          const startedBy = { kind: 'schedule', name: '' } as const;
          const run = {
            id,
            jobId,
            kind: 'backup',
            startedAt: isoTime(clock.now()),
            startedBy,
            retryOf,
          } as const;
          await tests.store.runs.add(run);
          return tests.store.runs.get(id);
        },
      },
    });
  const run = async (kind: 'schedule' | 'user' = 'schedule') => {
    const startedBy = { kind, name: '' };
    const id = `${jobId}-run`;
    await tests.store.runs.add({ id, jobId, kind: 'backup', startedAt: isoTime(clock.now()), startedBy });
    return id;
  };
  const end = async (id: string, state: RunState) => {
    await clock.advance(minuteMs);
    await tests.store.runs.end(id, state, isoTime(clock.now()));
  };
  const lookAfter = async (minutes: number) => {
    await clock.advance(minutes * minuteMs);
    await automatic().look();
    return started.splice(0);
  };
  const job = async (schedule: Partial<Schedule>) => {
    const whole: Schedule = {
      ...{ cron: '0 22 * * *', timeZone: 'UTC', enabled: true, catchUpMs: 3_600_000 },
      ...{ since: isoTime(0), retries: 2, retryWaitMs: 10 * minuteMs, ...schedule },
    };
    const made: Job = {
      ...jobDefaults,
      id: jobId,
      name: jobId,
      vms: ['a'],
      repositoryId: 'r',
      schedule: whole,
    };
    await tests.store.jobs.add(made);
  };
  beforeEach(async () => {
    for (const { id } of await tests.store.jobs.list()) await tests.store.jobs.remove(id);
    clock = new ManualClock(Date.parse('2026-11-26T22:00:00Z'));
    jobId = `j${++number}`;
    started = [];
    refusal = undefined;
  });

  it('is tried again after the wait, so often and no more', async () => {
    await job({});
    const first = await run();
    expect(await lookAfter(60)).toEqual([]);
    await end(first, 'partly');
    expect(await lookAfter(9)).toEqual([]);
    expect(await lookAfter(1)).toEqual([`${first}+`]);
    expect(await lookAfter(30)).toEqual([]);
    await end(`${first}+`, 'failed');
    expect(await lookAfter(10)).toEqual([`${first}++`]);
    await end(`${first}++`, 'failed');
    expect(await lookAfter(10)).toEqual([]);
  });

  it.each<[string, Partial<Schedule>, RunState, 'schedule' | 'user']>([
    ['it was cancelled', {}, 'cancelled', 'schedule'],
    ['all went well', {}, 'success', 'schedule'],
    ['a user had started it', {}, 'failed', 'user'],
    ['the schedule is switched off', { enabled: false }, 'failed', 'schedule'],
    ['the schedule says nothing of it', { retries: 0 }, 'failed', 'schedule'],
  ])('is left where %s', async (_, schedule, state, kind) => {
    await job(schedule);
    await end(await run(kind), state);
    expect(await lookAfter(15)).toEqual([]);
  });

  it('is left where no server ran for long; what cannot be retried is no trouble', async () => {
    await job({});
    const id = await run();
    await end(id, 'failed');
    refusal = new LeewardError('L-RUN-146', { run: id, reason: 'x' });
    expect(await lookAfter(15)).toEqual([]);
    refusal = undefined;
    expect(await lookAfter(56)).toEqual([]);
  });
});
