import { isPermanent } from '@leeward/core';
import { act } from '@leeward/lab/nimble/control/control-actions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNimbleWorld, type NimbleWorld } from '../../../../tests/interop/nimble-driver-world.ts';
import { useNimbleWorld } from '../../../../tests/interop/use-nimble-world.ts';
import { lookAtTransfer } from '../contract/look-at-transfer.ts';
import { ownershipComment } from '../contract/ownership.ts';
import { codeOf } from '../testing/code-of.ts';

let world: NimbleWorld;
const comment = ownershipComment('test', 'run-1');

useNimbleWorld((made) => {
  world = made;
});

const primary = () => world.connect('primary');
const secondary = () => world.connect('secondary');
const lab = (side: 'primary' | 'secondary') => world.simulators[side].world;

async function arrive(name: string, volume: string): Promise<void> {
  const { relation, primaryVolume } = await world.relation(volume);
  const ends = { secondary: secondary(), primary: primary(), primaryVolume };
  for (let look = 0; look < 300; look++) {
    const { state } = await lookAtTransfer(ends, { relation, storageSnapshotName: name });
    if (state === 'done') return;
    expect(state).not.toBe('failed');
    await world.clock.sleep(20);
  }
  throw new Error(`${name} did not arrive`);
}

describe('replication', () => {
  it('to a partner that is paused is refused on both sides, and the relation says so', async () => {
    const name = 'leeward_bad_paused';
    const { primaryVolume, relation, secondaryVolume } = await world.relation('ds3');
    await act(lab('primary'), { action: 'pausePartner', partner: 'grp-dr', paused: true });
    await primary().createStorageSnapshots({ name, volumes: [primaryVolume], comment });
    expect(await codeOf(primary().outgoingTransfer?.(primaryVolume, name))).toBe('L-ARR-602');
    const { relations } = await primary().inventory();
    expect(relations.find(({ source }) => source.volumeName === 'ds3')?.health.state).toBe('paused');
    await act(lab('primary'), { action: 'pausePartner', partner: 'grp-dr', paused: false });
    lab('primary').replicator.wake(lab('primary').group.volumeCollectionNamed('vc-single') as never);
    await arrive(name, 'ds3');
    await act(lab('secondary'), { action: 'pausePartner', partner: 'grp-prod', paused: true });
    const next = { relation, storageSnapshotName: 'leeward_bad_next' };
    expect(await codeOf(secondary().startTransfer(next))).toBe('L-ARR-602');
    expect((await secondary().startTransfer({ relation, storageSnapshotName: name })).relation).toEqual(
      relation,
    );
    const { relations: seen } = await secondary().inventory();
    const told = seen.find(({ destination }) => destination.volumeName === 'ds3');
    expect(told?.health).toMatchObject({ state: 'paused', healthy: false });
    await act(lab('secondary'), { action: 'pausePartner', partner: 'grp-prod', paused: false });
    await world.releaseBase(await world.relation('ds3'));
    await primary().deleteStorageSnapshot(primaryVolume, name);
    await secondary().deleteStorageSnapshot(secondaryVolume, name);
  });

  it('keeps the newest that both sides hold', async () => {
    const name = 'leeward_bad_base';
    const { primaryVolume, secondaryVolume } = await world.relation('ds3');
    await primary().createStorageSnapshots({ name, volumes: [primaryVolume], comment });
    await arrive(name, 'ds3');
    expect(await codeOf(primary().deleteStorageSnapshot(primaryVolume, name))).toBe('L-ARR-101');
    expect(await codeOf(secondary().deleteStorageSnapshot(secondaryVolume, name))).toBe('L-ARR-101');
    const [newest] = (await primary().listStorageSnapshots(primaryVolume)).slice(-1);
    expect(newest).toMatchObject({ name, comment, heldBy: ['base of the next transfer'] });
    await world.releaseBase(await world.relation('ds3'));
    await primary().deleteStorageSnapshot(primaryVolume, name);
    await world.simulators.secondary.apply({ replicaDelete: 'not-owner' });
    expect(await codeOf(secondary().deleteStorageSnapshot(secondaryVolume, name))).toBe('L-ARR-609');
    await world.simulators.secondary.apply({ replicaDelete: 'allowed' });
    await secondary().deleteStorageSnapshot(secondaryVolume, name);
  });

  it('without a schedule that replicates is told, and the storage snapshot is still made', async () => {
    const name = 'leeward_bad_alone';
    const volume = await world.volume('primary', 'grp-a');
    const driver = primary();
    await driver.createStorageSnapshots({ name, volumes: [volume], comment });
    expect(await codeOf(driver.outgoingTransfer?.(volume, name))).toBe('L-ARR-603');
    await driver.deleteStorageSnapshot(volume, name);
    const nowhere = await world.volume('primary', 'sep-a');
    await driver.createStorageSnapshots({ name, volumes: [nowhere], comment });
    expect(await driver.outgoingTransfer?.(nowhere, name)).toMatchObject({ state: 'failed' });
    await driver.deleteStorageSnapshot(nowhere, name);
  });

  it('is left out when the job does not want it', async () => {
    const name = 'leeward_bad_nowhere';
    const { primaryVolume } = await world.relation('ds3');
    const driver = primary();
    const request = { name, volumes: [primaryVolume], comment, transferTo: 'nowhere' } as const;
    await driver.createStorageSnapshots(request);
    expect(await codeOf(driver.outgoingTransfer?.(primaryVolume, name))).toBe('L-ARR-603');
    await driver.deleteStorageSnapshot(primaryVolume, name);
  });

  it('behind scheduled ones waits and says for what', async () => {
    const name = 'leeward_bad_queue';
    const { primaryVolume, secondaryVolume } = await world.relation('ds3');
    const driver = primary();
    lab('primary').faults.add({ at: 'step', step: 'replication', action: { kind: 'hang' } });
    await act(lab('primary'), {
      action: 'takeScheduled',
      volumeCollection: 'vc-single',
      schedule: 'daily',
      count: 1,
    });
    await driver.createStorageSnapshots({ name, volumes: [primaryVolume], comment });
    const look = await driver.outgoingTransfer?.(primaryVolume, name);
    expect(look?.state).toBe('waiting');
    expect(look?.reason).toContain('earlier storage snapshots');
    lab('primary').faults.clear();
    await arrive(name, 'ds3');
    await world.releaseBase(await world.relation('ds3'));
    await driver.deleteStorageSnapshot(primaryVolume, name);
    await secondary().deleteStorageSnapshot(secondaryVolume, name);
  });
});

describe('cancelled runs', () => {
  it('take what is still queued off the array; what is on its way is held until it is through', async () => {
    const { primaryVolume, secondaryVolume, relation } = await world.relation('ds3');
    const driver = primary();
    lab('primary').faults.add({ at: 'step', step: 'replication', action: { kind: 'hang' } });
    const moving = { name: 'leeward_bad_moving', volumes: [primaryVolume], comment };
    const queued = { name: 'leeward_bad_queued', volumes: [primaryVolume], comment };
    await driver.createStorageSnapshots(moving);
    for (let look = 0; look < 200; look++) {
      if ((await driver.outgoingTransfer?.(primaryVolume, moving.name))?.state === 'transferring') break;
      await world.clock.sleep(10);
    }
    await driver.createStorageSnapshots(queued);
    await secondary().abortTransfer({ relation, storageSnapshotName: moving.name });
    await driver.deleteStorageSnapshot(primaryVolume, queued.name);
    const held = await driver
      .deleteStorageSnapshot(primaryVolume, moving.name)
      .catch((error: unknown) => error);
    expect(held).toMatchObject({ code: 'L-ARR-101' });
    expect(isPermanent(held)).toBe(false);
    lab('primary').faults.clear();
    await arrive(moving.name, 'ds3');
    expect(await secondary().findReplica(secondaryVolume, queued.name)).toBeUndefined();
    await world.releaseBase(await world.relation('ds3'));
    await driver.deleteStorageSnapshot(primaryVolume, moving.name);
    await secondary().deleteStorageSnapshot(secondaryVolume, moving.name);
  });
});

describe('a replica', () => {
  it('may tell the time of its original or of its arrival, and no other', async () => {
    const { secondaryVolume } = await world.relation('ds3');
    const find = (createdAt?: string) =>
      secondary().findReplica(secondaryVolume, 'admin-nightly', undefined, createdAt);
    const shownMs = Date.parse((await find())?.createdAt ?? '');
    expect(await find(new Date(shownMs + 999).toISOString())).toBeDefined();
    expect(await find(new Date(shownMs - 3_600_000).toISOString())).toBeDefined();
    expect(await codeOf(find(new Date(shownMs + 2_000).toISOString()))).toBe('L-ARR-203');
    expect(await codeOf(find('2001-01-01T00:00:00.000Z'))).toBe('L-ARR-203');
  });
});

describe('other set-ups', () => {
  let other: NimbleWorld;
  beforeAll(async () => {
    other = await makeNimbleWorld({
      change: (side, config) => {
        if (side === 'secondary') {
          config.group.version = '5.1.4.0-1-opt';
          return;
        }
        config.partners?.push({ name: 'grp-third', secret: 'shared-secret' });
        const local = config.volumeCollections?.find(({ name }) => name === 'vc-local');
        const schedules = ['grp-dr', 'grp-third'].map((partner) => ({ name: `to-${partner}`, partner }));
        if (local) local.schedules = schedules;
      },
    });
  });
  afterAll(() => other.close());

  it('with several partners want one named', async () => {
    const driver = other.connect('primary');
    const volume = await other.volume('primary', 'grp-a');
    const request = { name: 'leeward_bad_several', volumes: [volume], comment };
    expect(await codeOf(driver.createStorageSnapshots(request))).toBe('L-ARR-605');
    await driver.createStorageSnapshots({ ...request, transferTo: { arrayName: 'grp-dr' } });
    const posted = other.exchanges.filter(
      ({ method, path }) => method === 'POST' && path === '/v1/snapshot_collections',
    );
    expect(posted.at(-1)?.requestBody).toMatchObject({ data: { replicate: true, replicate_to: 'grp-dr' } });
    const alone = { ...request, name: 'leeward_bad_unknown', transferTo: { arrayName: 'grp-nowhere' } };
    await driver.createStorageSnapshots(alone);
    expect(await codeOf(driver.outgoingTransfer?.(volume, alone.name))).toBe('L-ARR-603');
  });

  it('of an older release are refused', async () => {
    expect(await codeOf(other.connect('secondary').inventory())).toBe('L-ARR-006');
  });
});

describe('volume collections', () => {
  it('lose a member at a time while others are wanted, and the rest with the last', async () => {
    const name = 'leeward_bad_members';
    const [a, b, c] = await Promise.all(
      ['grp-a', 'grp-b', 'grp-c'].map((each) => world.volume('primary', each)),
    );
    if (!a || !b || !c) throw new Error('the world lacks volumes');
    const driver = primary();
    const made = await driver.createStorageSnapshots({ name, volumes: [a, b], comment });
    expect(made.instants).toMatchObject([{ volumes: [a, b] }]);
    const namesOn = async (volume: typeof a) =>
      (await driver.listStorageSnapshots(volume)).map((each) => each.name);
    expect(await namesOn(c)).toContain(name);
    await driver.deleteStorageSnapshot(a, name);
    expect(await namesOn(a)).not.toContain(name);
    expect(await namesOn(b)).toContain(name);
    await driver.deleteStorageSnapshot(b, name);
    expect(await namesOn(c)).not.toContain(name);
  });

  it('take on a further volume of the same run without a second storage snapshot', async () => {
    const name = 'leeward_bad_joined';
    const [a, b] = await Promise.all(['grp-a', 'grp-b'].map((each) => world.volume('primary', each)));
    if (!a || !b) throw new Error('the world lacks volumes');
    const driver = primary();
    const first = await driver.createStorageSnapshots({ name, volumes: [a], comment });
    const both = await driver.createStorageSnapshots({ name, volumes: [a, b], comment });
    expect(both.storageSnapshots[0]).toEqual(first.storageSnapshots[0]);
    expect(both.storageSnapshots[1]?.comment).toBe(comment);
    for (const volume of [a, b]) await driver.deleteStorageSnapshot(volume, name);
    expect(await driver.listOwned()).toEqual([]);
  });

  it('on the secondary, and volumes that are offline, take no storage snapshot', async () => {
    const { secondaryVolume } = await world.relation('ds3');
    const request = { name: 'leeward_bad_replica', volumes: [secondaryVolume], comment };
    expect(await codeOf(secondary().createStorageSnapshots(request))).toBe('L-ARR-105');
    const volume = await world.volume('primary', 'sep-b');
    await world.admin('primary', 'PUT', `volumes/${volume.objectId}`, { online: false });
    expect(await codeOf(primary().createStorageSnapshots({ ...request, volumes: [volume] }))).toBe(
      'L-ARR-104',
    );
    await world.admin('primary', 'PUT', `volumes/${volume.objectId}`, { online: true });
  });
});
