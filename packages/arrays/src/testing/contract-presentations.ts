import { describe, expect, it } from 'vitest';
import { ownershipComment } from '../contract/ownership.ts';
import type { PresentationPlan, PresentationRequest } from '../contract/presentation.ts';
import type { ArrayWorld, WorldPresentation } from './array-world.ts';
import { dieAfter, revive } from './die-after.ts';

const comment = ownershipComment('contract', 'run-presentations');
const foreign = 'admin_nightly';

export function describePresentations(world: () => ArrayWorld): void {
  describe('presentations', () => {
    it('are planned by reading only, and undone to the last rule', async () => {
      for (const target of world().presentations) {
        const before = await prepare(world(), target);
        const driver = world().connect('secondary');
        const plan = await driver.planPresentation(requestOf(world(), target, 'plain'), []);
        expect({ name: target.name, method: plan.method }).toEqual({
          name: target.name,
          method: target.method,
        });
        expect(await world().adminView('secondary')).toEqual(before);
        const shown = await driver.present(plan);
        expect(await driver.present(revive(plan))).toEqual(shown);
        expect(shown.addresses.length).toBeGreaterThan(0);
        if (world().canRead)
          expect(await world().canRead?.('secondary', shown.exportPath, shown.rootPath)).toBe(true);
        await driver.withdraw(plan, []);
        await driver.withdraw(revive(plan), []);
        expect(await world().adminView('secondary')).toEqual(before);
      }
    });

    it('are undone by the plan alone after a crash between any two calls', async () => {
      for (const target of oneOfEachMethod(world())) {
        const before = await prepare(world(), target);
        for (let calls = 0; ; calls++) {
          const plan = await world()
            .connect('secondary')
            .planPresentation(requestOf(world(), target, `crash${calls}`), []);
          const finished = await presentUntil(world(), plan, calls);
          await world().connect('secondary').withdraw(revive(plan), []);
          expect({ calls, view: await world().adminView('secondary') }).toEqual({ calls, view: before });
          if (finished) break;
        }
      }
    });

    it('are undone after a crash between any two calls of the withdrawal itself', async () => {
      for (const target of oneOfEachMethod(world())) {
        const before = await prepare(world(), target);
        for (let calls = 0; ; calls++) {
          const driver = world().connect('secondary');
          const plan = await driver.planPresentation(requestOf(world(), target, `undo${calls}`), []);
          await driver.present(plan);
          const finished = await withdrawUntil(world(), plan, calls);
          await world().connect('secondary').withdraw(revive(plan), []);
          expect({ calls, view: await world().adminView('secondary') }).toEqual({ calls, view: before });
          if (finished) break;
        }
      }
    });

    it('survive the loss of any answer', async () => {
      const { loseAnswer, clearFaults } = world();
      for (const target of oneOfEachMethod(world())) {
        const before = await prepare(world(), target);
        for (let nth = 1; nth <= 8; nth++) {
          const driver = world().connect('secondary');
          const plan = await driver.planPresentation(requestOf(world(), target, `lost${nth}`), []);
          await loseAnswer('secondary', nth);
          await driver.present(plan);
          await driver.withdraw(plan, []);
          await clearFaults('secondary');
          expect({ nth, view: await world().adminView('secondary') }).toEqual({ nth, view: before });
        }
      }
    });

    it('share what they need and keep it until the last is withdrawn', async () => {
      const target = world().presentations.find(
        ({ method, rules }) => method === 'snapshot-directory' && rules > 0,
      );
      if (!target) throw new Error('the world has no presentation that needs a rule');
      const before = await prepare(world(), target);
      const driver = world().connect('secondary');
      const first = await driver.planPresentation(requestOf(world(), target, 'shared1'), []);
      await driver.present(first);
      const second = await driver.planPresentation(requestOf(world(), target, 'shared2'), [first]);
      const [, shown] = await Promise.all([driver.present(first), driver.present(second)]);
      await driver.withdraw(first, [second]);
      expect(await world().adminView('secondary')).not.toEqual(before);
      if (world().canRead)
        expect(await world().canRead?.('secondary', shown.exportPath, shown.rootPath)).toBe(true);
      await driver.withdraw(second, []);
      expect(await world().adminView('secondary')).toEqual(before);
    });

    it('whose journal is lost are found and removed by the janitor', async () => {
      for (const target of world().presentations) {
        const before = await prepare(world(), target);
        const driver = world().connect('secondary');
        await driver.present(await driver.planPresentation(requestOf(world(), target, 'orphan'), []));
        const owned = await driver.listOwned();
        const kinds = owned.map(({ kind }) => kind);
        expect(kinds.includes('clone')).toBe(target.method === 'clone');
        expect(kinds.filter((kind) => kind === 'export-rule')).toHaveLength(target.rules);
        for (const object of owned) await driver.removeOwned(object);
        expect(await driver.listOwned()).toEqual([]);
        expect(await world().adminView('secondary')).toEqual(before);
      }
    });

    it('of a storage snapshot that is not there are refused', async () => {
      const [target] = world().presentations;
      if (!target) throw new Error('the world has nothing to present');
      const request = { ...requestOf(world(), target, 'none'), storageSnapshotName: 'leeward_contract_none' };
      await expect(world().connect('secondary').planPresentation(request, [])).rejects.toMatchObject({
        code: 'L-ARR-009',
      });
    });
  });
}

/** Of a family that serves no NFS. */
export function describeNoPresentations(world: () => ArrayWorld): void {
  it('presentations over NFS are refused, as the driver says', async () => {
    const driver = world().connect('secondary');
    expect(driver.capabilities.protocols).not.toContain('nfs');
    const [volume] = world().separateVolumes;
    const target = { name: 'none', volume, method: 'clone', rules: 0 } as const;
    const planned = driver.planPresentation(requestOf(world(), target, 'none'), []);
    await expect(planned).rejects.toMatchObject({ code: 'L-ARR-601', details: { protocol: 'NFS' } });
  });
}

/** Makes sure that there is something to present and tells how the array looks to the administrator. */
async function prepare(world: ArrayWorld, { volume }: WorldPresentation): Promise<unknown> {
  const existing = await world.connect('secondary').listStorageSnapshots(volume);
  if (!existing.some(({ name }) => name === foreign)) throw new Error(`the volume has no ${foreign}`);
  return await world.adminView('secondary');
}

function requestOf(world: ArrayWorld, target: WorldPresentation, step: string): PresentationRequest {
  return {
    name: `leeward_contract_${target.name}_${step}`,
    volume: target.volume,
    storageSnapshotName: foreign,
    protocol: 'nfs',
    proxyAddresses: [world.proxyAddress],
    comment,
  };
}

/** What happens at each call depends on the method only. */
function oneOfEachMethod({ presentations }: ArrayWorld): WorldPresentation[] {
  const methods = ['snapshot-directory', 'clone'] as const;
  return methods.flatMap((wanted) => presentations.find(({ method }) => method === wanted) ?? []);
}

/** Presents with a driver that dies after some calls; true when it got through. */
function presentUntil(world: ArrayWorld, plan: PresentationPlan, calls: number): Promise<boolean> {
  return dieAfter(world, calls, (driver, signal) => driver.present(revive(plan), signal));
}

function withdrawUntil(world: ArrayWorld, plan: PresentationPlan, calls: number): Promise<boolean> {
  return dieAfter(world, calls, (driver, signal) => driver.withdraw(revive(plan), [], signal));
}
