import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeNimbleWorld, type NimbleWorld } from '../../../../../tests/interop/nimble-driver-world.ts';
import { ownershipComment } from '../../contract/ownership.ts';
import { describeLocks } from '../../testing/contract-locks.ts';

const name = 'leeward_contract_locked';
const comment = ownershipComment('contract', 'run-locks');

describeLocks('NimbleOS with max_lock_period', 'array', async () => {
  const world = await makeNimbleWorld({
    change: (_side, config) => Object.assign(config.group, { maxLockPeriodSeconds: 14 * 86_400 }),
  });
  const relation = await world.relation('ds3');
  const driver = world.connect('primary');
  const [own] = world.separateVolumes;
  await driver.createStorageSnapshots({ name, volumes: [own, relation.primaryVolume], comment });
  const secondary = world.connect('secondary');
  const isThere = () => secondary.findReplica(relation.secondaryVolume, name);
  for (let look = 0; look < 1_000 && !(await isThere()); look++) await world.clock.sleep(20);
  await world.releaseBase(relation);
  return {
    ...world,
    own,
    lockable: [
      { side: 'primary', volume: own, name },
      { side: 'secondary', volume: relation.secondaryVolume, name },
    ],
    async pass(jumpMs) {
      for (const simulator of Object.values(world.simulators)) await simulator.apply({ jumpMs });
    },
  };
});

let world: NimbleWorld;
beforeAll(async () => {
  world = await makeNimbleWorld();
});
afterAll(() => world?.close());

it('a group that tells no longest lock has none, and says so', async () => {
  const driver = world.connect('primary');
  const [volume] = world.separateVolumes;
  const { volumes } = await driver.inventory();
  const why = expect.stringMatching(/^the group \(NimbleOS 6\.1\.1\.200.*\) tells no longest lock/);
  expect(volumes.map(({ locks }) => locks)).toEqual(volumes.map(() => ({ possible: false, why })));
  await driver.createStorageSnapshots({ name, volumes: [volume], comment });
  await expect(driver.locks?.lock(volume, name, world.clock.now() + 3_600_000)).rejects.toMatchObject({
    code: expect.stringMatching(/^L-ARR-/),
  });
  expect((await driver.listStorageSnapshots(volume)).find((each) => each.name === name)).not.toHaveProperty(
    'lockedUntil',
  );
  await driver.deleteStorageSnapshot(volume, name);
});
