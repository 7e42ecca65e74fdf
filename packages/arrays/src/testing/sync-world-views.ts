import type { VolumeId } from '@leeward/core';
import { expect } from 'vitest';
import type { ArrayDriver } from '../contract/array-driver.ts';
import type { Relation } from '../contract/inventory.ts';
import type { SyncPair, SyncSnapshots } from '../contract/sync-snapshots.ts';
import type { Side } from './array-world.ts';
import type { SyncWorld } from './sync-world.ts';

/** As the array of the secondary tells it; `undefined` where that does not answer. */
export async function aloneAsReported(world: SyncWorld): Promise<Relation | undefined> {
  const inventory = await world
    .connect('secondary')
    .inventory()
    .catch(() => undefined);
  return inventory?.relations.find(({ destination }) => same(destination.volume, world.alone.secondary));
}

export function of({ sync }: ArrayDriver): SyncSnapshots {
  if (!sync) throw new Error('the driver has no coordinated storage snapshots');
  return sync;
}

export function syncOf(world: SyncWorld): SyncSnapshots {
  return of(world.connect('primary'));
}

export function same(a: VolumeId | undefined, b: VolumeId): boolean {
  return a?.arraySerial === b.arraySerial && a.objectId === b.objectId;
}

/** Drivers that only look, one for each world and side. */
const lookers = new WeakMap<SyncWorld, Readonly<Record<Side, ArrayDriver>>>();

export function lookersOf(world: SyncWorld): Readonly<Record<Side, ArrayDriver>> {
  const known = lookers.get(world) ?? {
    primary: world.connect('primary'),
    secondary: world.connect('secondary'),
  };
  lookers.set(world, known);
  return known;
}

export async function owned(world: SyncWorld) {
  const { primary: onPrimary, secondary: onSecondary } = lookersOf(world);
  const [primary, secondary] = [await onPrimary.listOwned(), await onSecondary.listOwned()];
  // Both sides may be one array.
  return [
    ...new Map([...primary, ...secondary].map((object) => [`${object.kind} ${object.id}`, object])).values(),
  ];
}

export async function expectNothing(world: SyncWorld, calls?: number): Promise<void> {
  expect({ calls, owned: await owned(world) }).toEqual({ calls, owned: [] });
}

export async function namesOn(world: SyncWorld, { primary, secondary }: SyncPair) {
  const ours = async (driver: ArrayDriver, volume: VolumeId) =>
    (await driver.listStorageSnapshots(volume))
      .map(({ name }) => name)
      .filter((name) => name.startsWith('leeward_'));
  return {
    primary: await ours(lookersOf(world).primary, primary),
    secondary: await ours(lookersOf(world).secondary, secondary),
  };
}
