import { ManualClock } from '@leeward/platform';
import { expect, it } from 'vitest';
import type { RegisteredProxy } from '../store/proxies.ts';
import { waitForProxy } from './wait-for-proxy.ts';

/** When a run goes on to plan, with proxies last seen at these times. */
async function goesOnAt(seen: (nowMs: number) => readonly number[]): Promise<number> {
  const clock = new ManualClock(1_000_000);
  const list = async () =>
    seen(clock.now() - 1_000_000).map((atMs) => {
      const seenAt = new Date(1_000_000 + atMs).toISOString();
      return { seenAt } as RegisteredProxy;
    });
  let isDone = false;
  const work = waitForProxy({ list }, clock).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await work;
  return clock.now() - 1_000_000;
}

it('goes on at once where a proxy is online, or none is registered', async () => {
  expect(await goesOnAt(() => [-60_000, -1_000])).toBeLessThan(2_000);
  expect(await goesOnAt(() => [])).toBeLessThan(2_000);
});

it('waits for a proxy that starts beside the server', async () => {
  const atMs = await goesOnAt((nowMs) => [nowMs < 20_000 ? -60_000 : nowMs]);
  expect(atMs).toBeGreaterThanOrEqual(20_000);
  expect(atMs).toBeLessThan(23_000);
});

it('does not wait for ever', async () => {
  const atMs = await goesOnAt(() => [-60_000]);
  expect(atMs).toBeGreaterThanOrEqual(45_000);
  expect(atMs).toBeLessThan(50_000);
});
