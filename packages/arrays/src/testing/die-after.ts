import type { ArrayDriver } from '../contract/array-driver.ts';
import type { ArrayWorld, Side } from './array-world.ts';

/** Works on one side (the secondary) with a driver that dies after some calls; true when it got through. */
export async function dieAfter(
  world: Pick<ArrayWorld, 'connect'>,
  calls: number,
  work: (driver: ArrayDriver, signal: AbortSignal) => Promise<unknown>,
  side: Side = 'secondary',
): Promise<boolean> {
  const death = new AbortController();
  let seen = 0;
  const driver = world.connect(side, {
    afterCall: () => {
      if (++seen > calls) death.abort(new Error('crash'));
    },
  });
  try {
    await work(driver, death.signal);
    return true;
  } catch (error) {
    if (death.signal.aborted) return false;
    throw error;
  }
}

/** A plan as it comes back from the journal. */
export function revive<T>(plan: T): T {
  return JSON.parse(JSON.stringify(plan));
}
