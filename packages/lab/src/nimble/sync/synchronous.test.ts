import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { act } from '../control/control-actions.ts';
import { refusalOf } from '../testing/rest-caller.ts';
import { sides } from '../testing/sync-config.ts';
import { SyncGroup } from '../testing/sync-group.ts';

const { upstream, downstream } = sides;
const sync = new SyncGroup();

describe('a synchronous pair', () => {
  test('is told as the interface tells it: roles, pools, one identity, partners of the type pool', async () => {
    const [up, down] = [await sync.half('ds1', 'upstream'), await sync.half('ds1', 'downstream')];
    expect(up).toMatchObject({ pool_name: upstream.pool, name: 'ds1', online: true });
    expect(down).toMatchObject({ pool_name: downstream.pool, name: 'ds1', size: up['size'] });
    expect(down['id']).not.toBe(up['id']);
    expect(down['serial_number']).toBe(up['serial_number']);
    expect(down['access_control_records']).toEqual(up['access_control_records']);
    expect(await sync.collection()).toMatchObject({
      replication_type: 'synchronous',
      synchronous_replication_type: 'soft_available',
      synchronous_replication_state: 'in_sync',
      volume_count: 2,
      upstream_volume_list: [{ vol_name: 'ds1', pool_name: upstream.pool }, { vol_name: 'ds2' }],
      downstream_volume_list: [{ vol_name: 'ds1', pool_name: downstream.pool }, { vol_name: 'ds2' }],
      srep_resync_percent: null,
    });
    const partners = await sync.rest.rows('replication_partners/detail');
    expect(partners).toMatchObject([
      { name: upstream.pool, partner_type: 'pool', is_alive: true, replication_direction: 'upstream' },
      { name: downstream.pool, partner_type: 'pool', is_alive: true, replication_direction: 'downstream' },
    ]);
    expect(await sync.rest.rows('arrays/detail')).toMatchObject([
      { name: upstream.array, pool_name: upstream.pool, status: 'reachable', role: 'leader' },
      { name: downstream.array, pool_name: downstream.pool, status: 'reachable', role: 'backup_leader' },
    ]);
    expect(await sync.rest.one('network_configs/detail')).toMatchObject({
      array_list: [
        { name: upstream.array, nic_list: [{ data_ip: upstream.address }] },
        { name: downstream.array, nic_list: [{ data_ip: downstream.address }] },
      ],
    });
  });

  test('writes both halves; one snapshot collection freezes both at once, linked to each other', async () => {
    await sync.fill('ds1', 1);
    expect(await sync.digest(downstream.pool)).toEqual(await sync.digest(upstream.pool));
    const made = await sync.take('both', { description: 'by hand', metadata: [{ key: 'a', value: 'b' }] });
    expect(made.status).toBe(201);
    await sync.fill('ds1', 2);
    expect(await sync.digest(downstream.pool, 'both')).toEqual(await sync.digest(upstream.pool, 'both'));
    expect(await sync.digest(downstream.pool)).not.toEqual(await sync.digest(downstream.pool, 'both'));
    const [up, down] = await sync.halvesOf('both');
    const partner = async (name: string) =>
      (await sync.rest.one(`replication_partners/detail?name=${name}`))['id'];
    const owners = [await partner(upstream.pool), await partner(downstream.pool)];
    expect(up).toMatchObject({
      peer_snapcoll_id: down?.['id'],
      srep_owner_id: owners[0],
      num_snaps: 2,
      repl_status: null,
    });
    expect(down).toMatchObject({
      peer_snapcoll_id: up?.['id'],
      srep_owner_id: owners[1],
      num_snaps: 2,
      metadata: null,
    });
    const ids = [(await sync.half('ds1', 'downstream'))['id'], (await sync.half('ds2', 'downstream'))['id']];
    expect(down?.['snapshots_list']).toMatchObject(ids.map((vol_id) => ({ vol_id })));
    expect(refusalOf(await sync.take('both'))).toBe('409 SM_eexist');
  });

  test('is refused what the real one refuses', async () => {
    const down = await sync.half('ds1', 'downstream');
    const { id } = await sync.collection();
    const [, pool] = await sync.rest.rows('replication_partners/detail');
    const action = (path: string, data: JsonObject = {}) => sync.rest.call('POST', path, data);
    const refused = async (answer: Promise<Awaited<ReturnType<typeof action>>>) => refusalOf(await answer);
    const partner = { replication_partner_id: String(pool?.['id']) };
    expect(await refused(action(`replication_partners/${pool?.['id']}/actions/pause`))).toBe(
      '409 SM_pool_partner_pause_unsup',
    );
    expect(await refused(action(`replication_partners/${pool?.['id']}/actions/resume`))).toBe(
      '409 SM_pool_partner_resume_unsup',
    );
    expect(await refused(action(`volume_collections/${id}/actions/promote`))).toBe(
      '409 SM_srep_volcoll_unsup',
    );
    expect(await refused(action(`volume_collections/${id}/actions/demote`, partner))).toBe(
      '409 SM_srep_volcoll_unsup',
    );
    expect(await refused(sync.rest.call('PUT', `volumes/${down['id']}`, { online: false }))).toBe(
      '409 SM_eperm',
    );
    expect(await refused(action('snapshots', { name: 'single', vol_id: String(down['id']) }))).toBe(
      '409 SM_eperm',
    );
    const access = { vol_id: String(down['id']), apply_to: 'volume' };
    expect(await refused(action('access_control_records', access))).toBe('409 SM_srep_downstream_acl');
    expect(await refused(sync.take('x', { invoke_on_upstream_partner: true }))).toBe(
      '409 SM_srep_volcoll_unsup',
    );
    await sync.take('y');
    const [up] = await sync.halvesOf('y');
    expect(
      await refused(sync.rest.call('PUT', `snapshot_collections/${up?.['id']}`, { replicate: false })),
    ).toBe('400 SM_unexpected_arg');
    const joins = async (name: string, data: JsonObject) => {
      const volume = await sync.rest.create('volumes', { name, size: 64, pool_name: upstream.pool, ...data });
      return await refused(sync.rest.call('PUT', `volumes/${volume['id']}`, { volcoll_id: String(id) }));
    };
    expect(await joins('alone', { iscsi_target_scope: 'volume' })).toBe('409 SM_srep_not_group_scoped_vol');
    expect(await joins('elsewhere', { pool_name: downstream.pool })).toBe('409 SM_srep_volcoll_unsup');
  });

  test('is configured by REST: a new member gets its half, and is in sync after a while', async () => {
    const volume = await sync.rest.create('volumes', { name: 'ds4', size: 64, pool_name: upstream.pool });
    const { id } = await sync.collection();
    await sync.rest.call('PUT', `volumes/${volume['id']}`, { volcoll_id: String(id) });
    expect(await sync.state()).toBe('out_of_sync');
    await sync.inSync();
    const down = await sync.half('ds4', 'downstream');
    await sync.rest.call('PUT', `volumes/${volume['id']}`, { volcoll_id: '' });
    const left = await sync.rest.one(`volumes/${down['id']}`);
    expect(left).toMatchObject({
      online: false,
      offline_reason: 'srep_unconfigured',
      replication_role: 'no_replication',
    });
    expect(left['serial_number']).not.toBe(down['serial_number']);
    expect((await sync.rest.call('DELETE', `volumes/${down['id']}`)).status).toBe(200);
  });

  test('without its partner is two volumes', async () => {
    const schedule = await sync.rest.one(
      `protection_schedules/detail?volcoll_or_prottmpl_id=${(await sync.collection())['id']}`,
    );
    await sync.rest.call('DELETE', `protection_schedules/${schedule['id']}`);
    expect(await sync.collection()).toMatchObject({
      synchronous_replication_state: 'out_of_sync',
      downstream_volume_list: null,
    });
    expect(await sync.rest.rows('volumes/detail?offline_reason=srep_unconfigured')).toHaveLength(2);
    expect(refusalOf(await sync.take('none'))).toBe('409 SM_repl_no_partner_avail');
  });

  test('halves are deleted one by one, or together where the system is set so', async () => {
    await sync.take('one');
    const [up] = await sync.halvesOf('one');
    await sync.rest.call('DELETE', `snapshot_collections/${up?.['id']}`);
    expect(await sync.halvesOf('one')).toMatchObject([{ peer_snapcoll_id: null }]);
    await sync.group.apply({ peerDelete: 'both' });
    await sync.take('two');
    const [, down] = await sync.halvesOf('two');
    await sync.rest.call('DELETE', `snapshot_collections/${down?.['id']}`);
    expect(await sync.halvesOf('two')).toEqual([]);
  });

  test.each([
    ['syncNeedsReplicate', true, 1],
    ['syncNeedsReplicate', false, 2],
  ])('with %s=%s a collection without replicate has %i halves', async (_, syncNeedsReplicate, count) => {
    await sync.group.apply({ syncNeedsReplicate });
    await sync.take('plain', { replicate: false });
    expect(await sync.halvesOf('plain')).toHaveLength(count);
  });

  test('schedules make both halves and age them by the same number', async () => {
    const taken = await act(sync.group.world, {
      action: 'takeScheduled',
      volumeCollection: 'vc-sync',
      schedule: 'daily',
      count: 5,
    });
    const names: unknown = Reflect.get(taken, 'names');
    const rows = await sync.rest.rows(
      `snapshot_collections/detail?volcoll_id=${(await sync.collection())['id']}`,
    );
    const kept = Array.isArray(names) ? names.slice(-3).flatMap((name) => [name, name]) : [];
    expect(rows.map(({ name }) => name)).toEqual(kept);
  });

  test('shows another identity downstream where the release does, and the pair’s beside it', async () => {
    await sync.group.apply({ pairIdentity: 'secondary_serial_number' });
    const [up, down] = [await sync.half('ds1', 'upstream'), await sync.half('ds1', 'downstream')];
    expect(down['serial_number']).not.toBe(up['serial_number']);
    expect(down['secondary_serial_number']).toBe(up['serial_number']);
    expect(up['secondary_serial_number']).toBe('');
  });
});
