import type { VolumeId } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import { ownershipComment } from '../contract/ownership.ts';
import type { ArrayWorld } from './array-world.ts';

const comment = ownershipComment('contract', 'run-snapshots');

export function describeStorageSnapshots(world: () => ArrayWorld): void {
  describe('storage snapshots', () => {
    it('are made once, however often they are asked for', async () => {
      const [volume] = world().separateVolumes;
      const request = { name: 'leeward_contract_once', volumes: [volume], comment, label: 'leeward' };
      const first = await world().connect('primary').createStorageSnapshots(request);
      const again = await world().connect('primary').createStorageSnapshots(request);
      expect(first.instant).toBe('one-instant');
      expect(again.storageSnapshots).toEqual(first.storageSnapshots);
      expect(first.storageSnapshots[0]).toMatchObject({
        volume,
        name: request.name,
        comment,
        label: 'leeward',
      });
      expect(await namesOf(world(), volume)).toContain(request.name);
      await remove(world(), [volume], request.name);
    });

    it('never take over a foreign name, nor delete what is foreign', async () => {
      const [volume] = world().separateVolumes;
      const name = 'leeward_contract_foreign';
      await world().makeForeignSnapshot('primary', volume, name);
      const driver = world().connect('primary');
      const request = { name, volumes: [volume], comment };
      await expect(driver.createStorageSnapshots(request)).rejects.toMatchObject({ code: 'L-ARR-010' });
      await expect(driver.deleteStorageSnapshot(volume, name)).rejects.toMatchObject({ code: 'L-ARR-011' });
      expect(await namesOf(world(), volume)).toContain(name);
      expect((await driver.listOwned()).map((object) => object.name)).not.toContain(name);
    });

    it('of several volumes come with their skew', async () => {
      const volumes = world().separateVolumes;
      const request = { name: 'leeward_contract_several', volumes, comment };
      const made = await world().connect('primary').createStorageSnapshots(request);
      expect(made.instant).toBe('sequential');
      expect(made.skewMs).toBeGreaterThanOrEqual(0);
      expect(made.storageSnapshots.map(({ volume }) => volume)).toEqual(volumes);
      await remove(world(), volumes, request.name);
    });

    it('of several volumes are completed after a partial failure', async () => {
      const volumes = world().separateVolumes;
      const name = 'leeward_contract_partial';
      const driver = world().connect('primary');
      const [first] = (await driver.createStorageSnapshots({ name, volumes: [volumes[1]], comment }))
        .storageSnapshots;
      const made = await driver.createStorageSnapshots({ name, volumes, comment });
      expect(made.storageSnapshots[1]).toEqual(first);
      expect(made.storageSnapshots).toHaveLength(2);
      await remove(world(), volumes, name);
    });

    it('of a group are of one instant and leave nothing else', async (context) => {
      const volumes = world().groupedVolumes;
      if (!volumes) return context.skip('the array has no consistency groups');
      const name = 'leeward_contract_group';
      const request = { name, volumes, comment };
      const driver = world().connect('primary');
      const made = await driver.createStorageSnapshots(request);
      expect(made).toMatchObject({ instant: 'one-instant', skewMs: 0 });
      expect((await driver.createStorageSnapshots(request)).storageSnapshots).toEqual(made.storageSnapshots);
      const owned = await driver.listOwned();
      expect(owned.map(({ volume }) => volume).sort(byId)).toEqual([...volumes].sort(byId));
      await remove(world(), volumes, name);
    });

    it('of a group are made exactly once when any answer is lost', async (context) => {
      const { loseAnswer, clearFaults, groupedVolumes: volumes } = world();
      if (!volumes) return context.skip('the array has no consistency groups');
      for (let nth = 1; nth <= 3; nth++) {
        const request = { name: `leeward_contract_group_lost${nth}`, volumes, comment };
        const driver = world().connect('primary');
        await loseAnswer('primary', nth);
        const made = await driver.createStorageSnapshots(request);
        await clearFaults('primary');
        expect(made.storageSnapshots.map(({ volume }) => volume)).toEqual(volumes);
        expect(await driver.listOwned()).toHaveLength(2);
        await remove(world(), volumes, request.name);
      }
    });

    it('that are gone are deleted already', async () => {
      const [volume] = world().separateVolumes;
      const driver = world().connect('primary');
      await driver.deleteStorageSnapshot(volume, 'leeward_contract_never');
      await driver.deleteStorageSnapshot(
        { ...volume, objectId: crypto.randomUUID() },
        'leeward_contract_never',
      );
    });

    it('are known to the janitor and can be removed by it', async () => {
      const [volume] = world().separateVolumes;
      const driver = world().connect('primary');
      await driver.createStorageSnapshots({ name: 'leeward_contract_orphan', volumes: [volume], comment });
      const owned = await driver.listOwned();
      expect(owned).toMatchObject([
        { kind: 'storage-snapshot', name: 'leeward_contract_orphan', volume, comment },
      ]);
      for (const object of owned) await driver.removeOwned(object);
      for (const object of owned) await driver.removeOwned(object);
      expect(await driver.listOwned()).toEqual([]);
    });

    it('are made exactly once when the answer is lost', async () => {
      const { loseAnswer, clearFaults } = world();
      const [volume] = world().separateVolumes;
      const name = 'leeward_contract_lost';
      const driver = world().connect('primary');
      await loseAnswer('primary', 1);
      const made = await driver.createStorageSnapshots({ name, volumes: [volume], comment });
      expect(made.storageSnapshots[0]?.name).toBe(name);
      await loseAnswer('primary', 1);
      await driver.deleteStorageSnapshot(volume, name);
      await clearFaults('primary');
      expect(await namesOf(world(), volume)).not.toContain(name);
    });
  });
}

async function namesOf(world: ArrayWorld, volume: VolumeId): Promise<string[]> {
  const list = await world.connect('primary').listStorageSnapshots(volume);
  const times = list.map(({ createdAt }) => createdAt);
  expect(times).toEqual([...times].sort());
  return list.map(({ name }) => name);
}

async function remove(world: ArrayWorld, volumes: readonly VolumeId[], name: string): Promise<void> {
  const driver = world.connect('primary');
  for (const volume of volumes) await driver.deleteStorageSnapshot(volume, name);
  for (const volume of volumes) expect(await namesOf(world, volume)).not.toContain(name);
}

function byId(a: VolumeId | undefined, b: VolumeId | undefined): number {
  return (a?.objectId ?? '') < (b?.objectId ?? '') ? -1 : 1;
}
