import { metroSides } from '@leeward/lab/scenario/nimble-metro';
import { z } from 'zod';
import { administratorOf } from '../../e2e/support/administrator.ts';
import { beforeProxyReads } from '../../e2e/support/shown-luns.ts';
import { groupDoor, setSecondary, setSyncLink } from '../../e2e/support/sync-site.ts';
import { clear, plantAnywhere } from './plant-anywhere.ts';
import type { Ground, Planted, Planter } from './planted.ts';
import { metroNames } from './sync-centre.ts';
import { betweenFreezeAndPresentation, isOf, stepEnded } from './watch.ts';

const stateSchema = z.object({
  volumeCollections: z.array(
    z.object({
      name: z.string(),
      snapshotCollections: z.array(
        z.object({ name: z.string(), id: z.string(), pool: z.string().optional() }),
      ),
    }),
  ),
  accessRecords: z.array(
    z.object({ id: z.string(), volume: z.string(), initiatorGroup: z.string().optional() }),
  ),
});

const withFault =
  (fault: object) =>
  async ({ site }: Ground) => {
    await groupDoor(site).post('/faults', fault);
    return { heal: clear(groupDoor(site)) };
  };

const refusal = { kind: 'refuse', status: 409 } as const;
const post = (path: string, code: string, message: string, times?: number) => ({
  ...{ at: 'rest', method: 'POST', path, action: { ...refusal, code, message } },
  ...(times === undefined ? {} : { times }),
});

async function closePortals({ site }: Ground, sides: readonly string[]): Promise<Planted> {
  const set = async (isUp: boolean) => {
    for (const address of sides)
      await groupDoor(site).post('/actions', { action: 'setPortal', address, isUp });
    await site.api.post('/proxies/local/probe');
  };
  await set(false);
  return { heal: () => set(true) };
}

export const plantOnSync: Readonly<Record<string, Planter>> = {
  ...plantAnywhere('SM_http_unauthorized'),
  'not-in-sync-at-start': async ({ site }) => {
    await setSyncLink(site, false);
    return { heal: () => setSyncLink(site, true) };
  },
  'secondary-down-at-start': async ({ site }) => {
    await setSecondary(site, false);
    return { heal: () => setSecondary(site, true) };
  },
  'no-proxy-to-secondary': (ground) => closePortals(ground, [metroSides.secondary.address]),
  'no-proxy-to-arrays': (ground) =>
    closePortals(ground, [metroSides.primary.address, metroSides.secondary.address]),
  'storage-snapshot-fails': withFault(post('*/snapshot_collections*', 'SM_limit_snap_per_vol', 'too many')),
  'torn-storage-snapshot': async ({ site }) => {
    const fault = { at: 'step', step: 'sync.snapshot', times: 1, action: { kind: 'refuse' } };
    await groupDoor(site).post('/faults', fault);
    return {
      heal: async () => {
        await groupDoor(site).delete('/faults');
        await setSyncLink(site, true);
      },
    };
  },
  'clone-limit': withFault(post('*/volumes', 'SM_limit_vol', 'no more volumes', 1)),
  'access-refused': withFault(
    post('*/access_control_records*', 'SM_invalid_arg_value', 'The lab refuses it.', 1),
  ),
  'half-gone': async ({ site }) => ({
    meanwhile: await betweenFreezeAndPresentation(site, 'array-snap', async (runId) => {
      const { volumeCollections } = stateSchema.parse(await groupDoor(site).get('/state'));
      const administrator = await administratorOf(site, metroNames.secondary);
      for (const { id, name, pool } of volumeCollections.flatMap((each) => each.snapshotCollections))
        if (isOf(runId)({ name }) && pool === metroSides.secondary.pool)
          await administrator.change('DELETE', `/snapshot_collections/${id}`);
      await administrator.close();
    }),
    heal: clear(site.lab.doors.vcenter),
  }),
  'secondary-lost-in-read': async ({ site }) => ({
    meanwhile: (runId) =>
      beforeProxyReads(site, async () => {
        await stepEnded(site, runId, 'mount');
        const { accessRecords } = stateSchema.parse(await groupDoor(site).get('/state'));
        const administrator = await administratorOf(site, metroNames.secondary);
        for (const { id, initiatorGroup } of accessRecords)
          if (initiatorGroup !== 'esxi')
            await administrator.change('DELETE', `/access_control_records/${id}`);
        await administrator.close();
      }),
  }),
};
