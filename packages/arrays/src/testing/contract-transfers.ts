import { describe, expect, it } from 'vitest';
import type { ArrayDriver } from '../contract/array-driver.ts';
import { lookAtTransfer } from '../contract/look-at-transfer.ts';
import { ownershipComment } from '../contract/ownership.ts';
import type { TransferProgress, TransferRef } from '../contract/transfer.ts';
import type { ArrayWorld, WorldRelation } from './array-world.ts';

const comment = ownershipComment('contract', 'run-transfers');

export function describeTransfers(world: () => ArrayWorld): void {
  describe('transfers', () => {
    it('bring the named storage snapshot, over every kind of policy', async () => {
      for (const relation of world().relations) await transferOne(world(), relation);
    });

    it('wait for their turn and never throw for it', async () => {
      const relation = firstRelation(world());
      const names = ['leeward_contract_turn1', 'leeward_contract_turn2', 'leeward_contract_turn3'];
      for (const name of names) await snapshot(world(), relation, name);
      const driver = world().connect('secondary');
      const refs = await Promise.all(
        names.map((storageSnapshotName) =>
          driver.startTransfer({ relation: relation.relation, storageSnapshotName }),
        ),
      );
      for (const ref of refs) expect((await finish(world(), driver, ref)).state).toBe('done');
      for (const name of names) await removeBoth(world(), relation, name);
    });

    it('are taken up again by a driver that remembers nothing', async () => {
      const relation = firstRelation(world());
      const name = 'leeward_contract_resume';
      await snapshot(world(), relation, name);
      const ref = await world()
        .connect('secondary')
        .startTransfer({ relation: relation.relation, storageSnapshotName: name });
      const revived: TransferRef = JSON.parse(JSON.stringify(ref));
      expect((await finish(world(), world().connect('secondary'), revived)).state).toBe('done');
      const again = await world().connect('secondary').startTransfer(ref);
      expect((await world().connect('secondary').transferProgress(again)).state).toBe('done');
      await removeBoth(world(), relation, name);
    });

    it('send on what another relation brought exactly where they are asked for', async () => {
      const driver = world().connect('secondary');
      const { relations } = await driver.inventory();
      const transfers = relations.filter(({ kind, usable }) => kind === 'transfer' && usable);
      expect(transfers.length).toBeGreaterThan(0);
      for (const { firstHopOnly } of transfers)
        expect(firstHopOnly !== undefined).toBe(driver.capabilities.transferStartsWithSnapshot);
    });

    it('of a storage snapshot that is not there end as failed or are refused, and can be aborted', async () => {
      const relation = firstRelation(world());
      const driver = world().connect('secondary');
      const request = { relation: relation.relation, storageSnapshotName: 'leeward_contract_missing' };
      const outcome = await driver
        .startTransfer(request)
        .then((ref) => finish(world(), driver, ref))
        .catch((error: unknown) => error);
      expect(['failed', 'L-ARR-202']).toContain(read(outcome, 'state') ?? read(outcome, 'code'));
      await driver.abortTransfer(request);
      expect(await driver.findReplica(relation.secondaryVolume, 'leeward_contract_missing')).toBeUndefined();
    });
  });
}

async function transferOne(world: ArrayWorld, relation: WorldRelation): Promise<void> {
  const name = `leeward_contract_${relation.policy.replace(/\W/g, '_')}`;
  const original = await snapshot(world, relation, name);
  const driver = world.connect('secondary');
  if (!driver.capabilities.transferStartsWithSnapshot)
    expect(await driver.findReplica(relation.secondaryVolume, name)).toBeUndefined();
  const { createdAt } = original;
  const request = { relation: relation.relation, storageSnapshotName: name, createdAt };
  const ref = await driver.startTransfer(request);
  expect((await finish(world, driver, ref)).state).toBe('done');
  const replica = await driver.findReplica(relation.secondaryVolume, name, undefined, createdAt);
  expect(replica).toMatchObject({ name, createdAt, volume: relation.secondaryVolume });
  await driver.abortTransfer(ref);
  const wrongTime = '2001-01-01T00:00:00.000Z';
  await expect(
    driver.findReplica(relation.secondaryVolume, name, undefined, wrongTime),
  ).rejects.toMatchObject({ code: 'L-ARR-203' });
  await removeBoth(world, relation, name);
}

async function snapshot(world: ArrayWorld, { primaryVolume }: WorldRelation, name: string) {
  const request = { name, volumes: [primaryVolume], comment, label: 'leeward' };
  const [made] = (await world.connect('primary').createStorageSnapshots(request)).storageSnapshots;
  if (!made) throw new Error('no storage snapshot was made');
  return made;
}

/** Polls to the end as the engine does. */
async function finish(world: ArrayWorld, driver: ArrayDriver, ref: TransferRef): Promise<TransferProgress> {
  const { relation } = ref;
  const known = world.relations.find((each) => each.relation.objectId === relation.objectId);
  if (!known) throw new Error('the world does not know this relation');
  const { primaryVolume } = known;
  const ends = { secondary: driver, primary: world.connect('primary'), primaryVolume };
  for (let look = 0; look < 600; look++) {
    const progress = await lookAtTransfer(ends, ref);
    if (progress.state === 'done' || progress.state === 'failed') return progress;
    await world.clock.sleep(100);
  }
  throw new Error(`the transfer of ${ref.storageSnapshotName} did not end`);
}

/**
 * The newest transferred storage snapshot is held as the base of the next transfer, on either side, so a later
 * one of the administrator takes its place first.
 */
async function removeBoth(world: ArrayWorld, relation: WorldRelation, name: string): Promise<void> {
  await world.releaseBase(relation);
  await world.connect('primary').deleteStorageSnapshot(relation.primaryVolume, name);
  if (relation.policy === 'mirror') return await world.releaseBase(relation);
  await world.connect('secondary').deleteStorageSnapshot(relation.secondaryVolume, name);
}

function firstRelation(world: ArrayWorld): WorldRelation {
  const [relation] = world.relations;
  if (!relation) throw new Error('the world has no relation');
  return relation;
}

function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
