import { isPermanent } from '@leeward/core';
import { act } from '@leeward/lab/nimble/control/control-actions';
import { configurePairs } from '@leeward/lab/nimble/sync/pairs';
import { sides } from '@leeward/lab/nimble/testing/sync-config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNimbleSyncWorld, type NimbleSyncWorld } from '../../../../../tests/interop/nimble-sync-world.ts';
import { ownershipComment } from '../../contract/ownership.ts';
import { codeOf } from '../../testing/code-of.ts';

const comment = ownershipComment('installation', 'run');

describe('a group with synchronous pairs', () => {
  let world: NimbleSyncWorld;
  beforeAll(async () => {
    world = await makeNimbleSyncWorld();
  });
  afterAll(() => world.close());

  it('tells where each side lives and which ports are its own', async () => {
    const inventory = await world.connect('primary').inventory();
    const { upstream, downstream } = sides;
    for (const { kind, sync } of inventory.relations) {
      expect(kind).toBe('sync');
      expect(sync).toMatchObject({
        primarySide: `pool ${upstream.pool} of ${upstream.array}`,
        secondarySide: `pool ${downstream.pool} of ${downstream.array}`,
        automaticSwitchover: false,
      });
    }
    const nodes = inventory.volumes.map(({ name, nodes }) => [name, nodes?.join()]);
    expect(nodes).toEqual([
      ['ds1', upstream.array],
      ['ds2', upstream.array],
      ['ds3', upstream.array],
      ['sep-a', upstream.array],
      ['sep-b', downstream.array],
      ['ds1', downstream.array],
      ['ds2', downstream.array],
      ['ds3', downstream.array],
    ]);
    expect(inventory.dataPorts.map(({ address, node }) => [address, node])).toEqual([
      ['127.0.0.44', undefined],
      [upstream.address, upstream.array],
      [downstream.address, downstream.array],
    ]);
    expect(inventory.notes).toEqual([]);
  });

  it('is shown through the ports of the side alone that is read', async () => {
    const { luns, sync } = world.connect('primary');
    if (!luns || !sync) throw new Error('both are there');
    const name = 'leeward_ports';
    const { alone } = world;
    await sync.create({ name, pairs: [alone], comment });
    const shown = async (volume: typeof alone.primary) => {
      const initiatorNames = [world.initiatorName];
      const request = {
        name,
        volume,
        storageSnapshotName: name,
        protocol: 'iscsi' as const,
        initiatorNames,
        comment,
      };
      const plan = await luns.plan(request, []);
      const { portals } = await luns.present(plan);
      await luns.withdraw(plan, []);
      return portals.map(({ address }) => address);
    };
    expect(await shown(alone.secondary)).toEqual([sides.downstream.address]);
    expect(await shown(alone.primary)).toEqual([sides.upstream.address]);
    await sync.remove(alone, name);
  });

  it('whose secondary is lost while it is read: no read succeeds, and all is withdrawn once it is back', async () => {
    const { luns, sync } = world.connect('primary');
    if (!luns || !sync) throw new Error('both are there');
    const name = 'leeward_lost';
    const { alone, initiatorName } = world;
    await sync.create({ name, pairs: [alone], comment });
    const request = {
      name,
      volume: alone.secondary,
      storageSnapshotName: name,
      protocol: 'iscsi' as const,
      initiatorNames: [initiatorName],
      comment,
    };
    const plan = await luns.plan(request, []);
    const shown = await luns.present(plan);
    expect(await world.readsFrozen?.(shown, alone.secondary, name)).toBe(true);
    const restore = await world.loseSecondary();
    // Its data ports are gone with it.
    expect(await codeOf(world.readsFrozen?.(shown, alone.secondary, name))).toBe('L-NET-101');
    expect(await sync.look(alone)).toMatchObject({ detected: false, state: 'unreachable' });
    const refused = await luns.withdraw(plan, []).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'L-ARR-014' });
    expect(isPermanent(refused)).toBe(false);
    await restore();
    await luns.withdraw(plan, []);
    await sync.remove(alone, name);
    expect(await world.connect('primary').listOwned()).toEqual([]);
  });

  it('leaves nothing of a half that nobody asked for', async () => {
    await world.simulator.apply({ syncNeedsReplicate: false });
    const driver = world.connect('primary');
    const volumes = world.together.map(({ primary }) => primary);
    const made = await driver.createStorageSnapshots({ name: 'leeward_primary', volumes, comment });
    // A failover to primary keeps the instant of all volumes that are frozen together.
    expect(made.instants).toHaveLength(1);
    const [pair] = world.together;
    expect((await driver.listStorageSnapshots(pair.secondary)).map(({ name }) => name)).toEqual([
      'leeward_primary',
    ]);
    for (const volume of volumes) await driver.deleteStorageSnapshot(volume, 'leeward_primary');
    expect(await driver.listOwned()).toEqual([]);
    expect(await driver.listStorageSnapshots(pair.secondary)).toEqual([]);
    await world.simulator.apply({ syncNeedsReplicate: true });
  });

  it('says on its check which collection is out of sync', async () => {
    const lines = async () =>
      (await world.connect('primary').check()).filter(({ name }) => name.startsWith('synchronous'));
    expect(await lines()).toMatchObject([{ ok: true }, { ok: true }]);
    await act(world.simulator.world, { action: 'suspendSync', volumeCollection: 'vc-one', suspended: true });
    expect((await lines()).filter(({ ok }) => !ok)).toMatchObject([
      { name: 'synchronous vc-one', required: false },
    ]);
    await act(world.simulator.world, { action: 'suspendSync', volumeCollection: 'vc-one', suspended: false });
  });

  it('that refuses snapshots while it runs on one side is told as not detected', async () => {
    await world.simulator.apply({ soloSnapshots: 'refused' });
    const driver = world.connect('primary');
    // Lost between the look and the call: the array alone says so.
    world.simulator.world.faults.add({
      at: 'step',
      step: 'sync.call',
      path: 'POST /v1/snapshot_collections',
      times: 1,
      action: { kind: 'fail' },
    });
    const request = { name: 'leeward_refused', pairs: [world.alone], comment };
    expect(await codeOf(driver.sync?.create(request))).toBe('L-ARR-204');
    world.simulator.world.faults.clear();
    await act(world.simulator.world, { action: 'setSyncLink', isUp: true });
    expect(await driver.listOwned()).toEqual([]);
  });

  it('refuses to be transferred over: nothing is sent between the halves', async () => {
    const driver = world.connect('secondary');
    const request = { relation: world.alone.secondary, storageSnapshotName: 'leeward_none' };
    expect(await codeOf(driver.startTransfer(request))).toBe('L-ARR-201');
    const single = { name: 'leeward_none', volumes: [world.alone.secondary], comment };
    expect(await codeOf(driver.createStorageSnapshots(single))).toBe('L-ARR-105');
  });

  it('notes a collection whose partner was taken away', async () => {
    const { group } = world.simulator.world;
    const collection = group.volumeCollectionNamed('vc-one');
    const [schedule] = collection ? group.schedulesOf(collection) : [];
    if (!collection || !schedule) throw new Error('the group has it');
    const { partner } = schedule;
    schedule.partner = undefined;
    configurePairs(group, collection);
    const inventory = await world.connect('primary').inventory();
    expect(inventory.relations.map(({ source }) => source.volumeName)).toEqual(['ds1', 'ds2']);
    expect(inventory.notes).toEqual([expect.stringContaining('vc-one replicates synchronously, but of ds3')]);
    expect(
      await codeOf(
        world.connect('primary').sync?.create({ name: 'leeward_x', pairs: [world.alone], comment }),
      ),
    ).toBe('L-ARR-204');
    expect(await world.connect('primary').sync?.look(world.alone)).toMatchObject({ detected: false });
    schedule.partner = partner;
  });
});
