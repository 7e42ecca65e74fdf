import type { VolumeId } from '@leeward/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeOntapWorld, type OntapWorld } from '../../../../../tests/interop/ontap-driver-world.ts';
import { ownershipComment } from '../../contract/ownership.ts';
import type { CreatedStorageSnapshots } from '../../contract/storage-snapshot.ts';

const comment = ownershipComment('test', 'run-1');
const path = '/application/consistency-groups';
let world: OntapWorld;
let a: VolumeId;
let b: VolumeId;
let c: VolumeId;
let outside: VolumeId;
let other: VolumeId;

beforeAll(async () => {
  world = await makeOntapWorld('9.14.1');
  const named = (name: string) => world.volume('primary', name);
  [a, b, c] = [await named('grp_a'), await named('grp_b'), await named('grp_c')];
  [outside, other] = world.separateVolumes;
});
afterEach(async () => {
  world.simulators.primary.world.faults.clear();
  const driver = world.connect('primary');
  for (const { volume, name } of await driver.listOwned())
    if (volume) await driver.deleteStorageSnapshot(volume, name);
  expect(groupSnapshots()).toEqual([]);
});
afterAll(() => world.close());

/** What the groups hold, by the simulator's own records: name and volumes of each of their storage snapshots. */
function groupSnapshots() {
  return [...world.simulators.primary.world.groups.values()].flatMap(({ snapshots }) =>
    snapshots.map(({ name, members }) => [name, members.map(({ volume }) => volume.name).sort()]),
  );
}

const freeze = (name: string, volumes: readonly VolumeId[]) =>
  world.connect('primary').createStorageSnapshots({ name, volumes, comment });
const sets = ({ instants }: CreatedStorageSnapshots) =>
  instants.map(({ volumes }) => volumes.map(({ objectId }) => objectId).sort());
const ids = (...volumes: readonly VolumeId[]) => volumes.map(({ objectId }) => objectId).sort();
const refuse = (code: number) =>
  world.simulators.primary.world.faults.add({
    ...{ at: 'rest', method: 'POST', path: `*${path}/*` },
    action: { kind: 'refuse', status: 400, code, message: 'no' },
  });

describe('consistency groups', () => {
  it('freeze their volumes at one instant, whatever lies outside of them', async () => {
    const made = await freeze('leeward_mixed', [outside, a, c, b]);
    expect(sets(made)).toEqual([ids(a, b, c), ids(outside)]);
    expect(groupSnapshots()).toEqual([['leeward_mixed', ['grp_a', 'grp_b', 'grp_c']]]);
    expect(made.storageSnapshots.map(({ volume }) => volume)).toEqual([outside, a, c, b]);
    // A restart finds the same: not a second one, and the same instant.
    const again = await freeze('leeward_mixed', [outside, a, c, b]);
    expect(again.instants.map(({ id }) => id)).toEqual(made.instants.map(({ id }) => id));
    expect(again.instants.map(({ measured }) => measured)).toEqual([undefined, undefined]);
  });

  it('of which not all volumes are wanted freeze nothing: nobody would remove the rest', async () => {
    const made = await freeze('leeward_part', [a, b]);
    expect(sets(made)).toEqual([ids(a), ids(b)]);
    expect(groupSnapshots()).toEqual([]);
    const namesOn = await world.connect('primary').listStorageSnapshots(c);
    expect(namesOn.map(({ name }) => name)).not.toContain('leeward_part');
  });

  it('in a group are frozen by the outermost one that is wanted as a whole', async () => {
    const children = await Promise.all(
      [outside, other].map(async (volume, at) => {
        const { volumes } = await world.connect('primary').inventory();
        const name = volumes.find(({ id }) => id.objectId === volume.objectId)?.name ?? '';
        return { name: `child${at}`, volumes: [{ name, provisioning_options: { action: 'add' } }] };
      }),
    );
    const svm = { name: 'svm_vms' };
    await world.admin('primary', 'POST', `${path}?return_timeout=15`, {
      ...{ name: 'parent', svm, consistency_groups: children },
    });
    const { volumes } = await world.connect('primary').inventory();
    const told = volumes.find(({ id }) => id.objectId === outside.objectId)?.instantGroups;
    expect(told?.map((set) => [...set].sort())).toEqual([ids(outside, other)]);
    const made = await freeze('leeward_parent', [outside, a, other]);
    expect(sets(made)).toEqual([ids(outside, other), ids(a)]);
    expect(groupSnapshots()).toHaveLength(1);
    const driver = world.connect('primary');
    for (const volume of [outside, other, a]) await driver.deleteStorageSnapshot(volume, 'leeward_parent');
    const records = (await world.admin('primary', 'GET', `${path}?fields=name`)) as {
      records: { uuid: string; name: string }[];
    };
    for (const name of ['child0', 'child1', 'parent'])
      await world.admin(
        ...['primary' as const, 'DELETE' as const],
        `${path}/${records.records.find((record) => record.name === name)?.uuid}?return_timeout=15`,
      );
  });

  it.each([
    ['snapshot locking', 53411959],
    ['another owner', 53411918],
    ['a missing right', 6],
  ])('that refuse for %s leave their volumes to be frozen one by one', async (_why, code) => {
    refuse(code);
    expect(sets(await freeze('leeward_refused', [a, b, c]))).toEqual([ids(a), ids(b), ids(c)]);
  });
});

describe('measured moments', () => {
  it('are those of the calls that freeze, without what was looked up and waited for before', async () => {
    const { faults } = world.simulators.primary.world;
    const delay = { kind: 'delay', delayMs: 400 } as const;
    faults.add({ at: 'rest', method: 'GET', path: '*/storage/volumes/*', times: 2, action: delay });
    faults.add({
      ...{ at: 'rest', method: 'POST', path: `*/storage/volumes/${other.objectId}/snapshots*` },
      action: { kind: 'delay', delayMs: 1_500 },
    });
    const { instants } = await freeze('leeward_late', [outside, other]);
    const [first, late] = instants.map(({ measured }) => measured);
    expect((late?.toMs ?? 0) - (late?.fromMs ?? 0)).toBeGreaterThanOrEqual(1_500);
    expect((first?.toMs ?? 0) - (first?.fromMs ?? 0)).toBeLessThan(1_400);
    expect((late?.toMs ?? 0) - (first?.toMs ?? 0)).toBeGreaterThan(100);
  });
});
