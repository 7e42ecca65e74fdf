import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FlowEngine, FlowInfo } from '../flow-engine.ts';
import {
  cancellable,
  failing,
  family,
  hardDetails,
  impatient,
  linear,
  member,
  reading,
  reporter,
  sideBySide,
  sleeper,
  starter,
  undetermined,
} from './contract-flows.ts';

/** What a kind of engine has to offer to be judged. */
export interface ContractHarness {
  /** Of a process that starts flows and runs none. */
  readonly engine: FlowEngine;
  /** Starts, or starts again, a process with the flows of `contractFlows`. */
  startProcess(name: string, queues: readonly string[]): Promise<ContractProcess>;
  /** All that flows did so far, as `<what> @<process>`. */
  marks(): Promise<string[]>;
  open(gate: string): Promise<void>;
  /** Lets time pass until the condition holds; fails after a minute. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Lets time pass. */
  pass(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface ContractProcess {
  /** As `kill -9`. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** In order. */
  stop(): Promise<void>;
}

/** The contract of `FlowEngine` and `FlowContext`. Every implementation runs it. */
export function flowEngineContract(name: string, open: () => Promise<ContractHarness>): void {
  describe(`${name} keeps the contract of flow engines`, () => {
    let harness: ContractHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const work = { queue: 'work' };
    const count = async (mark: string) =>
      (await harness.marks()).filter((line) => line.startsWith(mark)).length;
    const until = (mark: string, times = 1) => harness.until(async () => (await count(mark)) >= times);
    const end = async (id: string): Promise<FlowInfo> => {
      let info: FlowInfo | undefined;
      await harness.until(async () => {
        info = await harness.engine.get(id);
        return info?.endedAt !== undefined;
      });
      if (!info) throw new Error(`there is no flow ${id}`);
      return info;
    };

    test('a killed process: another one goes on, without repeating what was done', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(linear, 'run', 'hello', work);
      await until('run second begun @a');
      expect((await harness.engine.get('run'))?.state).toBe('running');
      await a.kill();
      await harness.startProcess('b', ['work']);
      await until('run second begun @b');
      await harness.open('run go');
      expect(await end('run')).toMatchObject({ state: 'success', result: 'hello said,list 2 true' });
      expect(await count('run first')).toBe(1);
      expect(await count('run second ended')).toBe(1);
      expect(await count('run third @b')).toBe(1);
    });

    test('a killed process goes on itself when it is started again', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(linear, 'run', 'again', work);
      await until('run second begun');
      await a.kill();
      await harness.startProcess('a', ['work']);
      await until('run second begun', 2);
      await harness.open('run go');
      expect(await end('run')).toMatchObject({ state: 'success', result: 'again said,list 2 true' });
      expect(await count('run first')).toBe(1);
    });

    test('a process that is stopped in order leaves its flows to the next', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(reading, 'run', '', work);
      await until('run read begun @a');
      await a.stop();
      expect(await count('run deleted')).toBe(0);
      await harness.startProcess('b', ['work']);
      await until('run read begun @b');
      await harness.open('run go');
      expect(await end('run')).toMatchObject({ state: 'success' });
      expect(await harness.marks()).toEqual([
        'run created @a',
        'run read begun @a',
        'run read begun @b',
        'run read ended @b',
        'run deleted @b',
      ]);
    });

    test('a frozen process that wakes after a takeover touches nothing', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(reading, 'run', '', work);
      await until('run read begun @a');
      a.freeze();
      const b = await harness.startProcess('b', ['work']);
      await until('run read begun @b');
      await harness.open('run go-a');
      a.thaw();
      await harness.pass(3_000);
      expect(await count('run deleted')).toBe(0);
      expect(await count('run read ended @a')).toBe(0);
      await harness.open('run go');
      expect(await end('run')).toMatchObject({ state: 'success', result: 'read' });
      expect(await count('run deleted @b')).toBe(1);
      expect(await count('run deleted')).toBe(1);
      await b.stop();
    });

    test('a frozen process whose gate opened while it was frozen touches nothing either', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(reading, 'run', '', work);
      await until('run read begun @a');
      a.freeze();
      await harness.startProcess('b', ['work']);
      await until('run read begun @b');
      await harness.open('run go');
      expect(await end('run')).toMatchObject({ state: 'success' });
      a.thaw();
      await harness.pass(3_000);
      expect(await count('run read ended')).toBe(1);
      expect(await count('run deleted')).toBe(1);
    });

    test('cancelling lets the flow clean up, also a second time after a death', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(cancellable, 'run', '', work);
      await until('run waits false');
      await a.kill();
      await harness.engine.requestCancel('run');
      expect((await harness.engine.get('run'))?.cancelRequested).toBe(true);
      await harness.startProcess('a', ['work']);
      const info = await end('run');
      expect(info).toMatchObject({ state: 'cancelled', error: { code: 'L-RUN-102' } });
      expect(await count('run created')).toBe(1);
      expect(await count('run deleted')).toBe(1);
      expect((await harness.engine.list({ states: ['cancelled'] })).map((flow) => flow.id)).toEqual(['run']);
      expect(await harness.engine.list({ states: ['error'] })).toEqual([]);
    });

    test('cancelling stops a running step at once', async () => {
      await harness.startProcess('a', ['work']);
      await harness.engine.start(cancellable, 'run', '', work);
      await until('run waits false');
      await harness.engine.requestCancel('run');
      expect(await end('run')).toMatchObject({ state: 'cancelled' });
      expect(await count('run deleted')).toBe(1);
    });

    test('what is queued and cancelled never begins', async () => {
      await harness.engine.start(cancellable, 'run', '', work);
      await harness.engine.requestCancel('run');
      expect(await end('run')).toMatchObject({ state: 'cancelled' });
      await harness.startProcess('a', ['work']);
      await harness.pass(1_500);
      expect(await harness.marks()).toEqual([]);
    });

    test('children run where their queue is served, at most so many at a time, in the order of ends', async () => {
      await harness.startProcess('a', ['work']);
      await harness.startProcess('b', ['far']);
      const input = { queue: 'far', ids: ['one', 'two', 'bad', 'four'], limit: 2 };
      await harness.engine.start(family, 'run', input, work);
      await until('run/two begun @b');
      await harness.pass(1_000);
      expect(await count('run/')).toBe(2);
      await harness.open('run/two go');
      await until('run/bad begun @b');
      expect(await count('run/four')).toBe(0);
      for (const id of ['bad', 'four', 'one']) await harness.open(`run/${id} go`);
      const info = await end('run');
      expect(info.result).toEqual(['one of run', 'two of run', 'L-RUN-101', 'four of run']);
      const ids = (await harness.engine.list({ runId: 'run' })).map((flow) => flow.id).sort();
      expect(ids).toEqual(['run', 'run/bad', 'run/four', 'run/one', 'run/two']);
    });

    test('a parent that dies finds its children again; cancelling it reaches them', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.startProcess('b', ['far']);
      await harness.engine.start(
        family,
        'run',
        { queue: 'far', ids: ['one', 'two', 'three'], limit: 2 },
        work,
      );
      await until('run/two begun');
      await harness.open('run/one go');
      await until('run/three begun');
      await a.kill();
      await harness.startProcess('a', ['work']);
      await harness.open('run/two go');
      await until('run/two ended');
      await harness.engine.requestCancel('run');
      const info = await end('run');
      expect(info.result).toEqual(['one of run', 'two of run', 'L-RUN-102']);
      expect(await count('run/one begun')).toBe(1);
      expect((await harness.engine.get('run/three'))?.state).toBe('cancelled');
    });

    test('a child that ends in time is waited for, one that is late is cancelled', async () => {
      await harness.startProcess('a', ['work']);
      await harness.startProcess('b', ['far']);
      await harness.open('in-time/one go');
      await harness.engine.start(impatient, 'in-time', { queue: 'far', patienceMs: 60_000 }, work);
      expect((await end('in-time')).result).toBe('one of in-time');
      await harness.engine.start(impatient, 'late', { queue: 'far', patienceMs: 100 }, work);
      await until('late impatient');
      expect((await end('late')).result).toBe('true L-RUN-102');
      expect(await count('late/one begun')).toBe(1);
      expect(await count('late/one ended')).toBe(0);
      // Nobody serves its queue: it ends all the same.
      await harness.engine.start(impatient, 'alone', { queue: 'nowhere', patienceMs: 100 }, work);
      expect((await end('alone')).result).toBe('true L-RUN-102');
    });

    test('a child of a killed proxy waits for that proxy', async () => {
      await harness.startProcess('a', ['work']);
      const b = await harness.startProcess('b', ['far']);
      await harness.engine.start(family, 'run', { queue: 'far', ids: ['one'], limit: 1 }, work);
      await until('run/one begun @b');
      await b.kill();
      await harness.open('run/one go');
      await harness.pass(3_000);
      expect(await count('run/one ended')).toBe(0);
      await harness.startProcess('b', ['far']);
      expect((await end('run')).result).toEqual(['one of run']);
      expect(await count('run/one ended')).toBe(1);
    });

    test('a sleep over a death ends when it would have ended', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(sleeper, 'run', 6_000, work);
      await until('run sleeps');
      await harness.pass(700);
      await a.kill();
      await harness.startProcess('a', ['work']);
      const slept = Number((await end('run')).result);
      expect(slept).toBeGreaterThanOrEqual(6_000);
      expect(slept).toBeLessThan(11_500);
      expect(await count('run sleeps')).toBe(1);
    });

    test('progress: the latest is seen, while it runs and at the end', async () => {
      await harness.startProcess('a', ['work']);
      await harness.engine.start(reporter, 'run', '', work);
      const progress = async () => JSON.stringify((await harness.engine.get('run'))?.progress);
      await harness.until(async () => (await progress()) === '{"done":1000}');
      await harness.open('run go');
      await end('run');
      expect(await progress()).toBe('{"done":"all"}');
    });

    test('errors, retries and bounds are recorded: a replay sees the same', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(failing, 'run', '', work);
      await harness.engine.start(failing, 'bad', 'fail', work);
      await harness.pass(3_000);
      await a.kill();
      await harness.startProcess('a', ['work']);
      await harness.open('run go');
      await harness.open('bad go');
      expect((await end('run')).result).toBe('3, L-RUN-101 7, L-RUN-101, L-RUN-103');
      expect(await end('bad')).toMatchObject({
        state: 'error',
        error: { code: 'L-RUN-101', details: { wait: 'the end', ...hardDetails } },
      });
    });

    test('a flow that does something else in a replay is stopped', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(undetermined, 'run', '', work);
      await until('run begun @a');
      await harness.pass(1_000);
      await a.kill();
      await harness.startProcess('b', ['work']);
      expect(await end('run')).toMatchObject({ state: 'error', error: { code: 'L-RUN-103' } });
      expect(await count('run begun')).toBe(1);
    });

    test('steps side by side keep their order and their limit', async () => {
      const a = await harness.startProcess('a', ['work']);
      await harness.engine.start(sideBySide, 'run', 10, work);
      await until('run part 1 begun');
      await harness.open('run part 1');
      await until('run part 2 begun');
      expect(await count('run part 3')).toBe(0);
      await harness.pass(500);
      await a.kill();
      for (const at of [0, 2, 3]) await harness.open(`run part ${at}`);
      await harness.startProcess('a', ['work']);
      expect((await end('run')).result).toEqual([0, 10, 20, 30]);
      expect(await count('run part 1')).toBe(1);
    });

    test('a start is idempotent, whatever became of the flow', async () => {
      await harness.startProcess('a', ['work']);
      await harness.engine.start(member, 'run', 'x', work);
      await harness.engine.start(member, 'run', 'y', work);
      await harness.open('run go');
      await end('run');
      await harness.engine.start(member, 'run', 'z', work);
      await harness.pass(1_000);
      expect((await harness.engine.get('run'))?.result).toBe('x of run');
      expect(await count('run begun')).toBe(1);
      expect(await harness.engine.get('nobody')).toBeUndefined();
      await expect(harness.engine.start(member, 'a/b', 'x', work)).rejects.toThrow('cannot be the id');
      await expect(harness.engine.wait('nobody')).rejects.toThrow('no flow nobody');
    });

    test('inside of a flow nothing is started but children', async () => {
      await harness.startProcess('a', ['work']);
      await harness.engine.start(starter, 'run', null, work);
      const refusal = (id: string) => expect.stringContaining(`flow ${id} was started inside of a flow`);
      expect((await end('run')).result).toEqual(['of-body', 'of-step', 'of-steps'].map(refusal));
      expect((await harness.engine.list()).map(({ id }) => id)).toEqual(['run']);
    });

    test('limits of queues and priorities hold', async () => {
      await harness.engine.setQueue('work', { globalConcurrency: 1 });
      for (const [id, priority] of [
        ['low', 9],
        ['high', 1],
        ['middle', 5],
      ] as const)
        await harness.engine.start(member, id, id, { queue: 'work', priority });
      await harness.startProcess('a', ['work']);
      await until('high begun');
      await harness.pass(1_500);
      expect(await harness.marks()).toEqual(['high begun @a']);
      expect((await harness.engine.list({ states: ['queued'] })).length).toBe(2);
      for (const id of ['high', 'middle', 'low']) await harness.open(`${id} go`);
      await end('low');
      const begun = (await harness.marks()).filter((mark) => mark.includes('begun'));
      expect(begun).toEqual(['high begun @a', 'middle begun @a', 'low begun @a']);
    });

    test('limits of partitions hold, and a limit may change while flows wait', async () => {
      await harness.engine.setQueue('work', { partitionConcurrency: 1 });
      for (const [id, partition] of [
        ['a1', 'a'],
        ['a2', 'a'],
        ['b1', 'b'],
      ] as const)
        await harness.engine.start(member, id, id, { queue: 'work', partition });
      await harness.startProcess('p', ['work']);
      await until('a1 begun');
      await until('b1 begun');
      await harness.pass(1_500);
      expect(await count('a2')).toBe(0);
      await harness.engine.setQueue('work', { partitionConcurrency: 2 });
      await until('a2 begun');
    });
  });
}
