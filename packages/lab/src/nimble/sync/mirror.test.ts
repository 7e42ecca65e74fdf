import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandomness, systemClock } from '@leeward/platform';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf } from '../../storage/content.ts';
import type { FileMap } from '../../storage/file-map.ts';
import { nimbleConfigSchema } from '../config.ts';
import { buildGroup } from '../model/build-group.ts';
import { deleteCollection, takeCollection } from '../operations/collection-operations.ts';
import { sides, syncConfig } from '../testing/sync-config.ts';
import { canMirror, copyDifferences, loseSync, writeVolume } from './mirror.ts';
import { swapRoles } from './pairs.ts';

/** What the steps write to; the volume's size does not matter. */
const bytes = 4 * 1024 * 1024;
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('write' as const), at: fc.nat(250), fill: fc.nat(255) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), at: fc.nat(250) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fillUp' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resync' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('handOver' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('freeze' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('thaw' as const) }) },
);

const digest = (map: FileMap) => digestOf(map, bytes, { offsetBytes: 0, lengthBytes: bytes });

test('whatever happens: coordinated halves hold the same, and after a resync so do the volumes; nothing leaks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nimble-mirror-'));
  let round = 0;
  try {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25, size: 'max' }), (steps) => {
        const config = nimbleConfigSchema.parse(syncConfig(join(folder, String(++round))));
        const group = buildGroup(config, { clock: systemClock, randomness: new SeededRandomness(round) });
        const collection = group.volumeCollectionNamed('vc-one');
        if (!collection?.sync) throw new Error('the config has it');
        const serving = () => {
          const [volume] = group.members(collection);
          if (!volume?.half) throw new Error('the pair is there');
          return { volume, twin: volume.half.twin };
        };
        const pools = [...group.pools.values()];
        let names = 0;
        for (const each of steps) {
          const { volume, twin } = serving();
          if (each.do === 'write' || each.do === 'erase') {
            const data = Buffer.alloc(100_000, each.do === 'write' ? each.fill : 0);
            writeVolume(group, volume, each.at * 16_000, data);
          } else if (each.do === 'lose') loseSync(group, collection);
          else if (each.do === 'fillUp') {
            twin.pool.account.labLimitBytes = twin.pool.account.usedBytes + 70_000;
            writeVolume(group, volume, 0, Buffer.alloc(2_000_000, 9));
            for (const { account } of pools) account.labLimitBytes = undefined;
          } else if (each.do === 'resync' && canMirror(group, collection)) {
            copyDifferences(group, collection);
            expect(digest(twin.map)).toBe(digest(volume.map));
          } else if (each.do === 'handOver' && collection.sync.inSync) swapRoles(group, collection);
          else if (each.do === 'freeze') {
            const made = takeCollection(group, collection, { name: `s${++names}`, replicate: true });
            expect(made.peer !== undefined).toBe(collection.sync.inSync);
          } else if (each.do === 'thaw') {
            const oldest = collection.snapshotCollections[0];
            if (oldest) deleteCollection(group, oldest, false);
          }
        }
        for (const { peer, snapshots } of collection.snapshotCollections)
          if (peer)
            expect(digest(peer.snapshots[0]?.map as FileMap)).toBe(digest(snapshots[0]?.map as FileMap));
        copyDifferences(group, collection);
        const { volume, twin } = serving();
        expect(digest(twin.map)).toBe(digest(volume.map));
        for (const one of [...collection.snapshotCollections]) deleteCollection(group, one, false);
        const used = (name: string) => group.poolNamed(name)?.account.usedBytes;
        expect(used(sides.upstream.pool)).toBe(used(sides.downstream.pool));
        group.close();
      }),
      { numRuns: 40 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
