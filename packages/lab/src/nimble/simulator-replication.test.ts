import { systemClock } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { control } from './testing/control-caller.ts';
import { RestCaller, refusalOf } from './testing/rest-caller.ts';
import { admin, type Pair, startPair } from './testing/start-pair.ts';

const mebibyte = 1024 * 1024;
let pair: Pair;
let primary: RestCaller;
let secondary: RestCaller;
let volcollId = '';
let seed = 0;

beforeAll(async () => {
  pair = await startPair();
  primary = new RestCaller(pair.primary.addresses);
  secondary = new RestCaller(pair.secondary.addresses);
  await primary.login(admin);
  await secondary.login(admin);
  volcollId = String((await primary.one('volume_collections?name=vc-prod'))['id']);
});

afterAll(async () => {
  await primary.close();
  await secondary.close();
  await pair.close();
});

const act = (side: 'primary' | 'secondary', body: object) =>
  control(pair[side].addresses, 'POST', '/actions', body);

const write = (volume: string, offsetBytes = 0, lengthBytes = mebibyte) =>
  act('primary', { action: 'fill', volume, seed: ++seed, offsetBytes, lengthBytes });

const digest = async (side: 'primary' | 'secondary', volume: string, snapshot: string) => {
  const lengthBytes = 64 * mebibyte;
  return (await act(side, { action: 'digest', volume, snapshot, lengthBytes }))['sha256'];
};

const take = (name: string, more: JsonObject = {}) =>
  primary.create('snapshot_collections', { name, volcoll_id: volcollId, replicate: true, ...more });

const complete = (collection: JsonObject) =>
  primary.until(`snapshot_collections/${collection['id']}`, (row) => row['repl_status'] === 'complete');

const removeUpstream = async (id: unknown) =>
  refusalOf(await primary.call('DELETE', `snapshot_collections/${id}`));

describe('replication', () => {
  test('begins by itself; the first sends all, later ones the difference; the replica is equal', async () => {
    await write('ds1', 0, 5 * mebibyte);
    await write('ds2', 3 * mebibyte, 2 * mebibyte);
    const first = await take('run-1', { metadata: [{ key: 'leeward', value: 'run-1' }] });
    expect(first).toMatchObject({ is_replica: false, is_manual: true, num_snaps: 2, replicate_to: 'grp-dr' });
    expect(['pending', 'in_progress', 'complete']).toContain(first['repl_status']);
    expect(await complete(first)).toMatchObject({ repl_bytes_transferred: 7 * mebibyte });
    await write('ds1', 64 * 1024, 64 * 1024);
    const second = await complete(await take('run-2'));
    expect(second['repl_bytes_transferred']).toBe(64 * 1024);
    const replica = await secondary.one('snapshot_collections/detail?name=run-2');
    expect(replica).toMatchObject({
      is_replica: true,
      is_complete: true,
      origin_name: 'grp-prod',
      volcoll_name: 'vc-prod',
      metadata: null,
      repl_status: 'complete',
      creation_time: second['creation_time'],
    });
    for (const volume of ['ds1', 'ds2'])
      for (const name of ['run-1', 'run-2'])
        expect(await digest('secondary', volume, name)).toBe(await digest('primary', volume, name));
    expect(await digest('primary', 'ds1', 'run-1')).not.toBe(await digest('primary', 'ds1', 'run-2'));
  });

  test('the replica is owned by the other group: offline, not to be changed, but its snapshots can be cloned', async () => {
    const volume = await secondary.one('volumes/detail?name=ds1');
    expect(volume).toMatchObject({
      online: false,
      offline_reason: 'replica',
      owned_by_group: 'grp-prod',
      replication_role: 'periodic_snapshot_downstream',
    });
    const path = `volumes/${volume['id']}`;
    const refused = async (...call: Parameters<RestCaller['call']>) =>
      refusalOf(await secondary.call(...call));
    expect(await refused('PUT', path, { online: true })).toBe('409 SM_not_owner');
    expect(await refused('PUT', path, { description: 'mine' })).toBe('409 SM_not_owner');
    expect(await refused('POST', 'snapshots', { name: 'x', vol_id: String(volume['id']) })).toBe(
      '409 SM_not_owner',
    );
    const collection = await secondary.one('volume_collections/detail');
    expect(collection).toMatchObject({ pol_owner_name: 'grp-prod', volume_count: 2 });
    const more = { name: 'x', volcoll_id: String(collection['id']) };
    expect(await refused('POST', 'snapshot_collections', more)).toBe('409 SM_not_owner');
    expect(await refused('DELETE', `volume_collections/${collection['id']}`)).toBe('409 SM_not_owner');
    const [snapshot] = await secondary.rows(`snapshots/detail?vol_id=${volume['id']}&name=run-2`);
    const clone = await secondary.create('volumes', {
      name: 'leeward-clone',
      clone: true,
      base_snap_id: String(snapshot?.['id']),
    });
    expect(clone).toMatchObject({ owned_by_group: 'grp-dr', replication_role: 'no_replication' });
    await write('ds1');
    const third = await complete(await take('run-3'));
    expect(third['repl_bytes_transferred']).toBe(mebibyte);
    const second = await secondary.one('snapshot_collections?name=run-2');
    expect(await refused('DELETE', `snapshot_collections/${second['id']}`)).toBe('409 SM_snap_has_clone');
    await secondary.call('PUT', `volumes/${clone['id']}`, { online: false });
    await secondary.call('DELETE', `volumes/${clone['id']}`);
    expect((await secondary.call('DELETE', `snapshot_collections/${second['id']}`)).status).toBe(200);
  });

  test('the newest replicated one is kept on both sides unless forced; then all has to be sent again', async () => {
    const newest = await primary.one('snapshot_collections?name=run-3');
    const replica = await secondary.one('snapshot_collections?name=run-3');
    expect(await removeUpstream(newest['id'])).toBe('409 SM_repl_protect_last_snap');
    const kept = await secondary.call('DELETE', `snapshot_collections/${replica['id']}`);
    expect(refusalOf(kept)).toBe('409 SM_repl_protect_last_snap');
    for (const name of ['run-1', 'run-2']) {
      const old = await primary.one(`snapshot_collections?name=${name}`);
      expect((await primary.call('DELETE', `snapshot_collections/${old['id']}`)).status).toBe(200);
    }
    expect(
      (await primary.call('DELETE', `snapshot_collections/${newest['id']}`, { force: true })).status,
    ).toBe(200);
    const whole = await complete(await take('run-4'));
    expect(whole['repl_bytes_transferred']).toBe(7 * mebibyte);
    expect(await digest('secondary', 'ds1', 'run-4')).toBe(await digest('primary', 'ds1', 'run-4'));
  });

  test('what is in transport is busy; progress shows; order is kept; a pause stops it', async () => {
    await write('ds1', 0, 4 * mebibyte);
    await pair.primary.apply({ replicationBytesPerSecond: 4 * mebibyte });
    const names = (
      await act('primary', {
        action: 'takeScheduled',
        volumeCollection: 'vc-prod',
        schedule: 'daily',
        count: 1,
      })
    )['names'];
    expect(names).toEqual([expect.stringMatching(/^vc-prod-daily-\d{4}-\d\d-\d\d::\d\d:\d\d:\d\d\.\d{3}$/)]);
    const queued = await take('run-5');
    const first = await primary.until(
      `snapshot_collections/detail?name=${encodeURIComponent(String(Object(names)[0]))}`,
      (row) => row['repl_status'] === 'in_progress',
    );
    expect(await primary.one(`snapshot_collections/${queued['id']}`)).toMatchObject({
      repl_status: 'pending',
      repl_start_time: 0,
      is_manual: true,
    });
    const schedule = await primary.until('protection_schedules/detail?name=daily', (row) =>
      JSON.stringify(row['vol_status_list']).includes('Data transfer in progress'),
    );
    expect(schedule).toMatchObject({
      currently_replicating_snapcoll_name: first['name'],
      vol_status_list: [{ name: 'ds1', repl_bytes_total: 4 * mebibyte }, { name: 'ds2' }],
    });
    expect(await removeUpstream(first['id'])).toBe('409 SM_repl_object_busy');
    const partner = await primary.one('replication_partners');
    const path = `replication_partners/${partner['id']}`;
    expect((await primary.call('POST', `${path}/actions/pause`, { id: String(partner['id']) })).status).toBe(
      200,
    );
    expect(await primary.one(path)).toMatchObject({
      paused: true,
      is_alive: true,
      replication_direction: 'downstream',
    });
    await pair.primary.apply({ replicationBytesPerSecond: 0 });
    await systemClock.sleep(600);
    expect(await primary.one(`snapshot_collections/${queued['id']}`)).toMatchObject({
      repl_status: 'pending',
    });
    expect((await primary.call('POST', `${path}/actions/resume`, {})).status).toBe(200);
    await complete(queued);
    const done = await complete(first);
    expect(done['repl_bytes_transferred']).toBe(4 * mebibyte);
    expect(await digest('secondary', 'ds1', 'run-5')).toBe(await digest('primary', 'ds1', 'run-5'));
    expect(await secondary.one('replication_partners/detail')).toMatchObject({
      replication_direction: 'upstream',
      name: 'grp-prod',
    });
  });

  test('a link that breaks: it goes on where it was', async () => {
    await write('ds1', 8 * mebibyte, 8 * mebibyte);
    await pair.primary.apply({ replicationBytesPerSecond: 10 * mebibyte });
    const collection = await take('run-6');
    await primary.until(
      'volume_collections/detail?name=vc-prod',
      (row) => Number(row['repl_bytes_transferred']) > 2 * mebibyte,
    );
    await pair.secondary.apply({ linkUp: false });
    const dead = await primary.until('replication_partners/detail', (row) => row['is_alive'] === false);
    expect(String(dead['last_keepalive_error'])).not.toBe('');
    expect(await primary.one(`snapshot_collections/${collection['id']}`)).toMatchObject({
      repl_status: 'in_progress',
    });
    await pair.primary.apply({ replicationBytesPerSecond: 0 });
    await pair.secondary.apply({ linkUp: true });
    expect(await complete(collection)).toMatchObject({ repl_bytes_transferred: 8 * mebibyte });
    expect(await digest('secondary', 'ds1', 'run-6')).toBe(await digest('primary', 'ds1', 'run-6'));
  });

  test('faults: one that fails half-way, a full pool, a replica that shows late', async () => {
    await write('ds1', 20 * mebibyte, 6 * mebibyte);
    await control(pair.primary.addresses, 'POST', '/faults', {
      at: 'step',
      step: 'replication',
      path: 'vc-prod/ds1',
      times: 1,
      action: { kind: 'fail', atPercent: 50 },
    });
    const failing = await take('run-7');
    await primary.until(`snapshot_collections/${failing['id']}`, (row) => row['repl_status'] === 'fail');
    expect(await secondary.rows('snapshot_collections?name=run-7')).toEqual([]);
    await act('secondary', { action: 'setFreeBytes', pool: 'default', freeBytes: mebibyte });
    await pair.secondary.apply({ replicaRowDelayMs: 700 });
    const collection = await take('run-8');
    await primary.until('replication_partners/detail', (row) =>
      String(row['last_sync_error']).includes('SM_enospc'),
    );
    await act('secondary', { action: 'setFreeBytes', pool: 'default' });
    await complete(collection);
    expect(await secondary.rows('snapshot_collections?name=run-8')).toEqual([]);
    await secondary.until('snapshot_collections?name=run-8', () => true);
    expect(await digest('secondary', 'ds1', 'run-8')).toBe(await digest('primary', 'ds1', 'run-8'));
    await pair.secondary.apply({ replicaRowDelayMs: 0 });
  });

  test('schedules are mirrored and age what they made, on both sides by their own count', async () => {
    expect(await secondary.one('protection_schedules/detail')).toMatchObject({
      name: 'daily',
      active: false,
      upstream_partner_name: 'grp-prod',
      num_retain_replica: 2,
    });
    const takeOne = async () => {
      const { names } = await act('primary', {
        action: 'takeScheduled',
        volumeCollection: 'vc-prod',
        schedule: 'daily',
      });
      const path = `snapshot_collections/detail?name=${encodeURIComponent(String(Object(names)[0]))}`;
      await primary.until(path, (row) => row['repl_status'] === 'complete');
    };
    for (let turn = 0; turn < 5; turn++) await takeOne();
    const made = 'snapshot_collections/detail?sched_name=daily';
    expect(await primary.rows(made)).toHaveLength(3);
    expect(await secondary.rows(made)).toHaveLength(2);
    const manual = await secondary.rows('snapshot_collections?is_manual=true');
    expect(manual.length).toBeGreaterThan(3);
  });

  test('what has outlived its time goes, but never the newest replicated one', async () => {
    await take('short-1', { expiry_after: 60 });
    await complete(await take('short-2', { expiry_after: 60 }));
    await pair.primary.apply({ jumpMs: 61_000 });
    await systemClock.sleep(400);
    expect(await primary.rows('snapshot_collections?name=short-1')).toEqual([]);
    expect(await primary.rows('snapshot_collections?name=short-2')).toHaveLength(1);
  });

  test('what a collection is refused', async () => {
    const empty = await primary.create('volume_collections', { name: 'vc-empty' });
    const local = await primary.one('volume_collections?name=vc-local');
    const refused = async (data: JsonObject) =>
      refusalOf(await primary.call('POST', 'snapshot_collections', { name: 'x', ...data }));
    expect(await refused({ volcoll_id: String(empty['id']) })).toBe('409 SM_no_assoc_vols');
    expect(await refused({ volcoll_id: String(local['id']), replicate: true })).toBe(
      '409 SM_repl_no_partner_avail',
    );
    expect(await refused({ volcoll_id: volcollId, is_external_trigger: true })).toBe(
      '409 SM_ext_trig_sched_not_present',
    );
    expect(await refused({ volcoll_id: volcollId, name: 'run-8' })).toBe('409 SM_eexist');
    expect(await refused({ volcoll_id: volcollId, replicate: true, replicate_to: 'nobody' })).toBe(
      '409 SM_repl_no_partner_avail',
    );
    expect(refusalOf(await primary.call('DELETE', `volume_collections/${volcollId}`))).toBe('409 SM_ebusy');
    expect((await primary.call('DELETE', `volume_collections/${empty['id']}`)).status).toBe(200);
  });

  test('the downstream side asks the upstream one for a collection', async () => {
    const collection = await secondary.one('volume_collections?name=vc-prod');
    const { status } = await secondary.call('POST', 'snapshot_collections', {
      name: 'asked-for',
      volcoll_id: String(collection['id']),
      replicate: true,
      invoke_on_upstream_partner: true,
    });
    expect(status).toBe(201);
    await secondary.until('snapshot_collections?name=asked-for', () => true);
  });

  test('no common base: everything travels again, by content', async () => {
    await act('primary', { action: 'loseCommonBase', volumeCollection: 'vc-prod' });
    const done = await complete(await take('run-9'));
    expect(Number(done['repl_bytes_transferred'])).toBeGreaterThan(10 * mebibyte);
    expect(await digest('secondary', 'ds1', 'run-9')).toBe(await digest('primary', 'ds1', 'run-9'));
  });
});

describe('ownership', () => {
  test('a handover turns the direction round', async () => {
    await write('ds2', 0, mebibyte);
    const partner = await primary.one('replication_partners');
    const path = `volume_collections/${volcollId}`;
    const wanted = { id: volcollId, replication_partner_id: String(partner['id']) };
    expect((await primary.call('POST', `${path}/actions/handover`, wanted)).status).toBe(200);
    await primary.until(path, (row) => row['pol_owner_name'] === 'grp-dr');
    expect(await primary.one('volumes/detail?name=ds2')).toMatchObject({
      replication_role: 'periodic_snapshot_downstream',
      online: false,
    });
    expect(await secondary.one('volumes/detail?name=ds2')).toMatchObject({
      replication_role: 'periodic_snapshot_upstream',
      online: true,
    });
    const there = await secondary.one('volume_collections?name=vc-prod');
    await act('secondary', { action: 'fill', volume: 'ds2', seed: 99, lengthBytes: mebibyte });
    const back = await secondary.create('snapshot_collections', {
      name: 'back-1',
      volcoll_id: String(there['id']),
      replicate: true,
    });
    const done = await secondary.until(
      `snapshot_collections/${back['id']}`,
      (row) => row['repl_status'] === 'complete',
    );
    expect(done['repl_bytes_transferred']).toBe(mebibyte);
    expect(await digest('primary', 'ds2', 'back-1')).toBe(await digest('secondary', 'ds2', 'back-1'));
  });

  test('a promotion takes a copy over without the other side, which then is refused', async () => {
    expect(
      refusalOf(await secondary.call('POST', `volume_collections/${volcollId}/actions/promote`, {})),
    ).toBe('404 SM_enoent');
    const there = await secondary.one('volume_collections?name=vc-prod');
    const again = await secondary.call('POST', `volume_collections/${there['id']}/actions/promote`, {});
    expect(refusalOf(again)).toBe('409 SM_ealready');
    expect((await primary.call('POST', `volume_collections/${volcollId}/actions/promote`, {})).status).toBe(
      200,
    );
    expect(await primary.one('volumes/detail?name=ds1')).toMatchObject({
      online: true,
      owned_by_group: 'grp-prod',
    });
    await secondary.create('snapshot_collections', {
      name: 'split',
      volcoll_id: String(there['id']),
      replicate: true,
    });
    const partner = await secondary.until(
      'replication_partners/detail',
      (row) => row['cfg_sync_status'] === 'No',
    );
    expect(String(partner['last_sync_error'])).toContain('SM_not_owner');
  });

  test('nothing is left behind when all is deleted', async () => {
    for (const { group } of [pair.primary.world, pair.secondary.world])
      for (const pool of group.pools.values())
        expect(pool.account.usedBytes).toBe(pool.store.allocatedChunks * 65_536);
  });
});
