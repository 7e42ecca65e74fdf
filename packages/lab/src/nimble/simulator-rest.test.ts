import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnouncedPort } from './lun/announced-port.ts';
import { RestCaller, refusalOf } from './testing/rest-caller.ts';
import { admin, type Pair, startPair } from './testing/start-pair.ts';

let pair: Pair;
let caller: RestCaller;

beforeAll(async () => {
  pair = await startPair();
  caller = new RestCaller(pair.primary.addresses);
  await caller.login(admin);
});

afterAll(async () => {
  await caller.close();
  await pair.close();
});

const idOf = async (set: string, name: string) => String((await caller.one(`${set}?name=${name}`))['id']);
const refused = async (...call: Parameters<RestCaller['call']>) => refusalOf(await caller.call(...call));

describe('sessions', () => {
  test('a token is needed, shown once and ended', async () => {
    const guest = new RestCaller(pair.primary.addresses);
    expect(refusalOf(await guest.call('GET', 'volumes'))).toBe('401 SM_http_unauthorized');
    expect(refusalOf(await guest.login({ ...admin, password: 'wrong' }))).toBe('401 SM_http_unauthorized');
    expect((await guest.raw('GET', '/versions')).body['data']).toMatchObject([{ name: 'v1' }]);
    const { status, body } = await guest.login(admin);
    expect(status).toBe(201);
    expect(body['data']).toMatchObject({ username: 'leeward', app_name: 'test', source_ip: '127.0.0.1' });
    expect(guest.token).toMatch(/^[0-9a-f]{32}$/);
    expect(Object.keys(await guest.one(`tokens/${guest.tokenId}`))).not.toContain('session_token');
    expect((await guest.call('DELETE', `tokens/${guest.tokenId}`)).status).toBe(200);
    expect(refusalOf(await guest.call('GET', 'volumes'))).toBe('401 SM_http_unauthorized');
    await guest.close();
  });

  test('one that is not used for a while ends', async () => {
    const idle = new RestCaller(pair.primary.addresses);
    await idle.login(admin);
    await pair.primary.apply({ jumpMs: 1_799_000 });
    expect((await idle.call('GET', 'groups')).status).toBe(200);
    await pair.primary.apply({ jumpMs: 1_801_000 });
    expect((await idle.call('GET', 'groups')).status).toBe(401);
    await idle.close();
    await caller.login(admin);
  });

  test('a guest reads only', async () => {
    const guest = new RestCaller(pair.primary.addresses);
    await guest.login({ name: 'watcher', password: 'only-looking' });
    expect(await guest.rows('volumes')).toHaveLength(4);
    expect(refusalOf(await guest.call('POST', 'volumes', { name: 'x', size: 1 }))).toBe('403 SM_eperm');
    await guest.close();
  });
});

describe('lists', () => {
  test('summary rows, details, chosen attributes, order', async () => {
    expect(Object.keys((await caller.one('volumes')) ?? {})).toEqual(['id', 'name']);
    expect(await caller.one('volumes/detail?name=ds1')).toMatchObject({
      size: 2048,
      volcoll_name: 'vc-prod',
      replication_role: 'periodic_snapshot_upstream',
      protection_type: 'remote',
      full_name: 'default:/ds1',
      metadata: null,
      base_snap_id: '',
    });
    const rows = await caller.rows('volumes/detail?fields=name,size&sortBy=-name');
    expect(rows).toEqual([
      { name: 'scratch', size: 256 },
      { name: 'ds3', size: 1024 },
      { name: 'ds2', size: 1024 },
      { name: 'ds1', size: 2048 },
    ]);
    const { body } = await caller.call('GET', 'volumes?online=true&volcoll_name=vc-prod');
    expect(body).toMatchObject({ startRow: 0, endRow: 2, totalRows: 2 });
  });

  test('pages and what they refuse', async () => {
    const { status, body } = await caller.call('GET', 'volumes?pageSize=3');
    expect([status, body['endRow'], body['totalRows']]).toEqual([206, 3, 4]);
    const rest = await caller.call('GET', 'volumes?startRow=3');
    expect([rest.status, rest.body['startRow'], rest.body['endRow']]).toEqual([200, 3, 4]);
    expect((await caller.call('GET', 'volumes?startRow=2&endRow=2')).body['data']).toEqual([]);
    expect(await refused('GET', 'volumes?pageSize=1025')).toBe('400 SM_too_large_page_size');
    expect(await refused('GET', 'volumes?startRow=5')).toBe('400 SM_start_row_beyond_total_rows');
    expect(await refused('GET', 'volumes?startRow=2&endRow=1')).toBe('400 SM_start_row_beyond_end_row');
    expect(await refused('GET', 'volumes?endRow=9')).toBe('400 SM_end_row_beyond_total_rows');
    expect(await refused('GET', 'volumes?nonsense=1')).toBe('400 SM_unexpected_query_param');
    expect(await refused('GET', 'volumes?fields=id,nonsense')).toBe('400 SM_invalid_query_param');
    expect(await refused('GET', 'fibre_channel_interfaces/detail')).toBe('400 SM_missing_arg');
  });

  test('the advanced form', async () => {
    const ask = async (criteria: object[]) => {
      const data = { _constructor: 'AdvancedCriteria', operator: 'and', criteria };
      const body = JSON.stringify({ data, operationType: 'fetch', startRow: 0, endRow: 1024 });
      return caller.raw('POST', '/v1/volumes/detail', body);
    };
    const { body } = await ask([
      { fieldName: 'name', operator: 'iContains', value: 'DS' },
      { fieldName: 'size', operator: 'lessThan', value: 2000 },
      { fieldName: 'online', operator: 'equals', value: 'true' },
    ]);
    expect(body).toMatchObject({ totalRows: 2, data: [{ name: 'ds2' }, { name: 'ds3' }] });
    const wrong = await ask([{ fieldName: 'nonsense', operator: 'equals', value: 1 }]);
    expect(refusalOf(wrong)).toBe('400 SM_invalid_arg_value');
  });

  test('a release that asks for a filter, and one with sparse rows', async () => {
    await pair.primary.apply({ snapshotFilterRequired: true, sparseSnapshotRows: true });
    const volumeId = await idOf('volumes', 'scratch');
    const made = await caller.create('snapshots', { name: 'sparse', vol_id: volumeId });
    expect(await refused('GET', 'snapshots?fields=id,name')).toBe('400 SM_missing_arg');
    const row = await caller.one(`snapshots/detail?vol_id=${volumeId}`);
    expect(row['vol_name']).toBeUndefined();
    expect(await caller.one(`snapshots/${made['id']}`)).toMatchObject({ vol_name: 'scratch' });
    await caller.call('DELETE', `snapshots/${made['id']}`);
    await pair.primary.apply({ snapshotFilterRequired: false, sparseSnapshotRows: false });
  });
});

describe('bodies and paths', () => {
  test('what is refused', async () => {
    expect(await refused('POST', 'volumes', { size: 1 })).toBe('400 SM_missing_arg');
    expect(await refused('POST', 'volumes', { name: 'a_b', size: 1 })).toBe('400 SM_invalid_arg_value');
    expect(await refused('POST', 'volumes', { name: 'ok', size: 1, colour: 'red' })).toBe(
      '400 SM_unexpected_arg',
    );
    expect(await refused('POST', 'volumes', { name: 'ok', size: 'big' })).toBe('400 SM_invalid_arg_value');
    expect(refusalOf(await caller.raw('POST', '/v1/volumes', '{"name":"x"}'))).toBe('400 SM_unexpected_arg');
    expect(await refused('POST', 'volumes', { name: 'ds1', size: 1 })).toBe('409 SM_eexist');
    expect(await refused('GET', 'volumes/xyz')).toBe('400 SM_invalid_path_variable');
    expect(await refused('GET', `volumes/06${'0'.repeat(40)}`)).toBe('404 SM_enoent');
    expect(await refused('GET', 'nonsense')).toBe('404 SM_http_not_found');
    expect(await refused('POST', 'snapshots', { name: 'x', vol_id: `06${'0'.repeat(40)}` })).toBe(
      '404 SM_enoent',
    );
    const { body } = await caller.call('POST', 'volumes', { name: 'ds1', size: 1 });
    expect(body['messages']).toMatchObject([
      { code: 'SM_http_conflict', severity: 'error' },
      { code: 'SM_eexist', severity: 'error', arguments: { name: 'ds1' } },
    ]);
  });

  test('metadata: an empty value takes its key away', async () => {
    const metadata = [
      { key: 'leeward', value: 'run-1' },
      { key: 'other', value: 'x' },
    ];
    const volume = await caller.create('volumes', { name: 'meta', size: 16, metadata });
    const path = `volumes/${volume['id']}`;
    await caller.call('PUT', path, { metadata: [{ key: 'other', value: '' }] });
    expect((await caller.one(path))['metadata']).toEqual([{ key: 'leeward', value: 'run-1' }]);
    const twice = [
      { key: 'a', value: '1' },
      { key: 'a', value: '2' },
    ];
    expect(await refused('PUT', path, { metadata: twice })).toBe('400 SM_invalid_arg_value');
    await caller.call('PUT', path, { online: 'false' });
    expect((await caller.call('DELETE', path)).status).toBe(200);
  });

  test('a call that goes on after its answer', async () => {
    await pair.primary.apply({ asynchronous: ['POST volumes', 'DELETE volumes'] });
    const { status, body } = await caller.call('POST', 'volumes', { name: 'slow', size: 16, online: false });
    expect([status, body['messages']]).toMatchObject([
      202,
      [{ code: 'SM_async_job_id', severity: 'info', arguments: { job_id: expect.any(String) } }],
    ]);
    const [job] = await caller.rows('jobs');
    const done = await caller.until(`jobs/${job?.['id']}`, (row) => row['state'] === 'done');
    expect(done).toMatchObject({ result: 'succeeded', percent_complete: 100, op_type: 'create' });
    expect(await caller.one(`volumes/${done['object_id']}`)).toMatchObject({ name: 'slow' });
    await pair.primary.apply({ asynchronous: [] });
    await caller.call('DELETE', `volumes/${done['object_id']}`);
  });
});

describe('volumes, clones and storage snapshots', () => {
  test('identity: serial number, designator and target name', async () => {
    const row = await caller.one('volumes/detail?name=ds1');
    const serial = String(row['serial_number']);
    expect(`eui.${serial}`).toMatch(/^eui\.[0-9a-f]{16}6c9ce9[0-9a-f]{10}$/);
    expect(`${row['vpd_ieee0']}${row['vpd_ieee1']}`).toBe(serial);
    expect(row['vpd_t10']).toBe(`Nimble  ${serial}`);
    const reversed = Buffer.from(serial.slice(-8), 'hex').reverse().toString('hex');
    expect(row['target_name']).toBe(
      `iqn.2007-11.com.nimblestorage:ds1-v25dab4ed8948f2e0.${String(row['id']).slice(-8)}.${reversed}`,
    );
  });

  test('a clone holds its base, and goes only offline', async () => {
    const volumeId = await idOf('volumes', 'scratch');
    const base = await caller.create('snapshots', { name: 'base', vol_id: volumeId });
    const clone = { name: 'clone-1', clone: true, base_snap_id: String(base['id']), online: true };
    expect(await refused('POST', 'volumes', { ...clone, size: 5 })).toBe('400 SM_unexpected_arg');
    const made = await caller.create('volumes', clone);
    expect(made).toMatchObject({ clone: true, parent_vol_name: 'scratch', size: 256, online: true });
    const path = `volumes/${made['id']}`;
    expect(await refused('DELETE', `snapshots/${base['id']}`)).toBe('409 SM_snap_has_clone');
    expect(await refused('DELETE', path)).toBe('409 SM_vol_not_offline');
    expect(await refused('PUT', path, { online: true })).toBe('409 SM_ealready');
    const { port } = pair.primary.world;
    if (port instanceof AnnouncedPort) port.pretend(String(made['target_name']), 'iqn.2024-01.org:proxy');
    expect(await caller.one(path)).toMatchObject({ num_iscsi_connections: 1 });
    expect(await refused('PUT', path, { online: false })).toBe('409 SM_vol_has_connections');
    expect((await caller.call('PUT', path, { online: false, force: true })).status).toBe(200);
    expect(port.sessions()).toEqual([]);
    expect((await caller.call('DELETE', path)).status).toBe(200);
    expect((await caller.call('DELETE', path)).status).toBe(404);
    expect((await caller.call('DELETE', `snapshots/${base['id']}`)).status).toBe(200);
  });

  test('deletion, shrinking and restore ask for the right state', async () => {
    const made = await caller.create('volumes', { name: 'vol-1', size: 64 });
    const path = `volumes/${made['id']}`;
    const snapshot = await caller.create('snapshots', {
      name: 's1',
      vol_id: String(made['id']),
      online: true,
    });
    expect(await refused('PUT', path, { size: 32 })).toBe('409 SM_vol_size_decreased');
    expect((await caller.call('PUT', path, { size: 128 })).status).toBe(200);
    const restore = { base_snap_id: String(snapshot['id']) };
    expect(await refused('POST', `${path}/actions/restore`, restore)).toBe(
      '409 SM_vol_not_offline_on_restore',
    );
    await caller.call('PUT', path, { online: false });
    expect((await caller.call('POST', `${path}/actions/restore`, restore)).status).toBe(200);
    expect(await refused('DELETE', path)).toBe('409 SM_vol_has_online_snap');
    expect(await refused('DELETE', `snapshots/${snapshot['id']}`)).toBe('409 SM_eperm');
    await caller.call('PUT', `snapshots/${snapshot['id']}`, { online: false });
    expect((await caller.call('DELETE', path)).status).toBe(200);
    const member = await idOf('volumes', 'ds1');
    expect(await refused('DELETE', `volumes/${member}`)).toBe('409 SM_vol_assoc_volcoll');
  });
});

describe('access', () => {
  test('initiator groups, initiators and records', async () => {
    const iqn = 'iqn.2024-01.org.leeward:p1';
    const group = await caller.create('initiator_groups', {
      name: 'leeward-p1',
      access_protocol: 'iscsi',
      iscsi_initiators: [{ label: 'p1', iqn, ip_address: '*' }],
    });
    const more = {
      access_protocol: 'iscsi',
      initiator_group_id: String(group['id']),
      label: 'p1b',
      iqn,
      ip_address: '*',
    };
    expect(await refused('POST', 'initiators', more)).toBe('409 SM_duplicate_initiator');
    expect(await refused('POST', 'initiators', { ...more, iqn: 'nonsense' })).toBe(
      '400 SM_invalid_initiator_iqn',
    );
    const volumeId = await idOf('volumes', 'scratch');
    const wanted = { vol_id: volumeId, initiator_group_id: String(group['id']), apply_to: 'volume' };
    expect(await refused('POST', 'access_control_records', { ...wanted, lun: 3 })).toBe(
      '409 SM_no_iscsi_lun_assignment',
    );
    const record = await caller.create('access_control_records', wanted);
    expect(record).toMatchObject({ lun: 0, initiator_group_name: 'leeward-p1', vol_name: 'scratch' });
    expect(await refused('POST', 'access_control_records', wanted)).toBe('409 SM_eexist');
    expect(await refused('POST', 'access_control_records', { ...wanted, apply_to: 'both' })).toBe(
      '409 SM_acl_scope_overlap',
    );
    const path = `access_control_records/${record['id']}`;
    expect(await refused('PUT', path, { lun: 1 })).toBe('405 SM_http_method_not_allowed');
    expect(await refused('DELETE', `initiator_groups/${group['id']}`)).toBe('409 SM_ebusy');
    expect((await caller.call('DELETE', path)).status).toBe(200);
    expect((await caller.call('DELETE', `initiator_groups/${group['id']}`)).status).toBe(200);
  });

  test('CHAP users never show their password', async () => {
    const user = { name: 'chap1', password: 'twelve-chars' };
    expect(await refused('POST', 'chap_users', { ...user, password: 'short' })).toBe(
      '400 SM_invalid_arg_value',
    );
    const made = await caller.create('chap_users', user);
    expect(JSON.stringify(await caller.one(`chap_users/${made['id']}`))).not.toContain('twelve');
    expect((await caller.call('DELETE', `chap_users/${made['id']}`)).status).toBe(200);
  });

  test('portals and discovery addresses', async () => {
    const [network] = await caller.rows('network_configs/detail?role=active');
    expect(network).toMatchObject({
      subnet_list: [{ label: 'data1', discovery_ip: '127.0.0.1', allow_iscsi: true }],
      array_list: [{ nic_list: [{ data_ip: '127.0.0.1', subnet_label: 'data1' }] }],
    });
    expect(Object.keys(await caller.one('subnets'))).toEqual(['id', 'name']);
  });
});
