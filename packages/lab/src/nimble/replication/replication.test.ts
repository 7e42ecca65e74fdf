import { systemClock } from '@leeward/platform';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkBytes } from '../../storage/chunk-store.ts';
import type { Volume } from '../model/objects.ts';
import { removeCollection, takeCollection } from '../operations/collection-operations.ts';
import { deleteVolume } from '../operations/volume-operations.ts';
import { type Pair, startPair } from '../testing/start-pair.ts';
import type { World } from '../world.ts';

const chunks = 24;
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      volume: fc.constantFrom('ds1', 'ds2'),
      chunk: fc.nat(chunks - 1),
      fill: fc.integer({ min: 0, max: 255 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('take' as const), replicate: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('link' as const), up: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pause' as const), paused: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 60 }) }),
  },
);

/** Found once: the first collection goes while it is being sent. */
const deletedWhileSent: (typeof step extends fc.Arbitrary<infer T> ? T : never)[] = [
  { kind: 'take', replicate: true },
  { kind: 'wait', ms: 1 },
  { kind: 'take', replicate: false },
  { kind: 'write', volume: 'ds1', chunk: 0, fill: 1 },
  { kind: 'take', replicate: true },
  { kind: 'delete', which: 0 },
];

const collectionOf = ({ group }: World) => {
  const found = group.volumeCollectionNamed('vc-prod');
  if (!found) throw new Error('no collection');
  return found;
};

function contentOf(snapshot: { map: Volume['map'] }): Buffer {
  const target = Buffer.alloc(chunks * chunkBytes);
  snapshot.map.read(0, target);
  return target;
}

async function run(pair: Pair, steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) {
  const { world } = pair.primary;
  const { group } = world;
  const collection = collectionOf(world);
  const partner = group.partnerNamed('grp-dr');
  let taken = 0;
  for (const one of steps) {
    switch (one.kind) {
      case 'write': {
        const volume = group.volumeNamed(one.volume);
        const data = Buffer.alloc(chunkBytes, one.fill);
        volume?.map.write(one.chunk * chunkBytes, data, volume.pool.account);
        break;
      }
      case 'take':
        takeCollection(group, collection, { name: `c${taken++}`, replicate: one.replicate });
        world.replicator.wake(collection);
        break;
      case 'link':
        await pair.secondary.apply({ linkUp: one.up });
        break;
      case 'pause':
        if (partner) partner.paused = one.paused;
        break;
      case 'delete': {
        const found = collection.snapshotCollections[one.which];
        if (found) removeCollection(group, found);
        break;
      }
      case 'wait':
        await systemClock.sleep(one.ms);
    }
  }
  if (partner) partner.paused = false;
  await pair.secondary.apply({ linkUp: true });
  takeCollection(group, collection, { name: 'last', replicate: true });
  world.replicator.wake(collection);
  await world.replicator.idle(collection, AbortSignal.timeout(30_000));
}

test('replicas equal what they were taken from, in order, whatever breaks on the way; nothing leaks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async (steps) => {
      const pair = await startPair();
      try {
        await run(pair, steps);
        const upstream = collectionOf(pair.primary.world).snapshotCollections;
        const downstream = collectionOf(pair.secondary.world).snapshotCollections;
        expect(downstream.at(-1)?.name).toBe('last');
        const sent = upstream.filter((one) => one.replicate);
        expect(sent.map((one) => one.replicationStatus)).toEqual(sent.map(() => 'complete'));
        const names = new Set(upstream.map((one) => one.name));
        const common = downstream.filter((one) => names.has(one.name));
        expect(common.map((one) => one.name)).toEqual(sent.map((one) => one.name));
        for (const replica of common) {
          const original = upstream.find((one) => one.name === replica.name);
          expect(replica.snapshots).toHaveLength(2);
          for (const snapshot of replica.snapshots) {
            const twin = original?.snapshots.find((one) => one.lineage === snapshot.lineage);
            expect(twin && contentOf(snapshot).equals(contentOf(twin))).toBe(true);
          }
        }
        pair.secondary.world.ownership.promote(collectionOf(pair.secondary.world));
        for (const { world } of [pair.primary, pair.secondary]) expectNothingLeft(world);
      } finally {
        await pair.close();
      }
    }),
    { numRuns: 12, examples: [[deletedWhileSent]] },
  );
}, 120_000);

function expectNothingLeft({ group }: World): void {
  for (const volume of group.volumes.values()) {
    volume.online = false;
    volume.collection = undefined;
    deleteVolume(group, volume);
  }
  for (const pool of group.pools.values()) {
    expect(pool.account.usedBytes).toBe(0);
    expect(pool.store.allocatedChunks).toBe(0);
  }
  expect(group.snapshotCollections.size).toBe(0);
}
