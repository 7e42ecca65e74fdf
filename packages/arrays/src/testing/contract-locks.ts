import { isoTime, type LockAbility, sameObject, type VolumeId } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArrayDriver } from '../contract/array-driver.ts';
import { ownershipComment } from '../contract/ownership.ts';
import type { ArrayWorld, Side } from './array-world.ts';

/** Arrays with volumes whose storage snapshots can be locked; thrown away afterwards, as locks stay. */
export interface LockWorld extends Pick<ArrayWorld, 'connect' | 'makeForeignSnapshot' | 'clock' | 'close'> {
  /** Each holds a storage snapshot of ours by that name, not locked. */
  readonly lockable: readonly { readonly side: Side; readonly volume: VolumeId; readonly name: string }[];
  /** A volume on the primary whose array locks nothing there, with why; absent where arrays lock all or none. */
  readonly unlockable?: { readonly volume: VolumeId; readonly why: RegExp };
  /** The primary's volume in which the tests may make storage snapshots. */
  readonly own: VolumeId;
  /** Lets that much time pass on both arrays. */
  pass(durationMs: number): Promise<void>;
}

const hourMs = 3_600_000;
const comment = ownershipComment('contract', 'run-locks');

/**
 * What a driver that locks storage snapshots must do.
 * @param each what locking is switched on for: a volume, or all of an array
 */
export function describeLocks(
  family: string,
  each: 'volume' | 'array',
  makeWorld: () => Promise<LockWorld>,
): void {
  describe(`locks of storage snapshots: ${family}`, () => {
    let world: LockWorld;
    beforeAll(async () => {
      world = await makeWorld();
    });
    afterAll(() => world?.close());

    const driverOf = (side: Side) => world.connect(side);
    const lock = (driver: ArrayDriver, volume: VolumeId, name: string, untilMs: number) => {
      if (!driver.locks || !driver.capabilities.locks)
        throw new Error('the driver says that it has no locks');
      return driver.locks.lock(volume, name, untilMs);
    };
    const seen = async (driver: ArrayDriver, volume: VolumeId, name: string) =>
      (await driver.listStorageSnapshots(volume)).find((each) => each.name === name)?.lockedUntil;
    const make = async (name: string) => {
      await driverOf('primary').createStorageSnapshots({ name, volumes: [world.own], comment });
      return name;
    };

    it('the inventory says where it is possible, how long at most, and why not elsewhere', async () => {
      const abilities = async (side: Side) => {
        const { volumes } = await driverOf(side).inventory();
        return (volume: VolumeId): LockAbility | undefined =>
          volumes.find(({ id }) => sameObject(id, volume))?.locks;
      };
      const [primary, secondary] = [await abilities('primary'), await abilities('secondary')];
      for (const { side, volume } of world.lockable)
        expect((side === 'primary' ? primary : secondary)(volume)).toMatchObject({ possible: true });
      if (!world.unlockable) return;
      const { volume, why } = world.unlockable;
      expect(primary(volume)).toMatchObject({ possible: false, why: expect.stringMatching(why) });
    });

    it('on either side nobody deletes what is locked before its time, and then it goes', async () => {
      for (const { side, volume, name } of world.lockable) {
        const driver = driverOf(side);
        const untilMs = world.clock.now() + 2 * hourMs;
        const lockedMs = await lock(driver, volume, name, untilMs);
        expect(lockedMs).toBeGreaterThanOrEqual(untilMs);
        expect(await seen(driver, volume, name)).toBe(isoTime(lockedMs));
      }
      await world.pass(hourMs);
      for (const { side, volume, name } of world.lockable)
        await expect(driverOf(side).deleteStorageSnapshot(volume, name)).rejects.toMatchObject({
          code: 'L-ARR-101',
        });
      await world.pass(2 * hourMs);
      for (const { side, volume, name } of world.lockable) {
        await driverOf(side).deleteStorageSnapshot(volume, name);
        expect(await seen(driverOf(side), volume, name)).toBeUndefined();
      }
    });

    it('a lock is made longer, never shorter', async () => {
      const driver = driverOf('primary');
      const name = await make('leeward_contract_longer');
      const nowMs = world.clock.now() + 4 * hourMs;
      const first = await lock(driver, world.own, name, nowMs + 2 * hourMs);
      expect(await lock(driver, world.own, name, nowMs + hourMs)).toBe(first);
      const longer = await lock(driver, world.own, name, nowMs + 3 * hourMs);
      expect(longer).toBeGreaterThan(first);
      expect(await seen(driver, world.own, name)).toBe(isoTime(longer));
    });

    it('a missing storage snapshot is told', async () => {
      const untilMs = world.clock.now() + 6 * hourMs;
      const locking = lock(driverOf('primary'), world.own, 'leeward_contract_none', untilMs);
      await expect(locking).rejects.toMatchObject({ code: 'L-ARR-009' });
    });

    if (each === 'volume')
      it('a lock that the array ignores is told', async () => {
        const driver = driverOf('primary');
        if (!world.unlockable) throw new Error('the world has no volume that locks nothing');
        const { volume } = world.unlockable;
        const name = 'leeward_contract_ignored';
        const untilMs = world.clock.now() + 6 * hourMs;
        await driver.createStorageSnapshots({ name, volumes: [volume], comment });
        await expect(lock(driver, volume, name, untilMs)).rejects.toMatchObject({ code: 'L-ARR-220' });
        await driver.deleteStorageSnapshot(volume, name);
      });
    else
      it('an array locks on all volumes', async () => {
        const { volumes } = await driverOf('primary').inventory();
        expect(volumes.filter(({ locks }) => !locks?.possible)).toEqual([]);
      });

    it('what is not ours is never locked', async () => {
      const driver = driverOf('primary');
      const name = 'leeward_contract_foreign_lock';
      await world.makeForeignSnapshot('primary', world.own, name);
      const untilMs = world.clock.now() + 6 * hourMs;
      await expect(lock(driver, world.own, name, untilMs)).rejects.toMatchObject({ code: 'L-ARR-011' });
      expect(await seen(driver, world.own, name)).toBeUndefined();
    });
  });
}
