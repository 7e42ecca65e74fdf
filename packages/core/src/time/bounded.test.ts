import { getEventListeners } from 'node:events';
import { ManualClock } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeewardError } from '../errors/leeward-error.ts';
import { bounded } from './bounded.ts';

/** Settles as told, or never; tells whether it was asked to stop. */
function work(clock: ManualClock, endsAfterMs: number) {
  const state = { aborted: false };
  const run = async (signal: AbortSignal): Promise<string> => {
    signal.addEventListener('abort', () => {
      state.aborted = true;
    });
    await clock.sleep(endsAfterMs, signal);
    return 'done';
  };
  return { state, run };
}

const settle = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );

describe('bounded', () => {
  it('gives the result, and leaves no timer behind', async () => {
    const clock = new ManualClock();
    const { run, state } = work(clock, 10);
    const result = settle(bounded(clock, { name: 'x', timeoutMs: 100 }, run));
    await clock.advance(10);
    expect(await result).toEqual({ value: 'done' });
    await clock.advance(1000);
    expect(state.aborted).toBe(false);
  });

  it('ends at the bound with its name, and tells the work to stop', async () => {
    const clock = new ManualClock();
    const { run, state } = work(clock, Number.POSITIVE_INFINITY);
    const result = settle(bounded(clock, { name: 'the array', timeoutMs: 100 }, run));
    await clock.advance(99);
    expect(state.aborted).toBe(false);
    await clock.advance(1);
    expect(await result).toMatchObject({ error: { code: 'L-RUN-101', details: { wait: 'the array' } } });
    expect(state.aborted).toBe(true);
  });

  it('ends at the bound also when the work ignores its signal', async () => {
    const clock = new ManualClock();
    const result = settle(
      bounded(clock, { name: 'x', timeoutMs: 5 }, () => new Promise<never>(() => undefined)),
    );
    await clock.advance(5);
    expect(await result).toMatchObject({ error: { code: 'L-RUN-101' } });
  });

  it('ends with the reason of the caller, before and during the work', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const { run, state } = work(clock, 1000);
    const bound = { name: 'x', timeoutMs: 100, signal: controller.signal };
    const result = settle(bounded(clock, bound, run));
    await clock.advance(1);
    controller.abort(new LeewardError('L-RUN-102'));
    expect(await result).toMatchObject({ error: { code: 'L-RUN-102' } });
    expect(state.aborted).toBe(true);
    let started = false;
    const late = settle(
      bounded(clock, bound, async () => {
        started = true;
      }),
    );
    expect(await late).toMatchObject({ error: { code: 'L-RUN-102' } });
    expect(started).toBe(false);
  });

  it('hands on the error of the work, thrown at once or later, and leaves no listener behind', async () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    const failure = new Error('nope');
    const bound = { name: 'x', timeoutMs: 100, signal };
    expect(await settle(bounded(clock, bound, () => Promise.reject(failure)))).toEqual({ error: failure });
    const thrown = bounded(clock, bound, () => {
      throw failure;
    });
    expect(await settle(thrown)).toEqual({ error: failure });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends exactly when work, bound or caller is first', async () => {
    const moment = fc.integer({ min: 1, max: 50 });
    await fc.assert(
      fc.asyncProperty(moment, moment, moment, async (workMs, timeoutMs, abortMs) => {
        fc.pre(new Set([workMs, timeoutMs, abortMs]).size === 3);
        const clock = new ManualClock();
        const controller = new AbortController();
        const beganAtMs = clock.now();
        let tookMs = -1;
        const { run } = work(clock, workMs);
        const result = settle(bounded(clock, { name: 'x', timeoutMs, signal: controller.signal }, run)).then(
          (end) => {
            tookMs = clock.now() - beganAtMs;
            return end;
          },
        );
        clock.after(abortMs, () => controller.abort('by caller'));
        await clock.advance(100);
        const firstMs = Math.min(workMs, timeoutMs, abortMs);
        expect(tookMs).toBe(firstMs);
        const end = await result;
        if (firstMs === workMs) expect(end).toEqual({ value: 'done' });
        else if (firstMs === abortMs) expect(end).toEqual({ error: 'by caller' });
        else expect(end).toMatchObject({ error: { code: 'L-RUN-101' } });
      }),
    );
  });
});
