import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.ts';

describe('ManualClock', () => {
  it('stands still until it is moved', async () => {
    const clock = new ManualClock(1000);
    let fired = false;
    clock.after(0, () => {
      fired = true;
    });
    await Promise.resolve();
    expect([clock.now(), clock.monotonicMs(), fired]).toEqual([1000, 1000, false]);
    await clock.advance(0);
    expect(fired).toBe(true);
  });

  it('fires timers in order of time, then of making, each at its own moment and once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -5, max: 100 })),
        fc.nat(120),
        async (delays, horizonMs) => {
          const clock = new ManualClock(0);
          const fired: { order: number; atMs: number }[] = [];
          delays.forEach((delay, order) => {
            clock.after(delay, () => fired.push({ order, atMs: clock.now() }));
          });
          await clock.advance(horizonMs);
          const expected = delays
            .map((delay, order) => ({ order, atMs: Math.max(0, delay) }))
            .filter(({ atMs }) => atMs <= horizonMs)
            .toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);
          expect(fired).toEqual(expected);
          expect(clock.now()).toBe(horizonMs);
          await clock.advance(0);
          expect(fired).toHaveLength(expected.length);
        },
      ),
    );
  });

  it('fires timers that timers make, within the same move', async () => {
    const clock = new ManualClock(0);
    const moments: number[] = [];
    const again = () => {
      moments.push(clock.now());
      if (moments.length < 4) clock.after(10, again);
    };
    clock.after(10, again);
    await clock.advance(35);
    expect(moments).toEqual([10, 20, 30]);
  });

  it('does not fire what was cancelled, and cancels twice without harm', async () => {
    const clock = new ManualClock();
    let fired = false;
    const timer = clock.after(5, () => {
      fired = true;
    });
    timer.cancel();
    timer.cancel();
    await clock.advance(10);
    expect(fired).toBe(false);
  });

  it('ends a sleep by time or by the reason of its signal', async () => {
    const clock = new ManualClock();
    const slept = clock.sleep(10).then(() => 'slept');
    const controller = new AbortController();
    const ended = clock.sleep(10, controller.signal).catch((reason: unknown) => reason);
    controller.abort('stop');
    expect(await ended).toBe('stop');
    await clock.advance(10);
    expect(await slept).toBe('slept');
    await expect(clock.sleep(1, controller.signal)).rejects.toBe('stop');
  });
});
