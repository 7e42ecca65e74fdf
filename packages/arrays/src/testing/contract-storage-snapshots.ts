import type { VolumeId } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import type { ArrayDriver } from '../contract/array-driver.ts';
import { ownershipComment } from '../contract/ownership.ts';
import type { ArrayWorld } from './array-world.ts';

const comment = ownershipComment('contract', 'run-snapshots');

/** @param hasGroups whether the arrays of the world have consistency groups */
export function describeStorageSnapshots(world: () => ArrayWorld, hasGroups: boolean): void {
  describe('storage snapshots', () => {
    if (hasGroups) describeGroups(world);
    else describeNoGroups(world);

    it('are made once, however often they are asked for', async () => {
      const [volume] = world().separateVolumes;
      const request = { name: 'leeward_contract_once', volumes: [volume], comment, label: 'leeward' };
      const first = await world().connect('primary').createStorageSnapshots(request);
      const again = await world().connect('primary').createStorageSnapshots(request);
      expect(again.storageSnapshots).toEqual(first.storageSnapshots);
      const [instant] = first.instants;
      expect(first.instants).toHaveLength(1);
      expect(instant).toMatchObject({ volumes: [volume], measured: expect.anything() });
      // What an earlier call made was not measured by this one.
      expect(again.instants).toEqual([{ ...instant, measured: undefined }]);
      expect(first.storageSnapshots[0]).toMatchObject({
        volume,
        name: request.name,
        comment,
        label: 'leeward',
      });
      expect(await namesOf(world(), volume)).toContain(request.name);
      await remove(world(), [volume], request.name);
    });

    it('are stamped by the time that the array tells', async () => {
      const [volume] = world().separateVolumes;
      const request = { name: 'leeward_contract_time', volumes: [volume], comment };
      const driver = world().connect('primary');
      const beforeMs = (await driver.timeMs()) ?? Number.NaN;
      const [made] = (await driver.createStorageSnapshots(request)).storageSnapshots;
      const afterMs = (await driver.timeMs()) ?? Number.NaN;
      const createdMs = Date.parse(made?.createdAt ?? '');
      expect(createdMs).toBeGreaterThanOrEqual(beforeMs);
      expect(createdMs).toBeLessThan(afterMs + 1_000);
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

    it('of several volumes come with the instant of each', async () => {
      const volumes = world().separateVolumes;
      const { clock } = world();
      const request = { name: 'leeward_contract_several', volumes, comment };
      const startedMs = clock.now();
      const made = await world().connect('primary').createStorageSnapshots(request);
      const endedMs = clock.now() + 1;
      expect(made.instants.map((instant) => instant.volumes)).toEqual(volumes.map((volume) => [volume]));
      expect(new Set(made.instants.map(({ id }) => id)).size).toBe(2);
      for (const { measured, created } of made.instants) {
        expect(measured?.fromMs).toBeGreaterThanOrEqual(startedMs - 1);
        expect(measured?.toMs).toBeGreaterThanOrEqual(measured?.fromMs ?? Number.NaN);
        expect(measured?.toMs).toBeLessThanOrEqual(endedMs);
        expect((created?.atMs ?? Number.NaN) % (created?.grainMs ?? Number.NaN)).toBe(0);
      }
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

function describeGroups(world: () => ArrayWorld): void {
  describe('of volumes that a consistency group joins', () => {
    it('of a group are of one instant and leave nothing else', async () => {
      const groupedVolumes = groupOf(world());
      const name = 'leeward_contract_group';
      const driver = world().connect('primary');
      const volumes = await wholeGroup(driver, groupedVolumes);
      const request = { name, volumes, comment };
      const made = await driver.createStorageSnapshots(request);
      expect(made.instants).toHaveLength(1);
      expect(made.instants[0]?.volumes).toEqual(volumes);
      expect((await driver.createStorageSnapshots(request)).storageSnapshots).toEqual(made.storageSnapshots);
      const owned = await driver.listOwned();
      expect(owned.map(({ volume }) => volume).sort(byId)).toEqual([...volumes].sort(byId));
      await remove(world(), volumes, name);
    });

    it('of a group beside a volume outside of it are two instants, and only two', async () => {
      const { separateVolumes } = world();
      const groupedVolumes = groupOf(world());
      const driver = world().connect('primary');
      const [outside] = separateVolumes;
      const group = await wholeGroup(driver, groupedVolumes);
      const [first, ...others] = group;
      const volumes = [first, outside, ...others].filter((volume) => volume !== undefined);
      const made = await driver.createStorageSnapshots({ name: 'leeward_contract_beside', volumes, comment });
      const sets = made.instants.map((instant) => instant.volumes.toSorted(byId));
      expect(sets.toSorted((a, b) => b.length - a.length)).toEqual([group.toSorted(byId), [outside]]);
      expect(made.storageSnapshots.map(({ volume }) => volume)).toEqual(volumes);
      await remove(world(), volumes, 'leeward_contract_beside');
    });

    it('of a group are made exactly once when any answer is lost', async () => {
      const { loseAnswer, clearFaults } = world();
      const groupedVolumes = groupOf(world());
      const volumes = await wholeGroup(world().connect('primary'), groupedVolumes);
      for (let nth = 1; nth <= 3; nth++) {
        const request = { name: `leeward_contract_group_lost${nth}`, volumes, comment };
        const driver = world().connect('primary');
        await loseAnswer('primary', nth);
        const made = await driver.createStorageSnapshots(request);
        await clearFaults('primary');
        expect(made.storageSnapshots.map(({ volume }) => volume)).toEqual(volumes);
        expect(made.instants).toHaveLength(1);
        expect(await driver.listOwned()).toHaveLength(volumes.length);
        await remove(world(), volumes, request.name);
      }
    });
  });
}

function describeNoGroups(world: () => ArrayWorld): void {
  it('of several volumes are an instant each, as the array has no consistency groups', async () => {
    expect(world().groupedVolumes).toBe(undefined);
    const { separateVolumes: volumes } = world();
    const name = 'leeward_contract_apart';
    const made = await world().connect('primary').createStorageSnapshots({ name, volumes, comment });
    expect(made.instants.map((instant) => instant.volumes)).toEqual(volumes.map((volume) => [volume]));
    await remove(world(), volumes, name);
  });
}

function groupOf({ groupedVolumes }: ArrayWorld): readonly [VolumeId, VolumeId] {
  if (!groupedVolumes) throw new Error('the world has no consistency group');
  return groupedVolumes;
}

/** With the volumes that the inventory tells to be frozen with them. */
async function wholeGroup(driver: ArrayDriver, volumes: readonly VolumeId[]): Promise<readonly VolumeId[]> {
  const all = (await driver.inventory()).volumes;
  const ids = new Set(volumes.map(({ objectId }) => objectId));
  for (const { id, instantGroups } of all)
    if (ids.has(id.objectId)) for (const other of instantGroups?.[0] ?? []) ids.add(other);
  return all.map(({ id }) => id).filter(({ objectId }) => ids.has(objectId));
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
