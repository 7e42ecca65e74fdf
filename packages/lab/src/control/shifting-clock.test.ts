import { ManualClock } from '@leeward/platform';
import { describe, expect, it } from 'vitest';
import { connectionClock, ShiftingClock } from './shifting-clock.ts';

describe('the clock of a simulator', () => {
  it('runs faster, jumps, and keeps its waits short', async () => {
    const base = new ManualClock(1_000);
    const clock = new ShiftingClock(base);
    clock.setSpeed(100);
    await base.advance(10);
    expect(clock.now()).toBe(2_000);
    clock.jump(5_000);
    expect(clock.now()).toBe(7_000);
    let isOver = false;
    void clock.sleep(1_000).then(() => {
      isOver = true;
    });
    await base.advance(10);
    expect(isOver).toBe(true);
  });

  it('shows the same time as another one at the same anchor, however late it hears of it', async () => {
    const base = new ManualClock(1_000_000);
    const [one, other] = [new ShiftingClock(base), new ShiftingClock(base)];
    other.jump(50);
    const anchor = { realMs: base.now(), labMs: other.now() + 3_600_000, speed: 1_000 };
    one.follow(anchor);
    await base.advance(7);
    other.follow(anchor);
    await base.advance(5);
    expect([one.now(), other.now()]).toEqual(Array(2).fill(1_000_050 + 3_600_000 + 12_000));
  });

  it('changes at the moment that was agreed, and all who know of it alike', async () => {
    const base = new ManualClock(1_000_000);
    const clocks = [new ShiftingClock(base), new ShiftingClock(base)];
    const fast = { realMs: base.now(), labMs: base.now(), speed: 5_000 };
    for (const clock of clocks) clock.follow(fast);
    const slow = { realMs: base.now() + 100, labMs: base.now() + 500_000, speed: 1 };
    clocks[0]?.follow(slow);
    await base.advance(60);
    clocks[1]?.follow(slow);
    expect(clocks.map((clock) => [clock.now(), clock.speed])).toEqual(Array(2).fill([1_300_000, 5_000]));
    await base.advance(90);
    expect(clocks.map((clock) => [clock.now(), clock.speed])).toEqual(Array(2).fill([1_500_050, 1]));
  });

  it('never goes back', async () => {
    const base = new ManualClock(1_000);
    const clock = new ShiftingClock(base);
    clock.jump(10_000);
    clock.follow({ realMs: base.now(), labMs: 2_000, speed: 1 });
    expect(clock.now()).toBe(11_000);
  });

  it('leaves connections to the clock under it', () => {
    const base = new ManualClock();
    expect(connectionClock(new ShiftingClock(base))).toBe(base);
    expect(connectionClock(base)).toBe(base);
  });
});
