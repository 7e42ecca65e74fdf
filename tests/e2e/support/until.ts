import { bounded } from '@leeward/core';
import { systemClock } from '@leeward/platform';

/** Asks again and again until there is an answer; fails with the name of what was waited for. */
export function until<T>(
  name: string,
  ask: () => Promise<T | undefined | false>,
  options: { readonly timeoutMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const { timeoutMs = 90_000, everyMs = 50 } = options;
  return bounded(systemClock, { name, timeoutMs }, async (signal) => {
    for (;;) {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      await systemClock.sleep(everyMs, signal);
    }
  });
}
