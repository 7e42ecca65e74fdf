import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../json.ts';
import type { NimbleConfigInput } from '../config.ts';
import { act } from '../control/control-actions.ts';
import { AccessControlledLuns } from '../lun/lun-directory.ts';
import { type NimbleSimulator, startNimbleSimulator } from '../simulator.ts';
import { RestCaller, refusalOf } from '../testing/rest-caller.ts';
import { admin } from '../testing/start-pair.ts';
import { sides, syncConfig } from '../testing/sync-config.ts';

const { upstream, downstream } = sides;
const mebibyte = 1024 * 1024;
const esxi = 'iqn.1998-01.com.vmware:esxi1';

let group: NimbleSimulator;
let rest: RestCaller;

async function start(change?: (config: NimbleConfigInput) => void): Promise<void> {
  await stop();
  const folder = await mkdtemp(join(tmpdir(), 'nimble-sync-'));
  const config = syncConfig(folder);
  change?.(config);
  group = await startNimbleSimulator(config, { clock: systemClock, randomness: systemRandomness });
  rest = new RestCaller(group.addresses);
  closers.push(
    () => rest.close(),
    () => group.close(),
    () => rm(folder, { recursive: true, force: true }),
  );
  await rest.login(admin);
}

const closers: (() => Promise<unknown>)[] = [];

async function stop(): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

beforeEach(() => start());
afterEach(stop);

const vc = (name = 'vc-sync') => rest.one(`volume_collections/detail?name=${name}`);
const stateOf = async (name = 'vc-sync') => (await vc(name))['synchronous_replication_state'];
const inSync = () =>
  rest.until(
    'volume_collections/detail?name=vc-sync',
    (row) => row['synchronous_replication_state'] === 'in_sync',
  );
const half = (name: string, role: 'upstream' | 'downstream') =>
  rest.one(`volumes/detail?name=${name}&replication_role=synchronous_${role}`);
const fill = (volume: string, seed: number, lengthBytes = mebibyte) =>
  act(group.world, { action: 'fill', volume, seed, offsetBytes: 0, lengthBytes });
const digest = (pool: string, snapshot?: string) =>
  act(group.world, {
    action: 'digest',
    volume: 'ds1',
    pool,
    ...(snapshot ? { snapshot } : {}),
    offsetBytes: 0,
  });
const setArray = (array: string, isUp: boolean) => act(group.world, { action: 'setArray', array, isUp });
const halvesOf = (name: string) => rest.rows(`snapshot_collections/detail?name=${name}`);

async function take(name: string, more: JsonObject = {}) {
  const { id } = await vc();
  return await rest.call('POST', 'snapshot_collections', {
    name,
    volcoll_id: String(id),
    replicate: true,
    ...more,
  });
}

describe('a synchronous pair', () => {
  test('is told as the interface tells it: roles, pools, one identity, partners of the type pool', async () => {
    const [up, down] = [await half('ds1', 'upstream'), await half('ds1', 'downstream')];
    expect(up).toMatchObject({ pool_name: upstream.pool, name: 'ds1', online: true });
    expect(down).toMatchObject({ pool_name: downstream.pool, name: 'ds1', size: up['size'] });
    expect(down['id']).not.toBe(up['id']);
    expect(down['serial_number']).toBe(up['serial_number']);
    expect(down['access_control_records']).toEqual(up['access_control_records']);
    expect(await vc()).toMatchObject({
      replication_type: 'synchronous',
      synchronous_replication_type: 'soft_available',
      synchronous_replication_state: 'in_sync',
      volume_count: 2,
      upstream_volume_list: [{ vol_name: 'ds1', pool_name: upstream.pool }, { vol_name: 'ds2' }],
      downstream_volume_list: [{ vol_name: 'ds1', pool_name: downstream.pool }, { vol_name: 'ds2' }],
      srep_resync_percent: null,
    });
    const partners = await rest.rows('replication_partners/detail');
    expect(partners).toMatchObject([
      { name: upstream.pool, partner_type: 'pool', is_alive: true, replication_direction: 'upstream' },
      { name: downstream.pool, partner_type: 'pool', is_alive: true, replication_direction: 'downstream' },
    ]);
    expect(await rest.rows('arrays/detail')).toMatchObject([
      { name: upstream.array, pool_name: upstream.pool, status: 'reachable', role: 'leader' },
      { name: downstream.array, pool_name: downstream.pool, status: 'reachable', role: 'backup_leader' },
    ]);
    expect(await rest.one('network_configs/detail')).toMatchObject({
      array_list: [
        { name: upstream.array, nic_list: [{ data_ip: upstream.address }] },
        { name: downstream.array, nic_list: [{ data_ip: downstream.address }] },
      ],
    });
  });

  test('writes both halves; one snapshot collection freezes both at once, linked to each other', async () => {
    await fill('ds1', 1);
    expect(await digest(downstream.pool)).toEqual(await digest(upstream.pool));
    const made = await take('both', { description: 'by hand', metadata: [{ key: 'a', value: 'b' }] });
    expect(made.status).toBe(201);
    await fill('ds1', 2);
    expect(await digest(downstream.pool, 'both')).toEqual(await digest(upstream.pool, 'both'));
    expect(await digest(downstream.pool)).not.toEqual(await digest(downstream.pool, 'both'));
    const [up, down] = await halvesOf('both');
    const partner = async (name: string) =>
      (await rest.one(`replication_partners/detail?name=${name}`))['id'];
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
    const ids = [(await half('ds1', 'downstream'))['id'], (await half('ds2', 'downstream'))['id']];
    expect(down?.['snapshots_list']).toMatchObject(ids.map((vol_id) => ({ vol_id })));
    expect(refusalOf(await take('both'))).toBe('409 SM_eexist');
  });

  test('is refused what the real one refuses', async () => {
    const down = await half('ds1', 'downstream');
    const { id } = await vc();
    const [, pool] = await rest.rows('replication_partners/detail');
    const action = (path: string, data: JsonObject = {}) => rest.call('POST', path, data);
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
    expect(await refused(rest.call('PUT', `volumes/${down['id']}`, { online: false }))).toBe('409 SM_eperm');
    expect(await refused(action('snapshots', { name: 'single', vol_id: String(down['id']) }))).toBe(
      '409 SM_eperm',
    );
    const access = { vol_id: String(down['id']), apply_to: 'volume' };
    expect(await refused(action('access_control_records', access))).toBe('409 SM_srep_downstream_acl');
    expect(await refused(take('x', { invoke_on_upstream_partner: true }))).toBe('409 SM_srep_volcoll_unsup');
    await take('y');
    const [up] = await halvesOf('y');
    expect(await refused(rest.call('PUT', `snapshot_collections/${up?.['id']}`, { replicate: false }))).toBe(
      '400 SM_unexpected_arg',
    );
    const joins = async (name: string, data: JsonObject) => {
      const volume = await rest.create('volumes', { name, size: 64, pool_name: upstream.pool, ...data });
      return await refused(rest.call('PUT', `volumes/${volume['id']}`, { volcoll_id: String(id) }));
    };
    expect(await joins('alone', { iscsi_target_scope: 'volume' })).toBe('409 SM_srep_not_group_scoped_vol');
    expect(await joins('elsewhere', { pool_name: downstream.pool })).toBe('409 SM_srep_volcoll_unsup');
  });

  test('is configured by REST: a new member gets its half, and is in sync after a while', async () => {
    const volume = await rest.create('volumes', { name: 'ds4', size: 64, pool_name: upstream.pool });
    const { id } = await vc();
    await rest.call('PUT', `volumes/${volume['id']}`, { volcoll_id: String(id) });
    expect(await stateOf()).toBe('out_of_sync');
    await inSync();
    const down = await half('ds4', 'downstream');
    await rest.call('PUT', `volumes/${volume['id']}`, { volcoll_id: '' });
    const left = await rest.one(`volumes/${down['id']}`);
    expect(left).toMatchObject({
      online: false,
      offline_reason: 'srep_unconfigured',
      replication_role: 'no_replication',
    });
    expect(left['serial_number']).not.toBe(down['serial_number']);
    expect((await rest.call('DELETE', `volumes/${down['id']}`)).status).toBe(200);
  });

  test('without its partner is two volumes', async () => {
    const schedule = await rest.one(
      `protection_schedules/detail?volcoll_or_prottmpl_id=${(await vc())['id']}`,
    );
    await rest.call('DELETE', `protection_schedules/${schedule['id']}`);
    expect(await vc()).toMatchObject({
      synchronous_replication_state: 'out_of_sync',
      downstream_volume_list: null,
    });
    expect(await rest.rows('volumes/detail?offline_reason=srep_unconfigured')).toHaveLength(2);
    expect(refusalOf(await take('none'))).toBe('409 SM_repl_no_partner_avail');
  });

  test('out of sync: writes go on upstream, snapshot collections have one half; the resync copies what differs', async () => {
    await fill('ds1', 1);
    await act(group.world, { action: 'suspendSync', volumeCollection: 'vc-sync', suspended: true });
    await fill('ds1', 2, 2 * mebibyte);
    expect([await stateOf(), await stateOf('vc-one')]).toEqual(['out_of_sync', 'in_sync']);
    await take('solo');
    expect(await halvesOf('solo')).toMatchObject([{ srep_owner_id: null, peer_snapcoll_id: null }]);
    expect(await digest(downstream.pool)).not.toEqual(await digest(upstream.pool));
    await act(group.world, { action: 'suspendSync', volumeCollection: 'vc-sync', suspended: false });
    await inSync();
    expect(await digest(downstream.pool)).toEqual(await digest(upstream.pool));
    await group.apply({ soloSnapshots: 'refused' });
    await act(group.world, { action: 'setSyncLink', isUp: false });
    expect(refusalOf(await take('refused'))).toBe('409 SM_srepl_mgmt_op_disallowed_when_solo');
  });

  test('a downstream pool that is full loses the sync and not the write', async () => {
    await act(group.world, { action: 'setFreeBytes', pool: downstream.pool, freeBytes: mebibyte });
    await fill('ds1', 1, 4 * mebibyte);
    expect(await stateOf()).toBe('out_of_sync');
    await act(group.world, { action: 'setFreeBytes', pool: downstream.pool });
    await inSync();
    expect(await digest(downstream.pool)).toEqual(await digest(upstream.pool));
  });

  test('whose secondary array is lost says so everywhere', async () => {
    await take('before');
    const [up, down] = await halvesOf('before');
    await setArray(downstream.array, false);
    expect(await stateOf()).toBe('out_of_sync');
    expect(await rest.one(`arrays/detail?name=${downstream.array}`)).toMatchObject({ status: 'unreachable' });
    expect(await rest.one(`replication_partners/detail?name=${downstream.pool}`)).toMatchObject({
      is_alive: false,
    });
    expect(await rest.one('groups/detail')).toMatchObject({
      management_service_backup_status: 'out_of_sync',
    });
    const member = down?.['snapshots_list'];
    const snapId = Array.isArray(member) ? String(Reflect.get(Object(member[0]), 'snap_id')) : '';
    const clone = { name: 'clone', clone: true, base_snap_id: snapId };
    expect(refusalOf(await rest.call('POST', 'volumes', clone))).toBe('503 SM_srv_unreach');
    expect(refusalOf(await rest.call('DELETE', `snapshot_collections/${down?.['id']}`))).toBe(
      '409 SM_srepl_mgmt_op_disallowed_when_solo',
    );
    expect((await rest.call('DELETE', `snapshot_collections/${up?.['id']}`)).status).toBe(200);
    await setArray(downstream.array, true);
    await inSync();
    const made = await rest.create('volumes', clone);
    expect(made).toMatchObject({ pool_name: downstream.pool });
    await group.apply({ lostState: 'unknown' });
    await setArray(downstream.array, false);
    expect(await stateOf()).toBe('unknown');
  });

  test('halves are deleted one by one, or together where the system is set so', async () => {
    await take('one');
    const [up] = await halvesOf('one');
    await rest.call('DELETE', `snapshot_collections/${up?.['id']}`);
    expect(await halvesOf('one')).toMatchObject([{ peer_snapcoll_id: null }]);
    await group.apply({ peerDelete: 'both' });
    await take('two');
    const [, down] = await halvesOf('two');
    await rest.call('DELETE', `snapshot_collections/${down?.['id']}`);
    expect(await halvesOf('two')).toEqual([]);
  });

  test.each([
    ['syncNeedsReplicate', true, 1],
    ['syncNeedsReplicate', false, 2],
  ])('with %s=%s a collection without replicate has %i halves', async (_, syncNeedsReplicate, count) => {
    await group.apply({ syncNeedsReplicate });
    await take('plain', { replicate: false });
    expect(await halvesOf('plain')).toHaveLength(count);
  });

  test('schedules make both halves and age them by the same number', async () => {
    const taken = await act(group.world, {
      action: 'takeScheduled',
      volumeCollection: 'vc-sync',
      schedule: 'daily',
      count: 5,
    });
    const names: unknown = Reflect.get(taken, 'names');
    const rows = await rest.rows(`snapshot_collections/detail?volcoll_id=${(await vc())['id']}`);
    const kept = Array.isArray(names) ? names.slice(-3).flatMap((name) => [name, name]) : [];
    expect(rows.map(({ name }) => name)).toEqual(kept);
  });

  test('hands over: the other half serves hosts under the same identity', async () => {
    const directory = new AccessControlledLuns(group.world.group);
    const before = directory.luns(group.world.group.targetName, esxi);
    const [up, down] = [await half('ds1', 'upstream'), await half('ds1', 'downstream')];
    const { id } = await vc();
    const target = await rest.one(`replication_partners/detail?name=${downstream.pool}`);
    const data = { replication_partner_id: String(target['id']) };
    expect((await rest.call('POST', `volume_collections/${id}/actions/handover`, data)).status).toBe(200);
    expect(refusalOf(await rest.call('POST', `volume_collections/${id}/actions/handover`, data))).toBe(
      '409 SM_repl_handover_busy',
    );
    await rest.until(`volumes/${up['id']}`, (row) => row['replication_role'] === 'synchronous_downstream');
    expect((await half('ds1', 'upstream'))['id']).toBe(down['id']);
    expect(await stateOf()).toBe('in_sync');
    const after = directory.luns(group.world.group.targetName, esxi);
    expect(after?.map(({ serial, lun }) => ({ serial, lun }))).toEqual(
      before?.map(({ serial, lun }) => ({ serial, lun })),
    );
    before?.[0]?.write(0, Buffer.alloc(4096, 7));
    expect(await digest(upstream.pool)).toEqual(await digest(downstream.pool));
  });

  test('Peer Persistence: the leader with the upstream pool is lost, hosts and management go over', async () => {
    await start((config) => {
      config.group.failoverMode = 'Automatic';
    });
    await fill('ds1', 3);
    const down = await half('ds1', 'downstream');
    const read = new AccessControlledLuns(group.world.group).luns(group.world.group.targetName, esxi)?.[0];
    const before = await digest(upstream.pool);
    await setArray(upstream.array, false);
    expect(() => read?.read(0, Buffer.alloc(512))).toThrow('lost');
    await expect(rest.rows('groups/detail')).rejects.toThrow();
    for (let look = 0; look < 200 && group.world.group.leader.name === upstream.array; look++)
      await systemClock.sleep(10);
    expect(await rest.one('groups/detail')).toMatchObject({
      leader_array_name: downstream.array,
      failover_mode: 'Automatic',
    });
    expect(await half('ds1', 'upstream')).toMatchObject({ id: down['id'], pool_name: downstream.pool });
    expect(await digest(downstream.pool)).toEqual(before);
    read?.read(0, Buffer.alloc(512));
    await fill('ds1', 4);
    await setArray(upstream.array, true);
    await inSync();
    expect(await digest(upstream.pool)).toEqual(await digest(downstream.pool));
  });

  test('without a witness the lost leader takes the management along until it is back', async () => {
    await setArray(upstream.array, false);
    await expect(rest.rows('groups/detail')).rejects.toThrow();
    await setArray(upstream.array, true);
    await inSync();
  });

  test.each([
    ['before', [], 'out_of_sync'],
    ['after', ['faulty', 'faulty'], 'out_of_sync'],
  ] as const)('faults: the secondary array is lost %s the n-th call', async (when, second, state) => {
    group.world.faults.add({
      at: 'step',
      step: 'sync.call',
      path: 'POST /v1/snapshot_collections',
      nth: 2,
      times: 1,
      action: { kind: 'cut', when },
    });
    await take('first');
    expect(await stateOf()).toBe('in_sync');
    await take('faulty');
    expect(await stateOf()).toBe(state);
    const names = (await halvesOf('faulty')).map(({ name }) => name);
    expect(names).toEqual(second.length > 0 ? second : ['faulty']);
  });

  test.each([
    ['fail', 'reachable'],
    ['cut', 'unreachable'],
  ] as const)(
    'faults: while both halves are made (%s) one is there and the sync is lost',
    async (kind, status) => {
      group.world.faults.add({
        at: 'step',
        step: 'sync.snapshot',
        path: 'vc-sync',
        times: 1,
        action: { kind },
      });
      expect((await take('torn')).status).toBe(201);
      expect(await halvesOf('torn')).toMatchObject([{ peer_snapcoll_id: null }]);
      expect(await stateOf()).toBe('out_of_sync');
      expect(await rest.one(`arrays/detail?name=${downstream.array}`)).toMatchObject({ status });
    },
  );

  test('shows another identity downstream where the release does, and the pair’s beside it', async () => {
    await group.apply({ pairIdentity: 'secondary_serial_number' });
    const [up, down] = [await half('ds1', 'upstream'), await half('ds1', 'downstream')];
    expect(down['serial_number']).not.toBe(up['serial_number']);
    expect(down['secondary_serial_number']).toBe(up['serial_number']);
    expect(up['secondary_serial_number']).toBe('');
  });
});
