import { isPermanent } from '@leeward/core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  makeOntapSyncWorld,
  type OntapSyncWorld,
  type SyncWorldOptions,
} from '../../../../../tests/interop/ontap-sync-world.ts';
import { ownershipComment } from '../../contract/ownership.ts';
import { codeOf } from '../../testing/code-of.ts';

const comment = ownershipComment('contract', 'run-sync');

describe('synchronous relations of ONTAP', () => {
  let world: OntapSyncWorld;
  afterEach(() => world.close());

  const open = async (version: string, options?: SyncWorldOptions) => {
    world = await makeOntapSyncWorld(version, options);
  };
  const relations = async (side: 'primary' | 'secondary') =>
    (await world.connect(side).inventory()).relations;

  it('of a consistency group are one for each volume, with ids of their own', async () => {
    await open('9.16.1');
    const found = await relations('secondary');
    expect(found).toHaveLength(3);
    expect(new Set(found.map(({ id }) => id.objectId)).size).toBe(3);
    expect(found.map(({ sync }) => sync?.automaticSwitchover).sort()).toEqual([false, true, true]);
    expect(found[0]?.sync?.primarySide).toBe('SVM svm_vms of the array clus_pri');
    const told = await relations('primary');
    expect(told.map(({ kind, reportedBy, unusable }) => `${kind} ${reportedBy}: ${unusable}`)).toEqual(
      Array(2).fill(
        'sync primary: only the secondary array clus_sec tells its state and policy: add that array to Leeward',
      ),
    );
  });

  it('show a device of active sync on the side alone that serves it', async () => {
    await open('9.16.1');
    const names = async (side: 'primary' | 'secondary') =>
      (await world.connect(side).inventory()).volumes.flatMap(({ name, luns = [] }) =>
        luns.flatMap(({ scsiNames }) => scsiNames.map((scsiName) => ({ name, scsiName }))),
      );
    const [primary, secondary] = [await names('primary'), await names('secondary')];
    expect(primary.map(({ name }) => name).sort()).toEqual(['ds_a', 'ds_alone', 'ds_b']);
    expect(secondary.map(({ name }) => name)).toEqual(['ds_alone_dst']);
  });

  it('need both arrays: without the other one nothing is coordinated, and why is said', async () => {
    await open('9.16.1');
    const { alone } = world;
    const secondary = await world.connectAlone('secondary').inventory();
    expect(secondary.relations.map(({ usable, unusable }) => `${usable} ${unusable}`)).toEqual(
      Array(3).fill(expect.stringMatching(/^false .*add the primary array clus_pri to Leeward/)),
    );
    const { sync } = world.connectAlone('primary');
    if (!sync) throw new Error('no coordinated storage snapshots');
    expect(await sync.look(alone)).toMatchObject({ detected: false, reasons: [expect.any(String)] });
    const request = { name: 'leeward_lonely', pairs: [alone], comment };
    expect(await codeOf(sync.create(request))).toBe('L-ARR-204');
    await world.connect('primary').sync?.create(request);
    const refused = await sync.remove(alone, request.name).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'L-ARR-211' });
    expect(isPermanent(refused)).toBe(false);
    await world.connect('primary').sync?.remove(alone, request.name);
    expect(await world.connect('secondary').listOwned()).toEqual([]);
  });

  it('before 9.14.1 replicate by label: the policy’s own is taken, and without a rule they are no source', async () => {
    await open('9.13.1');
    const found = await relations('secondary');
    const usable = found.filter((relation) => relation.usable);
    expect(usable.map(({ policyName }) => policyName)).toEqual(['Sync']);
    expect(found.find(({ policyName }) => policyName === 'AutomatedFailOver')?.unusable).toMatch(
      /^before ONTAP 9\.14\.1 .* AutomatedFailOver has no rule/,
    );
    expect(usable[0]?.retention).toEqual([{ label: 'app_consistent', keep: 1 }]);
    const { sync } = world.connect('primary');
    const pairs = [world.alone];
    const made = await sync?.create({ name: 'leeward_label', pairs, comment, label: 'mine' });
    expect(made?.storageSnapshots[0]?.secondary.label).toBe('app_consistent');
    expect(
      await codeOf(Promise.resolve(sync?.create({ name: 'x', pairs: [...world.together], comment }))),
    ).toBe('L-ARR-204');
    await sync?.remove(world.alone, 'leeward_label');
  });

  it('a MetroCluster is told as what it is: two sites below the volumes, no relation', async () => {
    await open('9.16.1', {
      change: (_side, config) => {
        config.cluster.metrocluster = 'ip';
      },
    });
    const { identity, notes, relations: found } = await world.connect('primary').inventory();
    expect(identity.twoSites).toBe('MetroCluster over IP');
    expect(notes[0]).toMatch(
      /^clus_pri is one site of a MetroCluster over IP\. .*no secondary that could be read/,
    );
    expect(found).toHaveLength(2);
    expect((await world.connect('primary').identify()).twoSites).toBe('MetroCluster over IP');
  });

  it('follow a planned failover of active sync: ends, devices and the instant of the group', async () => {
    await open('9.16.1');
    const [group] = await world.callers.secondary.records(
      '/snapmirror/relationships?group_type=consistency_group',
    );
    const path = `/snapmirror/relationships/${group?.['uuid']}?failover=true&return_timeout=20`;
    expect((await world.callers.secondary.call('PATCH', path, { body: {} })).status).toBe(200);
    const turned = world.together.map(({ primary, secondary }) => ({
      primary: secondary,
      secondary: primary,
    }));
    const other = world.connect('secondary');
    for (let turn = 0; turn < 200; turn++) {
      const looks = await Promise.all(turned.map((pair) => other.sync?.look(pair)));
      if (looks.every((look) => look?.detected)) break;
      await world.clock.sleep(50);
    }
    const { relations: found, volumes } = await world.connect('primary').inventory();
    for (const { primary, secondary } of turned)
      expect(
        found.find(({ destination }) => destination.volume?.objectId === secondary.objectId),
      ).toMatchObject({ usable: true, source: { volume: primary }, health: { detected: true } });
    const shown = volumes.filter(({ luns = [] }) => luns.some(({ scsiNames }) => scsiNames.length > 0));
    expect(shown.map(({ name }) => name)).toEqual(['ds_alone']);
    const [former] = world.together;
    expect(await world.connect('primary').sync?.look(former)).toMatchObject({ detected: false });
    const made = await other.sync?.create({ name: 'leeward_turned', pairs: turned, comment });
    expect(made?.instants.map((instant) => instant.volumes.length)).toEqual([4]);
    for (const pair of turned) await other.sync?.remove(pair, 'leeward_turned');
    expect(await other.listOwned()).toEqual([]);
  });

  it('a half on the destination goes with that of the source, also when asked for alone', async () => {
    await open('9.16.1');
    const { alone } = world;
    const request = { name: 'leeward_half', pairs: [alone], comment };
    await world.connect('primary').sync?.create(request);
    expect(
      await codeOf(world.connectAlone('secondary').deleteStorageSnapshot(alone.secondary, request.name)),
    ).toBe('L-ARR-102');
    await world.connect('secondary').deleteStorageSnapshot(alone.secondary, request.name);
    expect(await world.connect('primary').sync?.find(alone, request.name)).toEqual({});
  });
});
