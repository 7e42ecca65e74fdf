import { isPermanent } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArrayWorld, Lacking } from './array-world.ts';
import { describeLunPresentations } from './contract-lun-presentations.ts';
import { describeNoPresentations, describePresentations } from './contract-presentations.ts';
import { describeStorageSnapshots } from './contract-storage-snapshots.ts';
import { describeTransfers } from './contract-transfers.ts';

/**
 * What every array driver must do. A driver's own test is this call with a world of its family. `makeWorld`
 * runs once; the tests leave the world as they found it.
 */
export function describeArrayDriver(
  name: string,
  makeWorld: () => Promise<ArrayWorld>,
  lacking: readonly Lacking[] = [],
): void {
  describe(`array driver contract: ${name}`, () => {
    let made: ArrayWorld | undefined;
    const world = () => {
      if (!made) throw new Error('the world was not made');
      return made;
    };
    beforeAll(async () => {
      made = await makeWorld();
    });
    afterAll(async () => {
      await made?.close();
    });

    describe('identity and inventory', () => {
      it('tells the same identity each time, and two arrays apart', async () => {
        const driver = world().connect('primary');
        const first = await driver.identify();
        expect(first.serial).not.toBe('');
        expect(await driver.identify()).toEqual(first);
        expect((await world().connect('secondary').identify()).serial).not.toBe(first.serial);
      });

      it('lists each relation from the secondary, so that it can be joined with the primary by ids', async () => {
        const primary = await world().connect('primary').inventory();
        const secondary = await world().connect('secondary').inventory();
        for (const expected of world().relations) {
          const relation = secondary.relations.find(({ id }) => id.objectId === expected.relation.objectId);
          expect(relation).toMatchObject({ policy: expected.policy, reportedBy: 'secondary', usable: true });
          expect(relation?.destination.volume).toEqual(expected.secondaryVolume);
          expect(relation?.source.arraySerial).toBe(primary.identity.serial);
          const source = primary.volumes.find(
            ({ tenantId, name }) =>
              tenantId === relation?.source.tenantId && name === relation.source.volumeName,
          );
          expect(source?.id).toEqual(expected.primaryVolume);
        }
      });

      it('has coordinated storage snapshots exactly where it says so', () => {
        for (const side of ['primary', 'secondary'] as const) {
          const { capabilities, sync } = world().connect(side);
          expect(sync !== undefined).toBe(capabilities.sync === true);
        }
      });

      it('checks without changing anything', async () => {
        for (const side of ['primary', 'secondary'] as const) {
          const before = await world().adminView(side);
          const checks = await world().connect(side).check();
          expect(checks.filter(({ ok, required }) => required && !ok)).toEqual([]);
          expect(await world().adminView(side)).toEqual(before);
        }
      });

      it('notices a password that was changed after the array was added, and takes the former one again', async () => {
        const driver = world().connect('secondary');
        const first = await driver.identify();
        const restore = await world().changePassword('secondary');
        try {
          const refused = await driver.inventory().catch((error: unknown) => error);
          expect(refused).toMatchObject({ code: 'L-ARR-002' });
          expect(isPermanent(refused)).toBe(true);
          const [login, ...others] = await driver.check();
          expect(login).toMatchObject({ ok: false, required: true });
          expect(login?.text).toContain('L-ARR-002');
          expect(others).toEqual([]);
        } finally {
          await restore();
        }
        expect(await driver.identify()).toEqual(first);
      });

      it('tells what it could do but for a licence, a service or a right', async () => {
        for (const side of ['primary', 'secondary'] as const)
          expect((await world().connect(side).inventory()).missing).toEqual(world().missing?.[side] ?? []);
      });

      it('does nothing more once the caller has given up', async () => {
        const aborted = AbortSignal.abort(new Error('given up'));
        const driver = world().connect('primary');
        await expect(driver.inventory(aborted)).rejects.toThrow('given up');
        await expect(driver.listOwned(aborted)).rejects.toThrow('given up');
      });
    });

    describeStorageSnapshots(world, !lacking.includes('consistency groups'));
    describeTransfers(world);
    if (lacking.includes('NFS')) describeNoPresentations(world);
    else describePresentations(world);
    describeLunPresentations(world);

    it('leaves nothing of ours behind', async () => {
      for (const side of ['primary', 'secondary'] as const)
        expect(await world().connect(side).listOwned()).toEqual([]);
    });
  });
}
