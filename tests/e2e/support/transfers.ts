import { z } from 'zod';
import type { Site } from './site.ts';
import { until } from './until.ts';

const callsSchema = z.object({
  calls: z.array(z.object({ method: z.string(), path: z.string(), status: z.number() })),
});
const stateSchema = z.object({
  relations: z.array(
    z.object({ transfer: z.object({ state: z.string(), snapshot: z.string().optional() }).nullish() }),
  ),
});

/** Transfers of the secondary stand still once this share has travelled. Returns what lets them go on. */
export async function holdTransfers(site: Site, atPercent = 0): Promise<() => Promise<void>> {
  const action = { kind: 'hang', atPercent };
  await site.lab.doors.secondary.post('/faults', { at: 'step', step: 'snapmirror.transfer', action });
  return async () => {
    await site.lab.doors.secondary.delete('/faults');
  };
}

/** How many transfers are under way on the secondary, by its own record. */
export async function transfersUnderWay(site: Site): Promise<number> {
  const { relations } = stateSchema.parse(await site.lab.doors.secondary.get('/state'));
  return relations.filter(({ transfer }) => transfer?.state === 'transferring').length;
}

/** Waits until one is. */
export function transferBegun(site: Site): Promise<boolean> {
  return until('a transfer to be under way', async () => (await transfersUnderWay(site)) > 0);
}

/** How many transfers the secondary was asked for and accepted, since it was started. */
export async function transfersStarted(site: Site): Promise<number> {
  const { calls } = callsSchema.parse(await site.lab.doors.secondary.get('/calls'));
  return calls.filter(
    ({ method, path, status }) => method === 'POST' && /\/transfers(\?|$)/.test(path) && status < 300,
  ).length;
}
