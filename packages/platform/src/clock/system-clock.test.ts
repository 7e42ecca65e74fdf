import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { systemClock } from './system-clock.ts';

it('never runs backwards and knows the time of day', async () => {
  const before = systemClock.monotonicMs();
  await systemClock.sleep(1);
  expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(before);
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
});

it('ends a sleep with the reason of its signal, before and during it', async () => {
  const controller = new AbortController();
  const asleep = systemClock.sleep(3_600_000, controller.signal);
  const reason = new Error('stop');
  controller.abort(reason);
  await expect(asleep).rejects.toBe(reason);
  await expect(systemClock.sleep(1, controller.signal)).rejects.toBe(reason);
});

it('leaves no listener on the signal of a sleep that ended', async () => {
  const { signal } = new AbortController();
  await systemClock.sleep(1, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('calls back once, unless cancelled', async () => {
  const calls: string[] = [];
  await new Promise<void>((resolve) => {
    systemClock.after(1, () => calls.push('cancelled')).cancel();
    systemClock.after(5, () => {
      calls.push('kept');
      resolve();
    });
    void systemClock.sleep(2000).then(resolve);
  });
  expect(calls).toEqual(['kept']);
});
