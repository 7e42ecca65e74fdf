import { systemClock } from '@leeward/platform';
import { describe, expect, test } from 'vitest';
import { act } from '../control/control-actions.ts';
import { AccessControlledLuns } from '../lun/lun-directory.ts';
import { refusalOf } from '../testing/rest-caller.ts';
import { sides } from '../testing/sync-config.ts';
import { mebibyte, SyncGroup } from '../testing/sync-group.ts';

const esxi = 'iqn.1998-01.com.vmware:esxi1';

const { upstream, downstream } = sides;
const sync = new SyncGroup();

describe('a synchronous pair that loses a side', () => {
  test('out of sync: writes go on upstream, snapshot collections have one half; the resync copies what differs', async () => {
    await sync.fill('ds1', 1);
    await act(sync.group.world, { action: 'suspendSync', volumeCollection: 'vc-sync', suspended: true });
    await sync.fill('ds1', 2, 2 * mebibyte);
    expect([await sync.state(), await sync.state('vc-one')]).toEqual(['out_of_sync', 'in_sync']);
    await sync.take('solo');
    expect(await sync.halvesOf('solo')).toMatchObject([{ srep_owner_id: null, peer_snapcoll_id: null }]);
    expect(await sync.digest(downstream.pool)).not.toEqual(await sync.digest(upstream.pool));
    await act(sync.group.world, { action: 'suspendSync', volumeCollection: 'vc-sync', suspended: false });
    await sync.inSync();
    expect(await sync.digest(downstream.pool)).toEqual(await sync.digest(upstream.pool));
    await sync.group.apply({ soloSnapshots: 'refused' });
    await act(sync.group.world, { action: 'setSyncLink', isUp: false });
    expect(refusalOf(await sync.take('refused'))).toBe('409 SM_srepl_mgmt_op_disallowed_when_solo');
  });

  test('a downstream pool that is full loses the sync and not the write', async () => {
    await act(sync.group.world, { action: 'setFreeBytes', pool: downstream.pool, freeBytes: mebibyte });
    await sync.fill('ds1', 1, 4 * mebibyte);
    expect(await sync.state()).toBe('out_of_sync');
    await act(sync.group.world, { action: 'setFreeBytes', pool: downstream.pool });
    await sync.inSync();
    expect(await sync.digest(downstream.pool)).toEqual(await sync.digest(upstream.pool));
  });

  test('whose secondary array is lost says so everywhere', async () => {
    await sync.take('before');
    const [up, down] = await sync.halvesOf('before');
    await sync.setArray(downstream.array, false);
    expect(await sync.state()).toBe('out_of_sync');
    expect(await sync.rest.one(`arrays/detail?name=${downstream.array}`)).toMatchObject({
      status: 'unreachable',
    });
    expect(await sync.rest.one(`replication_partners/detail?name=${downstream.pool}`)).toMatchObject({
      is_alive: false,
    });
    expect(await sync.rest.one('groups/detail')).toMatchObject({
      management_service_backup_status: 'out_of_sync',
    });
    const member = down?.['snapshots_list'];
    const snapId = Array.isArray(member) ? String(Reflect.get(Object(member[0]), 'snap_id')) : '';
    const clone = { name: 'clone', clone: true, base_snap_id: snapId };
    expect(refusalOf(await sync.rest.call('POST', 'volumes', clone))).toBe('503 SM_srv_unreach');
    expect(refusalOf(await sync.rest.call('DELETE', `snapshot_collections/${down?.['id']}`))).toBe(
      '409 SM_srepl_mgmt_op_disallowed_when_solo',
    );
    expect((await sync.rest.call('DELETE', `snapshot_collections/${up?.['id']}`)).status).toBe(200);
    await sync.setArray(downstream.array, true);
    await sync.inSync();
    const made = await sync.rest.create('volumes', clone);
    expect(made).toMatchObject({ pool_name: downstream.pool });
    await sync.group.apply({ lostState: 'unknown' });
    await sync.setArray(downstream.array, false);
    expect(await sync.state()).toBe('unknown');
  });

  test('hands over: the other half serves hosts under the same identity', async () => {
    const directory = new AccessControlledLuns(sync.group.world.group);
    const before = directory.luns(sync.group.world.group.targetName, esxi);
    const [up, down] = [await sync.half('ds1', 'upstream'), await sync.half('ds1', 'downstream')];
    const { id } = await sync.collection();
    const target = await sync.rest.one(`replication_partners/detail?name=${downstream.pool}`);
    const data = { replication_partner_id: String(target['id']) };
    expect((await sync.rest.call('POST', `volume_collections/${id}/actions/handover`, data)).status).toBe(
      200,
    );
    expect(refusalOf(await sync.rest.call('POST', `volume_collections/${id}/actions/handover`, data))).toBe(
      '409 SM_repl_handover_busy',
    );
    await sync.rest.until(
      `volumes/${up['id']}`,
      (row) => row['replication_role'] === 'synchronous_downstream',
    );
    expect((await sync.half('ds1', 'upstream'))['id']).toBe(down['id']);
    expect(await sync.state()).toBe('in_sync');
    const after = directory.luns(sync.group.world.group.targetName, esxi);
    expect(after?.map(({ serial, lun }) => ({ serial, lun }))).toEqual(
      before?.map(({ serial, lun }) => ({ serial, lun })),
    );
    before?.[0]?.write(0, Buffer.alloc(4096, 7));
    expect(await sync.digest(upstream.pool)).toEqual(await sync.digest(downstream.pool));
  });

  test('Peer Persistence: the leader with the upstream pool is lost, hosts and management go over', async () => {
    await sync.start((config) => {
      config.group.failoverMode = 'Automatic';
    });
    await sync.fill('ds1', 3);
    const down = await sync.half('ds1', 'downstream');
    const read = new AccessControlledLuns(sync.group.world.group).luns(
      sync.group.world.group.targetName,
      esxi,
    )?.[0];
    const before = await sync.digest(upstream.pool);
    await sync.setArray(upstream.array, false);
    expect(() => read?.read(0, Buffer.alloc(512))).toThrow('lost');
    await expect(sync.rest.rows('groups/detail')).rejects.toThrow();
    for (let look = 0; look < 200 && sync.group.world.group.leader.name === upstream.array; look++)
      await systemClock.sleep(10);
    expect(await sync.rest.one('groups/detail')).toMatchObject({
      leader_array_name: downstream.array,
      failover_mode: 'Automatic',
    });
    expect(await sync.half('ds1', 'upstream')).toMatchObject({ id: down['id'], pool_name: downstream.pool });
    expect(await sync.digest(downstream.pool)).toEqual(before);
    read?.read(0, Buffer.alloc(512));
    await sync.fill('ds1', 4);
    await sync.setArray(upstream.array, true);
    await sync.inSync();
    expect(await sync.digest(upstream.pool)).toEqual(await sync.digest(downstream.pool));
  });

  test('without a witness the lost leader takes the management along until it is back', async () => {
    await sync.setArray(upstream.array, false);
    await expect(sync.rest.rows('groups/detail')).rejects.toThrow();
    await sync.setArray(upstream.array, true);
    await sync.inSync();
  });

  test.each([
    ['before', [], 'out_of_sync'],
    ['after', ['faulty', 'faulty'], 'out_of_sync'],
  ] as const)('faults: the secondary array is lost %s the n-th call', async (when, second, state) => {
    sync.group.world.faults.add({
      at: 'step',
      step: 'sync.call',
      path: 'POST /v1/snapshot_collections',
      nth: 2,
      times: 1,
      action: { kind: 'cut', when },
    });
    await sync.take('first');
    expect(await sync.state()).toBe('in_sync');
    await sync.take('faulty');
    expect(await sync.state()).toBe(state);
    const names = (await sync.halvesOf('faulty')).map(({ name }) => name);
    expect(names).toEqual(second.length > 0 ? second : ['faulty']);
  });

  test.each([
    ['fail', 'reachable'],
    ['cut', 'unreachable'],
  ] as const)(
    'faults: while both halves are made (%s) one is there and the sync is lost',
    async (kind, status) => {
      sync.group.world.faults.add({
        at: 'step',
        step: 'sync.snapshot',
        path: 'vc-sync',
        times: 1,
        action: { kind },
      });
      expect((await sync.take('torn')).status).toBe(201);
      expect(await sync.halvesOf('torn')).toMatchObject([{ peer_snapcoll_id: null }]);
      expect(await sync.state()).toBe('out_of_sync');
      expect(await sync.rest.one(`arrays/detail?name=${downstream.array}`)).toMatchObject({ status });
    },
  );
});
