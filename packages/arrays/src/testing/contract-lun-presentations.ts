import { describe, expect, it } from 'vitest';
import type { ArrayDriver } from '../contract/array-driver.ts';
import type { LunPresentationRequest, LunPresentations } from '../contract/lun-presentation.ts';
import { ownershipComment } from '../contract/ownership.ts';
import type { ArrayWorld, WorldLunPresentation } from './array-world.ts';
import { dieAfter, revive } from './die-after.ts';

const comment = ownershipComment('contract', 'run-luns');

/** The same promises as for NFS, for block access. */
export function describeLunPresentations(world: () => ArrayWorld): void {
  describe('block presentations', () => {
    const targets = () => world().lunPresentations;
    const first = () => {
      const [target] = targets();
      if (!target) throw new Error('the world has nothing to present');
      return target;
    };

    it('are planned by reading only, reach the proxy alone, and are undone without a trace', async () => {
      for (const target of targets()) {
        const before = await prepare(world(), target);
        const luns = lunsOf(world().connect('secondary'));
        const plan = await luns.plan(requestOf(world(), target, 'plain'), []);
        expect(plan.effects.length).toBeGreaterThan(0);
        expect(await world().adminView('secondary')).toEqual(before);
        const shown = await luns.present(plan);
        expect(await luns.present(revive(plan))).toEqual(shown);
        expect(shown.portals.length).toBeGreaterThan(0);
        expect(shown.luns.every(({ serial, targetName }) => serial !== '' && targetName !== '')).toBe(true);
        await expectReadable(world(), shown, true);
        await luns.withdraw(plan, []);
        await luns.withdraw(revive(plan), []);
        await expectReadable(world(), shown, false);
        expect(await world().adminView('secondary')).toEqual(before);
      }
    });

    it('are undone by the plan alone after a crash between any two calls', async () => {
      const before = await prepare(world(), first());
      for (let calls = 0; ; calls++) {
        const request = requestOf(world(), first(), `crash${calls}`);
        const plan = await lunsOf(world().connect('secondary')).plan(request, []);
        const finished = await dieAfter(world(), calls, (driver, signal) =>
          lunsOf(driver).present(revive(plan), signal),
        );
        await lunsOf(world().connect('secondary')).withdraw(revive(plan), []);
        expect({ calls, view: await world().adminView('secondary') }).toEqual({ calls, view: before });
        if (finished) break;
      }
    });

    it('are undone after a crash between any two calls of the withdrawal itself', async () => {
      const before = await prepare(world(), first());
      for (let calls = 0; ; calls++) {
        const luns = lunsOf(world().connect('secondary'));
        const plan = await luns.plan(requestOf(world(), first(), `undo${calls}`), []);
        await luns.present(plan);
        const finished = await dieAfter(world(), calls, (other, signal) =>
          lunsOf(other).withdraw(revive(plan), [], signal),
        );
        await lunsOf(world().connect('secondary')).withdraw(revive(plan), []);
        expect({ calls, view: await world().adminView('secondary') }).toEqual({ calls, view: before });
        if (finished) break;
      }
    });

    it('survive the loss of any answer', async () => {
      const { loseAnswer, clearFaults } = world();
      const before = await prepare(world(), first());
      for (let nth = 1; nth <= 6; nth++) {
        const luns = lunsOf(world().connect('secondary'));
        const plan = await luns.plan(requestOf(world(), first(), `lost${nth}`), []);
        await loseAnswer('secondary', nth);
        await luns.present(plan);
        await luns.withdraw(plan, []);
        await clearFaults('secondary');
        expect({ nth, view: await world().adminView('secondary') }).toEqual({ nth, view: before });
      }
    });

    it('of the same storage snapshot stand beside each other, and the last one takes all along', async () => {
      const before = await prepare(world(), first());
      const luns = lunsOf(world().connect('secondary'));
      const one = await luns.plan(requestOf(world(), first(), 'beside1'), []);
      await luns.present(one);
      const two = await luns.plan(requestOf(world(), first(), 'beside2'), [one]);
      const [shownOne, shownTwo] = await Promise.all([luns.present(one), luns.present(two)]);
      const serials = [shownOne, shownTwo].flatMap((shown) => shown.luns.map(({ serial }) => serial));
      expect(new Set(serials).size).toBe(serials.length);
      await luns.withdraw(one, [two]);
      await expectReadable(world(), shownTwo, true);
      await luns.withdraw(two, []);
      expect(await world().adminView('secondary')).toEqual(before);
    });

    it('come and go at the same time', async () => {
      const before = await prepare(world(), first());
      const luns = lunsOf(world().connect('secondary'));
      const rounds = ['a', 'b', 'c', 'd'].map(async (step) => {
        const plan = await luns.plan(requestOf(world(), first(), `rush${step}`), []);
        const shown = await luns.present(plan);
        expect(shown.luns).not.toEqual([]);
        await luns.withdraw(plan, []);
      });
      await Promise.all(rounds);
      expect(await world().adminView('secondary')).toEqual(before);
    });

    it('whose journal is lost are found and removed by the janitor', async () => {
      for (const target of targets()) {
        const before = await prepare(world(), target);
        const driver = world().connect('secondary');
        const luns = lunsOf(driver);
        await luns.present(await luns.plan(requestOf(world(), target, 'orphan'), []));
        const owned = await driver.listOwned();
        expect(owned.map(({ kind }) => kind)).toContain('clone');
        expect(owned.every((object) => object.comment === comment)).toBe(true);
        for (const object of owned) await driver.removeOwned(object);
        for (const object of owned) await driver.removeOwned(object);
        expect(await driver.listOwned()).toEqual([]);
        expect(await world().adminView('secondary')).toEqual(before);
      }
    });

    it('of a storage snapshot that is not there are refused', async () => {
      const request = {
        ...requestOf(world(), first(), 'none'),
        storageSnapshotName: 'leeward_contract_none',
      };
      const luns = lunsOf(world().connect('secondary'));
      await expect(luns.plan(request, [])).rejects.toMatchObject({ code: 'L-ARR-009' });
    });
  });
}

function lunsOf({ luns, capabilities }: ArrayDriver): LunPresentations {
  expect(capabilities.protocols).toContain('iscsi');
  if (!luns) throw new Error('the driver has no block access');
  return luns;
}

/** Makes sure that there is something to present and tells how the array looks to the administrator. */
async function prepare(world: ArrayWorld, { volume }: WorldLunPresentation): Promise<unknown> {
  const existing = await world.connect('secondary').listStorageSnapshots(volume);
  const wanted = nightlyOf(world);
  if (!existing.some(({ name }) => name === wanted)) throw new Error(`the volume has no ${wanted}`);
  return await world.adminView('secondary');
}

function requestOf(world: ArrayWorld, target: WorldLunPresentation, step: string): LunPresentationRequest {
  return {
    name: `leeward_contract_${target.name}_${step}`,
    volume: target.volume,
    storageSnapshotName: nightlyOf(world),
    protocol: 'iscsi',
    initiatorNames: [world.initiatorName],
    comment,
  };
}

function nightlyOf({ nightlyName = 'admin_nightly' }: ArrayWorld): string {
  return nightlyName;
}

async function expectReadable(
  world: ArrayWorld,
  shown: Awaited<ReturnType<LunPresentations['present']>>,
  readable: boolean,
): Promise<void> {
  if (!world.canReadLun) return;
  expect(await world.canReadLun('secondary', shown, world.initiatorName)).toBe(readable);
  expect(await world.canReadLun('secondary', shown, 'iqn.1998-01.com.vmware:stranger')).toBe(false);
}
