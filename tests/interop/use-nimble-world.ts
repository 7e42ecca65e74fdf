import { isDeclared } from '@leeward/arrays/nimble/permissions';
import { afterAll, beforeAll, expect } from 'vitest';
import { makeNimbleWorld, type NimbleWorld } from './nimble-driver-world.ts';

/** Starts and ends a pair of groups with the tests of a file; every call made needs a right that is declared. */
export function useNimbleWorld(onReady: (world: NimbleWorld) => void): void {
  let world: NimbleWorld;
  beforeAll(async () => {
    world = await makeNimbleWorld();
    onReady(world);
  });
  afterAll(async () => {
    for (const { method, path } of world.exchanges)
      expect([method, path, isDeclared(method, path)]).toContain(true);
    await world.close();
  });
}
