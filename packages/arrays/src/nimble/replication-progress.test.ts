import { act } from '@leeward/lab/nimble/control/control-actions';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { NimbleWorld } from '../../../../tests/interop/nimble-driver-world.ts';
import { useNimbleWorld } from '../../../../tests/interop/use-nimble-world.ts';
import type { ArrayDriver } from '../contract/array-driver.ts';
import type { RelationHealth } from '../contract/inventory.ts';
import { lookAtTransfer } from '../contract/look-at-transfer.ts';
import { ownershipComment } from '../contract/ownership.ts';
import type { TransferProgress } from '../contract/transfer.ts';

let world: NimbleWorld;
let primary: ArrayDriver;
let secondary: ArrayDriver;
const comment = ownershipComment('test', 'run-1');
const mebibyte = 1024 * 1024;

useNimbleWorld((made) => {
  world = made;
});
beforeAll(() => {
  primary = world.connect('primary');
  secondary = world.connect('secondary');
});

const lab = (side: 'primary' | 'secondary') => world.simulators[side].world;

/** Looks again and again until it is as wanted; the last look, when that never comes. */
async function until<T>(look: () => Promise<T>, isWanted: (seen: T) => boolean): Promise<T> {
  let seen = await look();
  for (let turn = 0; turn < 300 && !isWanted(seen); turn++) {
    await world.clock.sleep(20);
    seen = await look();
  }
  return seen;
}

async function outgoing(volume: string, name: string): Promise<TransferProgress | undefined> {
  const { primaryVolume } = await world.relation(volume);
  return primary.outgoingTransfer?.(primaryVolume, name);
}

async function arrive(name: string, volume: string): Promise<void> {
  const { relation, primaryVolume } = await world.relation(volume);
  const ends = { secondary, primary, primaryVolume };
  const look = () => lookAtTransfer(ends, { relation, storageSnapshotName: name });
  expect(await until(look, ({ state }) => state === 'done')).toMatchObject({ state: 'done' });
}

describe('bytes of a transfer', () => {
  it('are those of the volume while it runs, and of its whole collection once it is sent', async () => {
    const name = 'leeward_bytes';
    const fresh = { seed: 31, offsetBytes: 0 };
    await act(lab('primary'), { action: 'fill', volume: 'ds1', ...fresh, lengthBytes: mebibyte });
    await act(lab('primary'), { action: 'fill', volume: 'ds2', ...fresh, lengthBytes: 4 * mebibyte });
    // Of the second volume half of what it has to send.
    const half = { kind: 'hang', atPercent: 50 } as const;
    onTestFinished(() => lab('primary').faults.clear());
    lab('primary').faults.add({ at: 'step', step: 'replication', path: 'vc-prod/ds2', action: half });
    const { primaryVolume, relation } = await world.relation('ds2');
    const { primaryVolume: first } = await world.relation('ds1');
    await primary.createStorageSnapshots({ name, volumes: [first, primaryVolume], comment });
    const isHalf = (look: TransferProgress | undefined) => look?.bytesTransferred === 2 * mebibyte;
    const running = { state: 'transferring', bytesTransferred: 2 * mebibyte };
    expect(await until(() => outgoing('ds2', name), isHalf)).toEqual(running);
    expect(await outgoing('ds1', name)).toEqual({ state: 'transferring', bytesTransferred: mebibyte });
    // As a run looks at it, from both ends.
    const ends = { secondary, primary, primaryVolume };
    expect(await lookAtTransfer(ends, { relation, storageSnapshotName: name })).toEqual(running);
    await lab('primary').faults.clear();
    await arrive(name, 'ds2');
    for (const volume of ['ds1', 'ds2'])
      expect(await outgoing(volume, name)).toEqual({
        state: 'transferring',
        bytesTransferred: 5 * mebibyte,
        reason: 'sent; the secondary does not show it yet',
      });
  });
});

describe('a partner in trouble', () => {
  const healthOf = async (volume: string): Promise<RelationHealth | undefined> => {
    const { relations } = await primary.inventory();
    return relations.find(({ source }) => source.volumeName === volume)?.health;
  };
  const well = (health: RelationHealth | undefined) => health?.healthy === true;
  const unwell = (health: RelationHealth | undefined) => health?.healthy === false;
  const checkLine = async () => (await primary.check()).find(({ name }) => name === 'partner grp-dr');
  /** The relation has it, and so does the check of the array. */
  const expectTrouble = async (reason: string) => {
    const health = await until(() => healthOf('ds3'), unwell);
    expect(health).toMatchObject({ healthy: false, state: 'active', reasons: [reason] });
    expect(await checkLine()).toMatchObject({ ok: false, text: reason });
  };

  it('that does not answer is named with what the array says of it, and so is its end', async () => {
    const setLink = (linkUp: boolean) => world.simulators.primary.apply({ linkUp });
    onTestFinished(() => setLink(true));
    await setLink(false);
    const reason = 'the replication partner grp-dr does not answer: the network of this group is down';
    await expectTrouble(reason);
    await setLink(true);
    expect(await until(() => healthOf('ds3'), well)).toMatchObject({ healthy: true, reasons: [] });
    expect(await checkLine()).toMatchObject({ ok: true });
  });

  it('that did not take the configuration is named until it has', async () => {
    const name = 'leeward_unsynced';
    const { primaryVolume } = await world.relation('ds3');
    // The partner refuses what comes from here, which does not know that.
    const pause = async (paused: boolean) => {
      await act(lab('secondary'), { action: 'pausePartner', partner: 'grp-prod', paused });
    };
    onTestFinished(() => pause(false));
    await pause(true);
    await primary.createStorageSnapshots({ name, volumes: [primaryVolume], comment });
    const reason = expect.stringMatching(
      /^the configuration is not yet the same on the partner grp-dr: SM_repl_remote_paused/,
    );
    await expectTrouble(reason);
    await pause(false);
    await arrive(name, 'ds3');
    expect(await until(() => healthOf('ds3'), well)).toMatchObject({ healthy: true, reasons: [] });
  });
});
