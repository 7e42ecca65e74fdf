import { ManualClock } from '@leeward/platform';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Outages, type OutageTarget } from './outages.ts';

describe('outages', () => {
  let clock: ManualClock;
  let outages: Outages;
  let seen: [OutageTarget, boolean][];

  beforeEach(() => {
    clock = new ManualClock();
    outages = new Outages(clock);
    seen = [];
    outages.actWith(async (target, isUp) => void seen.push([target, isUp]));
  });

  it('end by themselves, and say how long they still last', async () => {
    outages.begin(1, undefined, 1_000);
    await clock.advance(400);
    expect([seen, outages.remainingMs(1), outages.isDown(undefined)]).toEqual([
      [[undefined, false]],
      600,
      true,
    ]);
    await clock.advance(600);
    expect(seen).toEqual([
      [undefined, false],
      [undefined, true],
    ]);
    expect([outages.remainingMs(1), outages.isDown(undefined)]).toEqual([undefined, false]);
  });

  it('that overlap end with the last one; another target is not touched', async () => {
    outages.begin(1, '127.0.0.1', 1_000);
    outages.begin(2, '127.0.0.1', 3_000);
    outages.begin(3, '127.0.0.2', 500);
    await clock.advance(2_000);
    expect(seen).toEqual([
      ['127.0.0.1', false],
      ['127.0.0.2', false],
      ['127.0.0.2', true],
    ]);
    await clock.advance(1_000);
    expect(seen.at(-1)).toEqual(['127.0.0.1', true]);
  });

  it('of one fault end before their time, and what was cut off is back then', async () => {
    outages.begin(1, undefined, 60_000);
    outages.begin(2, 'p', 60_000);
    await outages.stop(1);
    expect(seen).toEqual([
      [undefined, false],
      ['p', false],
      [undefined, true],
    ]);
    await outages.stop();
    expect(seen.at(-1)).toEqual(['p', true]);
    await clock.advance(60_000);
    expect(seen).toHaveLength(4);
  });

  it('whatever happens: told in turns, never twice the same, and up in the end', async () => {
    const step = fc.record({
      fault: fc.integer({ min: 1, max: 4 }),
      port: fc.constantFrom(undefined, 'a', 'b'),
      forMs: fc.integer({ min: 1, max: 50 }),
      pauseMs: fc.integer({ min: 0, max: 40 }),
      stop: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20, size: 'max' }), async (steps) => {
        const own = new ManualClock();
        const all = new Outages(own);
        const isUp = new Map<OutageTarget, boolean>();
        all.actWith(async (target, up) => {
          expect(isUp.get(target) ?? true).toBe(!up);
          isUp.set(target, up);
        });
        for (const { fault, port, forMs, pauseMs, stop } of steps) {
          if (stop) await all.stop(fault);
          else all.begin(fault, port, forMs);
          await own.advance(pauseMs);
        }
        await own.advance(100);
        expect([...isUp.values()].every((up) => up)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
