import { LeewardError } from '@leeward/core';
import { checkDatabaseUrl } from '../database/database-url.ts';
import { heartbeatMs, isOnline } from '../proxy/liveness.ts';
import { type ProxyRegistration, proxyRegistration } from '../proxy/proxy-registration.ts';
import type { Store } from '../store/store.ts';
import { type OpenStoreOptions, openStore } from './open-store.ts';

/**
 * Makes a proxy of another host known to the installation whose database it is; after that its process can be started.
 * Refused with `L-CFG-213` where the database is not that of a server of this version, with `L-AUT-131` for another
 * installation's key, and with `L-PRX-104` while a proxy of that name lives.
 */
export async function registerProxy(
  options: OpenStoreOptions,
  proxy: ProxyRegistration,
  signal: AbortSignal,
): Promise<void> {
  await checkDatabaseUrl(options.url);
  const { store, db } = await openStore({ ...options, asItIs: true });
  try {
    await requireUnused(store, proxy, options, signal);
    await store.proxies.put(await proxyRegistration(store, proxy));
  } finally {
    await db.destroy();
  }
}

/** One that died a moment ago counts as online for a while; only one that shows a further sign of life is. */
async function requireUnused(
  store: Store,
  { id, name }: ProxyRegistration,
  { clock }: OpenStoreOptions,
  signal: AbortSignal,
): Promise<void> {
  const known = async () => (await store.proxies.list()).find((each) => each.id === id);
  const before = await known();
  if (!before || !isOnline(before, clock.now())) return;
  await clock.sleep(2 * heartbeatMs, signal);
  if ((await known())?.seenAt !== before.seenAt) throw new LeewardError('L-PRX-104', { proxy: name });
}
