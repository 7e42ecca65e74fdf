import type { Clock } from '@leeward/core';
import { z } from 'zod';
import type { RunningArray } from './datacentre.ts';
import { protection } from './nimble-pair.ts';

const pollMs = 100;

/** Tells two clusters of each other and waits until every relation has its baseline. */
export async function connectClusters(
  primary: RunningArray,
  secondary: RunningArray,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  await primary.control.post('/settings', { peerPort: secondary.ready.interclusterPort });
  await secondary.control.post('/settings', { peerPort: primary.ready.interclusterPort });
  await untilReady(secondary, clock, signal);
}

/** Tells the cluster in the middle of a cascade, which has its baselines, and the next one of each other. */
export async function connectNextCluster(
  middle: RunningArray,
  next: RunningArray & { readonly name: string },
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  await middle.control.post('/settings', { peerPorts: { [next.name]: next.ready.interclusterPort } });
  await next.control.post('/settings', { peerPort: middle.ready.interclusterPort });
  await untilReady(next, clock, signal);
}

async function untilReady({ control }: RunningArray, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { setup } = z.looseObject({ setup: z.string() }).parse(await control.get('/state'));
    if (setup === 'ready') return;
    if (setup !== 'pending') throw new Error(`the first full transfers ${setup}`);
    await clock.sleep(pollMs, signal);
  }
}

const groupStateSchema = z.looseObject({
  volumeCollections: z.array(
    z.looseObject({
      name: z.string(),
      snapshotCollections: z.array(
        z.looseObject({ name: z.string(), replicationStatus: z.string().nullish() }),
      ),
    }),
  ),
});

/** Tells two groups of each other; the schedule takes its first storage snapshot, which is then on both. */
export async function connectGroups(
  primary: RunningArray & { readonly name: string },
  secondary: RunningArray & { readonly name: string },
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  await primary.control.post('/settings', {
    partnerPorts: { [secondary.name]: secondary.ready.replicationPort },
  });
  await secondary.control.post('/settings', {
    partnerPorts: { [primary.name]: primary.ready.replicationPort },
  });
  const taken = await primary.control.post('/actions', { action: 'takeScheduled', ...protection, count: 1 });
  const [name] = z.object({ names: z.array(z.string()) }).parse(taken).names;
  for (;;) {
    const state = groupStateSchema.parse(await primary.control.get('/state'));
    const collection = state.volumeCollections
      .find((each) => each.name === protection.volumeCollection)
      ?.snapshotCollections.find((each) => each.name === name);
    if (collection?.replicationStatus === 'complete') return;
    if (!collection || collection.replicationStatus === 'fail')
      throw new Error(`the first replication of ${protection.volumeCollection} failed`);
    await clock.sleep(pollMs, signal);
  }
}
