import { z } from 'zod';
import { type BlockArray, doorTo } from './block-site.ts';
import type { Site } from './site.ts';
import { until } from './until.ts';

const stateSchema = z.object({
  lunMaps: z.array(z.object({ svm: z.string(), lun: z.string(), igroup: z.string() })),
});
const faultsSchema = z.object({ faults: z.array(z.object({ hits: z.number() })) });

export interface ShownLun {
  readonly svm: string;
  /** `/vol/<volume>/<lun>` */
  readonly lun: string;
}

/** Waits until a cluster shows a LUN to a proxy, by its own record. */
export function shownLun(site: Site, name: 'ontap-a' | 'ontap-b'): Promise<ShownLun> {
  return until('a LUN to be shown to the proxy', async () => {
    const { lunMaps } = stateSchema.parse(await doorTo(site, name).get('/state'));
    return lunMaps.find(({ igroup }) => igroup !== 'esxi');
  });
}

/**
 * Stops the proxy now, lets `act` do what is to happen to what is shown to it before it reads, and lets it go on. The
 * proxy must not have got the VM yet.
 */
export async function beforeProxyReads<T>(site: Site, act: () => Promise<T>): Promise<T> {
  const pids = site.proxyPids();
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    return await act();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

/** From the `nth` read on, reads over iSCSI are slow. Waits until one was, does `act`, and lets them be fast again. */
export async function duringReads(
  site: Site,
  name: BlockArray,
  { nth, delayMs = 1_500 }: { readonly nth: number; readonly delayMs?: number },
  act: () => Promise<unknown>,
): Promise<void> {
  const door = doorTo(site, name);
  await door.post('/faults', { at: 'step', step: 'iscsi.read', nth, action: { kind: 'delay', delayMs } });
  try {
    await until('a slow read', async () =>
      faultsSchema.parse(await door.get('/faults')).faults.some(({ hits }) => hits > 0),
    );
    await act();
  } finally {
    await door.delete('/faults');
  }
}
