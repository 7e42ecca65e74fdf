import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { RestCaller, refusalOf } from './testing/rest-caller.ts';
import { admin, type Pair, startPair } from './testing/start-pair.ts';

let pair: Pair;
let primary: RestCaller;

beforeAll(async () => {
  pair = await startPair();
  primary = new RestCaller(pair.primary.addresses);
  await primary.login(admin);
});

afterAll(async () => {
  await primary.close();
  await pair.close();
});

const put = async (path: string, data: JsonObject) => {
  const answer = await primary.call('PUT', path, data);
  return answer.status === 200 ? '200' : refusalOf(answer);
};

test('the target of the group is enabled, becomes the default, and is kept while it is in use', async () => {
  const path = `groups/${(await primary.one('groups'))['id']}`;
  expect(await primary.one(path)).toMatchObject({
    group_target_enabled: false,
    default_iscsi_target_scope: 'volume',
  });
  expect(await put(path, { default_iscsi_target_scope: 'group' })).toBe('400 SM_invalid_arg_value');
  expect(await put(path, { group_target_enabled: true })).toBe('200');
  const before = await primary.create('volumes', { name: 'before', size: 16 });
  expect(await put(path, { default_iscsi_target_scope: 'group' })).toBe('200');
  const after = await primary.create('volumes', { name: 'after', size: 16 });
  const { group_target_name } = await primary.one(path);
  expect([before['target_name'] === group_target_name, after['target_name']]).toEqual([
    false,
    group_target_name,
  ]);
  const off = { group_target_enabled: false, default_iscsi_target_scope: 'volume' };
  expect(await put(path, off)).toBe('409 SM_eperm');
  expect(await put(`volumes/${after['id']}`, { online: false })).toBe('200');
  expect((await primary.call('DELETE', `volumes/${after['id']}`)).status).toBe(200);
  expect(await put(path, off)).toBe('200');
});

test('OpenStack’s volumes have the target that their agent asks for', async () => {
  const made = await primary.create('volumes', {
    name: 'one',
    size: 16,
    agent_type: 'openstackv2',
    snap_limit: 2 ** 63,
  });
  expect(made).toMatchObject({ agent_type: 'openstackv2', iscsi_target_scope: 'group' });
  const path = `volumes/${made['id']}`;
  expect(await put(path, { agent_type: 'openstack' })).toBe('409 SM_invalid_agent_type');
  expect(await put(path, { agent_type: 'none' })).toBe('200');
  expect(await primary.one(path)).toMatchObject({ agent_type: 'none', iscsi_target_scope: 'group' });
  const record = await primary.create('access_control_records', {
    vol_id: String(made['id']),
    initiator_group_id: String((await primary.one('initiator_groups?name=esxi'))['id']),
  });
  expect(await put(path, { agent_type: 'openstack' })).toBe('409 SM_invalid_agent_type');
  expect((await primary.call('DELETE', `access_control_records/${record['id']}`)).status).toBe(200);
  expect(await put(path, { agent_type: 'openstack' })).toBe('200');
  expect(await primary.one(path)).toMatchObject({ agent_type: 'openstack', iscsi_target_scope: 'volume' });
  expect(await put(path, { snap_limit: 'many' })).toBe('400 SM_invalid_arg_value');
});

test('a slash at the end of a path says nothing more', async () => {
  expect(await primary.one('pools/?name=default')).toEqual(await primary.one('pools?name=default'));
  const { id } = await primary.one('pools?name=default');
  expect(await primary.one(`pools/${id}/`)).toEqual(await primary.one(`pools/${id}`));
});
