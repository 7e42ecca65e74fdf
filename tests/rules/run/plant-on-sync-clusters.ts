import { z } from 'zod';
import { administratorOf } from '../../e2e/support/administrator.ts';
import { until } from '../../e2e/support/until.ts';
import { clusterNames } from './cluster-centre.ts';
import { back, both, clear } from './plant-anywhere.ts';
import { onSecondary, plantOnClusters, removeReplica } from './plant-on-clusters.ts';
import type { Ground, Planted, Planter } from './planted.ts';
import { betweenFreezeAndPresentation } from './watch.ts';

const relationsSchema = z.object({
  relations: z.array(z.object({ uuid: z.string(), destination: z.string(), state: z.string() })),
});

async function relationsOf(ground: Ground) {
  return relationsSchema.parse(await onSecondary(ground).get('/state')).relations;
}

/** What was lost comes back by itself, as on the real system. */
function inSync(ground: Ground): () => Promise<void> {
  return async () => {
    await until('all relations to be in sync', async () =>
      (await relationsOf(ground)).every(({ state }) => state === 'in_sync'),
    );
  };
}

async function setLink({ site }: Ground, isUp: boolean): Promise<void> {
  const { primary, secondary } = site.lab.doors;
  for (const door of [secondary, primary]) await door.post('/settings', { syncLink: isUp });
}

/** As an administrator quiesces it, and resumes it. */
async function pause(ground: Ground): Promise<Planted> {
  const administrator = await administratorOf(ground.site, clusterNames.secondary);
  const own = (await relationsOf(ground)).find(({ destination }) => destination === `svm1:${ground.volume}`);
  const change = (state: string) =>
    administrator.change('PATCH', `/snapmirror/relationships/${own?.uuid}`, { state });
  await change('paused');
  return {
    heal: both(
      () => change('in_sync'),
      inSync(ground),
      () => administrator.close(),
    ),
  };
}

async function lostAway(ground: Ground): Promise<void> {
  await onSecondary(ground).post('/settings', { reachable: false });
}

/** Another way than with transfers, or not known there. */
export const plantOnSyncClusters: Readonly<Record<string, Planter>> = {
  ...plantOnClusters,
  'secondary-unreachable': async (ground) => {
    // The primary knows it at once, not only after a number of looks.
    await setLink(ground, false);
    await lostAway(ground);
    return { heal: both(back(onSecondary(ground)), () => setLink(ground, true), inSync(ground)) };
  },
  'not-in-sync-at-start': async (ground) => {
    await setLink(ground, false);
    return { heal: both(() => setLink(ground, true), inSync(ground)) };
  },
  'relation-paused': pause,
  'torn-storage-snapshot': async (ground) => {
    const { primary } = ground.site.lab.doors;
    await primary.post('/faults', {
      ...{ at: 'step', step: 'sync.snapshot', path: `svm1:${ground.volume}`, times: 1 },
      action: { kind: 'refuse' },
    });
    return { heal: both(clear(primary), inSync(ground)) };
  },
  'half-gone': async (ground) => ({
    meanwhile: await betweenFreezeAndPresentation(ground.site, 'array-snap', (runId) =>
      removeReplica(ground, runId),
    ),
    heal: clear(ground.site.lab.doors.vcenter),
  }),
  'secondary-lost-before-presentation': async (ground) => ({
    meanwhile: await betweenFreezeAndPresentation(ground.site, 'array-snap', () => lostAway(ground)),
    heal: both(back(onSecondary(ground)), clear(ground.site.lab.doors.vcenter), inSync(ground)),
  }),
  'secondary-lost-in-presentation': async (ground) => {
    const planted = await plantOnClusters['secondary-lost-in-presentation']?.(ground);
    return { ...planted, heal: both(async () => planted?.heal?.(), inSync(ground)) };
  },
};
