import type { Clock } from '@leeward/core';

/** The clock, with waits of a hundredth of what is asked, so that retries do not slow tests down; bounds are as asked. */
export function hurriedClock(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (durationMs, signal) => clock.sleep(durationMs / 100, signal),
    after: (delayMs, action) => clock.after(delayMs, action),
  };
}
