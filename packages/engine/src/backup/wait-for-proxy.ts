import type { Clock } from '@leeward/core';
import { isOnline } from '../proxy/liveness.ts';
import type { RegisteredProxy } from '../store/proxies.ts';

const proxyWaitMs = 45_000;
const pollMs = 500;

/**
 * Waits until one of the registered proxies shows a sign of life, but not for long. Server and proxies often start
 * together, after a crash or an update, and a run that is taken over then would find none only because it was first.
 * Where none is registered or none comes, the plan says so.
 */
export async function waitForProxy(
  proxies: { list(): Promise<readonly RegisteredProxy[]> },
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  const untilMs = clock.now() + proxyWaitMs;
  for (;;) {
    const known = await proxies.list();
    const nowMs = clock.now();
    if (known.length === 0 || nowMs >= untilMs || known.some((proxy) => isOnline(proxy, nowMs))) return;
    await clock.sleep(pollMs, signal);
  }
}
