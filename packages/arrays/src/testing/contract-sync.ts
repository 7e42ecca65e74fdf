import { isPermanent, type VolumeId } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownershipComment } from '../contract/ownership.ts';
import { codeOf } from './code-of.ts';
import { dieAfter, revive } from './die-after.ts';
import type { SyncWorld } from './sync-world.ts';
import {
  aloneAsReported,
  expectNothing,
  lookersOf,
  namesOn,
  of,
  owned,
  same,
  syncOf,
} from './sync-world-views.ts';

const comment = ownershipComment('contract', 'run-sync');

/**
 * What every driver with the capability `sync` must do. `makeWorld` runs once; the tests leave the world as they
 * found it.
 */
export function describeSyncSnapshots(name: string, makeWorld: () => Promise<SyncWorld>): void {
  describe(`coordinated storage snapshots: ${name}`, () => {
    let made: SyncWorld | undefined;
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
    const label = () => world().label ?? 'leeward';
    const alone = () => ({ pairs: [world().alone], comment, label: 'leeward' });

    it('belong to relations of the kind sync, with both ends, their roles and what is frozen together', async () => {
      const primary = await world().connect('primary').inventory();
      const secondary = await world().connect('secondary').inventory();
      for (const pair of [world().alone, ...world().together]) {
        const relation = secondary.relations.find(({ destination }) =>
          same(destination.volume, pair.secondary),
        );
        expect(relation).toMatchObject({
          kind: 'sync',
          policy: 'other',
          usable: true,
          reportedBy: 'secondary',
          source: { volume: pair.primary },
          health: { healthy: true, state: 'active', detected: true, reasons: [] },
          sync: { state: 'in-sync', decidedBy: expect.any(String) },
        });
        const volumes = [...primary.volumes, ...secondary.volumes];
        const find = (id: VolumeId) => volumes.find((volume) => same(volume.id, id));
        expect(find(pair.primary)).toMatchObject({ access: 'read-write' });
        expect(find(pair.secondary)).toMatchObject({ access: 'read-only-replica' });
        const names = find(pair.primary)?.luns?.flatMap(({ scsiNames }) => scsiNames) ?? [];
        const holder = primary.volumes.find(({ luns }) =>
          luns?.some(({ scsiNames }) => scsiNames.some((each) => names.includes(each))),
        );
        // The first that carries a device's name is the one that serves it.
        expect(holder?.id).toEqual(pair.primary);
      }
      const ids = world()
        .together.map((pair) => pair.primary.objectId)
        .toSorted();
      for (const { primary: volume } of world().together) {
        const found = primary.volumes.find(({ id }) => same(id, volume));
        const sets = world().freezesParts ? found?.instantGroups : [found?.frozenWith ?? []];
        expect(sets?.map((set) => set.toSorted())).toContainEqual(ids);
      }
    });

    it('are made on both sides at one instant under one name, once, however often they are asked for', async () => {
      const request = { name: 'leeward_sync_once', ...alone() };
      const first = await syncOf(world()).create(request);
      const again = await syncOf(world()).create(request);
      expect(again.storageSnapshots).toEqual(first.storageSnapshots);
      const { primary, secondary } = world().alone;
      expect(first.storageSnapshots).toMatchObject([
        {
          primary: { volume: primary, name: request.name, comment, label: label() },
          secondary: { volume: secondary, name: request.name, comment, label: label() },
        },
      ]);
      const [pair] = first.storageSnapshots;
      const ids = [pair?.primary, pair?.secondary].map((half) => `${half?.volume.arraySerial} ${half?.id}`);
      expect(new Set(ids).size).toBe(2);
      expect(pair?.secondary.createdAt).toBe(pair?.primary.createdAt);
      expect(first.instants).toMatchObject([{ volumes: [primary, secondary], measured: expect.anything() }]);
      expect(again.instants).toEqual(first.instants.map((instant) => ({ ...instant, measured: undefined })));
      expect(await namesOn(world(), world().alone)).toEqual({
        primary: [request.name],
        secondary: [request.name],
      });
      const found = await syncOf(world()).find(world().alone, request.name);
      expect(found).toMatchObject({
        primary: { id: pair?.primary.id },
        secondary: { id: pair?.secondary.id },
      });
      await syncOf(world()).remove(world().alone, request.name);
      await expectNothing(world());
    });

    it('of pairs that are frozen together are one instant; each pair goes on its own', async () => {
      const { together } = world();
      const request = { name: 'leeward_sync_together', pairs: together, comment };
      const pairs = world().freezesParts ? together : [together[1]];
      const part = await syncOf(world()).create({ ...request, pairs });
      const whole = await syncOf(world()).create(request);
      expect(whole.instants).toHaveLength(1);
      expect(whole.instants[0]?.volumes).toEqual(
        together.flatMap(({ primary, secondary }) => [primary, secondary]),
      );
      expect(whole.storageSnapshots[1]).toEqual(part.storageSnapshots.at(-1));
      await syncOf(world()).remove(together[0], request.name);
      expect(await syncOf(world()).find(together[0], request.name)).toEqual({});
      const kept = await syncOf(world()).find(together[1], request.name);
      expect(Object.keys(kept).sort()).toEqual(['primary', 'secondary']);
      await syncOf(world()).remove(together[1], request.name);
      await expectNothing(world());
    });

    it('of pairs of several sets are an instant for each set', async () => {
      const pairs = [world().together[0], world().alone, world().together[1]];
      const made = await syncOf(world()).create({ name: 'leeward_sync_sets', pairs, comment });
      expect(made.storageSnapshots.map(({ primary }) => primary.volume)).toEqual(
        pairs.map(({ primary }) => primary),
      );
      expect(made.instants.map(({ volumes }) => volumes.length).sort()).toEqual([2, 4]);
      for (const pair of pairs) await syncOf(world()).remove(pair, 'leeward_sync_sets');
      await expectNothing(world());
    });

    it('never take over a foreign name, nor delete what is foreign', async () => {
      const before = await world().adminView();
      const name = 'leeward_sync_foreign';
      await world().makeForeign(world().alone, name);
      const view = await world().adminView();
      const sync = syncOf(world());
      expect(await codeOf(sync.create({ name, ...alone() }))).toBe('L-ARR-010');
      expect(await codeOf(sync.find(world().alone, name))).toBe('L-ARR-010');
      expect(await codeOf(sync.remove(world().alone, name))).toBe('L-ARR-011');
      expect((await owned(world())).length).toBe(0);
      expect(await world().adminView()).toEqual(view);
      await world().removeForeign(world().alone, name);
      expect(await world().adminView()).toEqual(before);
    });

    it('that are gone are deleted already, with their volumes too', async () => {
      const sync = syncOf(world());
      await sync.remove(world().alone, 'leeward_sync_never');
      const gone = (id: VolumeId) => ({ ...id, objectId: crypto.randomUUID() });
      const { primary, secondary } = world().alone;
      await sync.remove({ primary: gone(primary), secondary: gone(secondary) }, 'leeward_sync_never');
      expect(await sync.find(world().alone, 'leeward_sync_never')).toEqual({});
    });

    it('survive the loss of any answer', async () => {
      for (let nth = 1; nth <= 4; nth++) {
        const name = `leeward_sync_lost${nth}`;
        await world().loseAnswer(nth);
        const made = await syncOf(world()).create({ name, ...alone() });
        expect(made.storageSnapshots).toHaveLength(1);
        expect(await namesOn(world(), world().alone)).toEqual({ primary: [name], secondary: [name] });
        await world().clearFaults();
        await world().loseAnswer(nth);
        await syncOf(world()).remove(world().alone, name);
        await world().clearFaults();
        await expectNothing(world());
      }
    });

    it('are completed, or undone, after a crash between any two calls', async () => {
      const before = await world().adminView();
      for (let calls = 0, finished = false; !finished; calls++) {
        const name = `leeward_sync_crash${calls}`;
        const request = { name, pairs: world().together, comment };
        finished = await dieAfter(
          world(),
          calls,
          (driver, signal) => of(driver).create(revive(request), signal),
          'primary',
        );
        if (calls % 2 === 0) {
          const made = await syncOf(world()).create(request);
          expect({ calls, made: made.storageSnapshots.length }).toEqual({ calls, made: 2 });
        }
        const cleaner = syncOf(world());
        for (const pair of world().together) await cleaner.remove(pair, name);
        await expectNothing(world(), calls);
      }
      expect(await world().adminView()).toEqual(before);
    });

    it('are undone after a crash between any two calls of the deletion itself', async () => {
      for (let calls = 0, finished = false; !finished; calls++) {
        const name = `leeward_sync_undo${calls}`;
        await syncOf(world()).create({ name, ...alone() });
        finished = await dieAfter(
          world(),
          calls,
          (driver, signal) => of(driver).remove(world().alone, name, signal),
          'primary',
        );
        await syncOf(world()).remove(world().alone, name);
        await expectNothing(world(), calls);
      }
    });

    it('are not made while the other side is not detected, and nothing is left', async () => {
      for (const lose of [() => world().loseSync(), () => world().loseSecondary()]) {
        const restore = await lose();
        try {
          const look = await syncOf(world()).look(world().alone);
          expect(look).toMatchObject({ detected: false });
          expect(look.reasons.length).toBeGreaterThan(0);
          const relation = await aloneAsReported(world());
          if (relation) expect(relation).toMatchObject({ health: { healthy: false, detected: false } });
          const refused = await syncOf(world())
            .create({ name: 'leeward_sync_away', ...alone() })
            .catch((error: unknown) => error);
          expect(refused).toMatchObject({ code: 'L-ARR-204' });
          expect(isPermanent(refused)).toBe(true);
          // Failover to primary (R2): the primary alone can still be frozen and read.
          const request = { name: 'leeward_sync_away', volumes: [world().alone.primary], comment };
          const driver = world().connect('primary');
          expect((await driver.createStorageSnapshots(request)).storageSnapshots).toHaveLength(1);
          await driver.deleteStorageSnapshot(world().alone.primary, request.name);
        } finally {
          await restore();
        }
        await expectNothing(world());
        expect(await syncOf(world()).look(world().alone)).toEqual({
          detected: true,
          state: 'in-sync',
          reasons: [],
        });
      }
    });

    it('of which one half was not made are told so each time, and the half can be removed', async () => {
      const request = { name: 'leeward_sync_torn', ...alone() };
      const restore = await world().loseSyncWhileMaking();
      try {
        expect(await codeOf(syncOf(world()).create(request))).toBe('L-ARR-205');
        expect(await codeOf(syncOf(world()).create(request))).toBe('L-ARR-205');
        expect(Object.keys(await syncOf(world()).find(world().alone, request.name))).toEqual(['primary']);
      } finally {
        await restore();
      }
      expect(await codeOf(syncOf(world()).create(request))).toBe('L-ARR-205');
      await syncOf(world()).remove(world().alone, request.name);
      await expectNothing(world());
    });

    it('lose what can be reached when the secondary is away, and the rest once it is back', async () => {
      const request = { name: 'leeward_sync_behind', ...alone() };
      await syncOf(world()).create(request);
      const restore = await world().loseSecondary();
      try {
        const refused = await syncOf(world())
          .remove(world().alone, request.name)
          .catch((error: unknown) => error);
        expect(refused).toMatchObject({ code: expect.stringMatching(/^L-ARR-/) });
        expect(isPermanent(refused)).toBe(false);
      } finally {
        await restore();
      }
      await syncOf(world()).remove(world().alone, request.name);
      await expectNothing(world());
    });

    it('are found by the janitor, both halves with the mark, and removed by it', async () => {
      for (const pairs of [[world().alone], world().together]) {
        await syncOf(world()).create({ name: 'leeward_sync_orphan', pairs, comment });
        const found = await owned(world());
        expect(found).toHaveLength(pairs.length * 2);
        expect(
          found.every((object) => object.comment === comment && object.kind === 'storage-snapshot'),
        ).toBe(true);
        const { primary, secondary } = lookersOf(world());
        const onPrimary = ({ volume }: (typeof found)[number]) =>
          volume?.arraySerial === world().alone.primary.arraySerial;
        for (let turn = 0; turn < 2; turn++)
          for (const object of found) await (onPrimary(object) ? primary : secondary).removeOwned(object);
        await expectNothing(world());
      }
    });

    it('are read on the secondary, by its own ports, as they were frozen', async () => {
      const { initiatorName, readsFrozen, bytesRead } = world();
      const before = await world().adminView();
      const name = 'leeward_sync_read';
      await world().write(world().alone.primary, 31);
      await syncOf(world()).create({ name, ...alone() });
      await world().write(world().alone.primary, 32);
      const { luns } = world().connect('secondary');
      if (!luns) throw new Error('the driver has no block access');
      const { secondary } = world().alone;
      const initiatorNames = [initiatorName];
      const plan = await luns.plan(
        {
          name: `${name}_shown`,
          volume: secondary,
          storageSnapshotName: name,
          protocol: 'iscsi',
          initiatorNames,
          comment,
        },
        [],
      );
      const shown = await luns.present(plan);
      const earlier = await bytesRead?.();
      if (readsFrozen) expect(await readsFrozen(shown, secondary, name)).toBe(true);
      const later = await bytesRead?.();
      if (earlier && later) {
        expect(later.secondary).toBeGreaterThan(earlier.secondary);
        expect(later.primary).toBe(earlier.primary);
      }
      // What is being read is held, on both sides or on one.
      expect(await codeOf(syncOf(world()).remove(world().alone, name))).toBe('L-ARR-101');
      await luns.withdraw(revive(plan), []);
      await syncOf(world()).remove(world().alone, name);
      await expectNothing(world());
      expect(await world().adminView()).toEqual(before);
    });

    it('follow the roles: after an exchange the former pair is refused and the inventory tells the new one', async () => {
      const { primary, secondary } = world().alone;
      const restore = await world().exchangeRoles();
      try {
        expect(await syncOf(world()).look(world().alone)).toMatchObject({ detected: false });
        const refused = await codeOf(syncOf(world()).create({ name: 'leeward_sync_roles', ...alone() }));
        expect(['L-ARR-105', 'L-ARR-204']).toContain(refused);
        const { relations } = await world().connect('primary').inventory();
        const now = relations.filter(({ source }) => same(source.volume, secondary));
        expect(now).toMatchObject([
          { kind: 'sync', destination: { volume: primary }, health: { detected: true } },
        ]);
        const turned = { primary: secondary, secondary: primary };
        const request = { name: 'leeward_sync_turned', pairs: [turned], comment };
        const sync = of(world().connect('secondary'));
        expect((await sync.create(request)).storageSnapshots).toHaveLength(1);
        await sync.remove(turned, request.name);
      } finally {
        await restore();
      }
      await expectNothing(world());
    });

    it('do nothing more once the caller has given up', async () => {
      const aborted = AbortSignal.abort(new Error('given up'));
      const sync = syncOf(world());
      await expect(sync.create({ name: 'leeward_sync_no', ...alone() }, aborted)).rejects.toThrow('given up');
      await expect(sync.remove(world().alone, 'leeward_sync_no', aborted)).rejects.toThrow('given up');
      await expectNothing(world());
    });
  });
}
