import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandDepth } from './command-depth.ts';

/** Ends commands as a path does that answers `answerMs(limit)` after each was sent. */
function run(depth: CommandDepth, commands: number, answerMs: (limit: number) => number): void {
  for (let count = 0; count < commands; count++) depth.ended(answerMs(depth.limit), depth.limit - 1);
}

/** Whether there is room after each end, from a full session down to an idle one. */
function* sentTogether(depth: CommandDepth, full: number): Generator<boolean> {
  depth.hasRoom(full);
  for (let inFlight = full - 1; inFlight >= 0; inFlight--) yield depth.hasRoom(inFlight);
}

describe('the number of commands under way', () => {
  it('stays small where commands only wait for each other', () => {
    const depth = new CommandDepth(8, 16);
    run(depth, 2_000, (limit) => limit * 0.2);
    expect(depth.limit).toBe(8);
  });

  it('grows to the bound where each takes long by itself, and shrinks when that ends', () => {
    const depth = new CommandDepth(8, 16);
    run(depth, 2_000, () => 7);
    expect(depth.limit).toBe(16);
    run(depth, 2_000, (limit) => limit * 0.15);
    expect(depth.limit).toBe(8);
  });

  it('halves when the target is full, and recovers only in quiet moments', () => {
    const depth = new CommandDepth(8, 16);
    depth.full(8);
    expect(depth.limit).toBe(4);
    run(depth, 100, () => 1);
    expect(depth.limit).toBe(4);
    for (let count = 0; count < 10; count++) depth.ended(1, 0);
    expect(depth.limit).toBe(8);
    for (let count = 0; count < 20; count++) depth.full(1);
    expect(depth.limit).toBe(1);
  });

  it('fills a full session again only when three quarters are done, where answers are fast', () => {
    const depth = new CommandDepth(8, 16);
    run(depth, 100, () => 0.5);
    expect([...sentTogether(depth, 8)]).toEqual([false, false, false, false, false, true, true, true]);
    // Not full before: nothing waits for others.
    expect([3, 4, 5, 6, 7].map((inFlight) => depth.hasRoom(inFlight))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
  });

  it('fills each place at once where answers are slow', () => {
    const depth = new CommandDepth(8, 8);
    run(depth, 100, () => 20);
    expect([...sentTogether(depth, 8)]).toEqual(new Array(8).fill(true));
  });

  it('always has room when nothing is under way, and none above its limit', () => {
    const bounds = fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 64 }));
    fc.assert(
      fc.property(bounds, fc.array(fc.nat(130)), ([least, more], counts) => {
        const depth = new CommandDepth(least, least + more);
        for (const inFlight of counts)
          if (depth.hasRoom(inFlight)) expect(inFlight).toBeLessThan(depth.limit);
        expect(depth.hasRoom(0)).toBe(true);
      }),
    );
  });

  it('keeps its bounds whatever happens', () => {
    const event = fc.record({ ms: fc.double({ min: 0, max: 60_000, noNaN: true }), full: fc.boolean() });
    const bounds = fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 64 }));
    fc.assert(
      fc.property(bounds, fc.array(event, { maxLength: 300, size: 'max' }), ([least, more], events) => {
        const depth = new CommandDepth(least, least + more);
        for (const { ms, full } of events) {
          if (full) depth.full(depth.limit);
          else depth.ended(ms, 0);
          expect(depth.limit).toBeGreaterThanOrEqual(1);
          expect(depth.limit).toBeLessThanOrEqual(least + more);
        }
      }),
    );
  });
});
