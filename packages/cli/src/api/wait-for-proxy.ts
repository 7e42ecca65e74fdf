import { bounded, type Clock, isError } from '@leeward/core';
import type { ProxyView } from '@leeward/server';
import type { ApiClient } from './api-client.ts';

const timeoutMs = 30_000;
const pollMs = 200;

/**
 * Waits until a proxy is online, since one starts a moment after its server. When none comes the command goes
 * on and says what it can do without.
 */
export async function waitForProxy(api: ApiClient, clock: Clock, signal?: AbortSignal): Promise<void> {
  try {
    await bounded(clock, { name: 'a proxy to come online', timeoutMs, signal }, async (bound) => {
      while (!(await api.get<ProxyView[]>('/proxies')).some(({ online }) => online))
        await clock.sleep(pollMs, bound);
    });
  } catch (error) {
    if (!isError(error, 'L-RUN-101')) throw error;
  }
}
