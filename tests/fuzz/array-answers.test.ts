import type { ArrayDriver } from '@leeward/arrays';
import { LeewardError } from '@leeward/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArrayWorld, nimbleWorld, ontapWorld } from './support/array-worlds.ts';
import { changeJson, strangeBodies } from './support/changed-json.ts';
import { fuzz } from './support/fuzz.ts';

/** A driver asks for less than this in one call; more would be a loop. */
const maxRequests = 400;

describe.each([
  ['Nimble', () => nimbleWorld('primary')],
  ['Nimble secondary', () => nimbleWorld('secondary')],
  ['ONTAP', () => ontapWorld()],
] as const)('the driver of %s', (family, start) => {
  let world: ArrayWorld;
  let calls: readonly (() => Promise<unknown>)[];

  const unseen: unknown[] = [];
  const notice = (error: unknown) => unseen.push(error);

  beforeAll(async () => {
    process.on('unhandledRejection', notice);
    world = await start();
    calls = await readingCalls(world.driver);
    // With true answers every call has to succeed, or the lies would be told to nobody.
    for (const call of calls) await call();
  });
  afterAll(async () => {
    process.off('unhandledRejection', notice);
    await world.close();
  });

  it('throws only errors of the catalogue, whatever the array answers', async () => {
    await fuzz(
      `${family} answers`,
      fc.asyncProperty(fc.gen(), fc.nat(1_000), async (g, which) => {
        let count = 0;
        const first = g(fc.nat, 12);
        world.change = (request, told) => {
          // Ends a loop for good; counted below.
          if (++count > maxRequests) return { status: 400, body: {} };
          const lie = count > first && (count === first + 1 || g(fc.nat, 3) === 0);
          if (!lie || request.path.endsWith('/tokens')) return told;
          if (g(fc.nat, 9) === 0) return { status: 200, body: g(fc.constantFrom, ...strangeBodies) };
          const body = changeJson(g, told.body);
          return { status: told.status, body: JSON.stringify(body) };
        };
        try {
          await calls[which % calls.length]?.();
        } catch (error) {
          expect(error).toBeInstanceOf(LeewardError);
        }
        expect(count).toBeLessThanOrEqual(maxRequests);
        // A failure that nobody has awaited would end the server.
        await world.quiet();
        expect(unseen.splice(0)).toEqual([]);
      }),
      150,
    );
  });
});

/** Everything that only reads, on the first relation; on a primary without one, what a primary tells. */
async function readingCalls(driver: ArrayDriver) {
  const { volumes, relations } = await driver.inventory();
  const volume = volumes.find(({ name }) => name === 'ds1')?.id;
  if (!volume) throw new Error(`no ds1 among ${volumes.map(({ name }) => name)}`);
  const storageSnapshotName = (await driver.listStorageSnapshots(volume)).at(-1)?.name ?? '';
  const relation = relations.find(
    ({ reportedBy, destination }) => reportedBy === 'secondary' && destination.volumeName === 'ds1',
  )?.id;
  return [
    () => driver.identify(),
    () => driver.inventory(),
    () => driver.check(),
    () => driver.listStorageSnapshots(volume),
    () => driver.findReplica(volume, storageSnapshotName),
    () => driver.listOwned(),
    ...(relation ? [() => driver.transferProgress({ relation, storageSnapshotName })] : []),
    ...(relation ? [] : [async () => driver.outgoingTransfer?.(volume, storageSnapshotName)]),
  ];
}
