import { expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { control } from './testing/control-caller.ts';
import { RestCaller, refusalOf } from './testing/rest-caller.ts';
import { admin, type Pair, type PairOptions, startPair } from './testing/start-pair.ts';

interface Scene {
  readonly pair: Pair;
  readonly primary: RestCaller;
  readonly secondary: RestCaller;
}

async function withPair(options: PairOptions, act: (scene: Scene) => Promise<void>): Promise<void> {
  const pair = await startPair(options);
  const primary = new RestCaller(pair.primary.addresses);
  const secondary = new RestCaller(pair.secondary.addresses);
  try {
    await primary.login(admin);
    await secondary.login(admin);
    await act({ pair, primary, secondary });
  } finally {
    await Promise.all([primary.close(), secondary.close()]);
    await pair.close();
  }
}

async function replicated({ primary }: Scene, name: string): Promise<JsonObject> {
  const collection = await primary.create('snapshot_collections', {
    name,
    volcoll_id: String((await primary.one('volume_collections?name=vc-prod'))['id']),
    replicate: true,
  });
  const path = `snapshot_collections/${collection['id']}`;
  return primary.until(path, (row) => row['repl_status'] === 'complete');
}

test('a release that can lock: a locked storage snapshot stays until its time', () =>
  withPair(
    { change: (primary) => Object.assign(primary.group, { maxLockPeriodSeconds: 1000 }) },
    async ({ pair, primary, secondary }) => {
      expect((await primary.one('groups/detail'))['max_lock_period']).toBe(1000);
      expect(Object.keys(await secondary.one('groups/detail'))).not.toContain('max_lock_period');
      const vol_id = String((await primary.one('volumes?name=scratch'))['id']);
      const other = String((await secondary.create('volumes', { name: 'v', size: 16 }))['id']);
      const ask = (caller: RestCaller, data: JsonObject) =>
        caller.call('POST', 'snapshots', { name: 's', vol_id, ...data });
      expect(refusalOf(await ask(primary, { lock_period: 1001 }))).toBe('400 SM_invalid_arg_value');
      expect(refusalOf(await ask(secondary, { vol_id: other, lock_period: 5 }))).toBe(
        '400 SM_unexpected_arg',
      );
      const made = await primary.create('snapshots', { name: 's', vol_id, lock_period: 600 });
      expect(made).toMatchObject({ is_locked: true, lock_period: 600 });
      const path = `snapshots/${made['id']}`;
      expect(refusalOf(await primary.call('DELETE', path, { force: true }))).toBe('409 SM_eperm');
      expect(refusalOf(await primary.call('PUT', path, { lock_period: 5 }))).toBe('409 SM_eperm');
      await pair.primary.apply({ jumpMs: 601_000 });
      expect((await primary.call('DELETE', path)).status).toBe(200);
    },
  ));

test.each([
  ['not-owner', '409 SM_not_owner'],
  ['unsupported', '409 SM_repl_delete_replica_unsup'],
] as const)('a release on which replicas can not be deleted downstream: %s', (replicaDelete, expected) =>
  withPair({}, async (scene) => {
    await replicated(scene, 'run-1');
    await replicated(scene, 'run-2');
    await scene.pair.secondary.apply({ replicaDelete });
    const replica = await scene.secondary.one('snapshot_collections?name=run-1');
    const path = `snapshot_collections/${replica['id']}`;
    expect(refusalOf(await scene.secondary.call('DELETE', path))).toBe(expected);
  }),
);

test('limits', () =>
  withPair(
    {
      change: (primary) =>
        Object.assign(primary, {
          limits: {
            snapshotsPerVolume: 2,
            accessRecordsPerVolume: 1,
            volumes: 5,
            sessionsPerUser: 1,
            collectionsPerVolumeCollection: 1,
          },
        }),
    },
    async ({ pair, primary }) => {
      const id = async (path: string) => String((await primary.one(path))['id']);
      const refused = async (set: string, data: JsonObject) =>
        refusalOf(await primary.call('POST', set, data));
      const vol_id = await id('volumes?name=scratch');
      for (const name of ['a', 'b']) await primary.create('snapshots', { name, vol_id });
      expect(await refused('snapshots', { name: 'c', vol_id })).toBe('409 SM_limit_snap_vol');
      const initiator_group_id = await id('initiator_groups?name=esxi');
      await primary.create('access_control_records', { vol_id, initiator_group_id, apply_to: 'volume' });
      expect(await refused('access_control_records', { vol_id, apply_to: 'volume' })).toBe(
        '409 SM_limit_volacl',
      );
      const volcoll_id = await id('volume_collections?name=vc-local');
      await primary.create('snapshot_collections', { name: 'x', volcoll_id });
      expect(await refused('snapshot_collections', { name: 'y', volcoll_id })).toBe(
        '409 SM_limit_snapcoll_volcoll',
      );
      await primary.create('volumes', { name: 'fifth', size: 1 });
      expect(await refused('volumes', { name: 'sixth', size: 1 })).toBe('409 SM_limit_vol_group');
      const other = new RestCaller(pair.primary.addresses);
      expect(refusalOf(await other.login(admin))).toBe('403 SM_err_max_sessions_reached');
      await other.close();
    },
  ));

test('ends of calls: refused, cut before and after acting, a job that fails', () =>
  withPair({}, async ({ pair, primary }) => {
    const plant = (fault: object) => control(pair.primary.addresses, 'POST', '/faults', fault);
    const volume = { size: 16, online: false };
    await plant({
      at: 'rest',
      method: 'POST',
      path: '/v1/volumes',
      times: 1,
      action: { kind: 'refuse', status: 503 },
    });
    expect(refusalOf(await primary.call('POST', 'volumes', { ...volume, name: 'v1' }))).toBe(
      '503 SM_srv_unreach',
    );
    for (const [name, when] of [
      ['v2', 'before'],
      ['v3', 'after'],
    ] as const) {
      await control(pair.primary.addresses, 'DELETE', '/faults');
      await plant({
        at: 'rest',
        method: 'POST',
        path: '/v1/volumes',
        times: 1,
        action: { kind: 'cut', when },
      });
      await expect(primary.call('POST', 'volumes', { ...volume, name })).rejects.toThrow();
      expect(await primary.rows(`volumes?name=${name}`)).toHaveLength(when === 'after' ? 1 : 0);
    }
    await pair.primary.apply({ asynchronous: ['POST volumes'] });
    await plant({
      at: 'job',
      method: 'POST',
      path: 'volumes',
      action: { kind: 'refuse', code: 'SM_enospc' },
    });
    await primary.call('POST', 'volumes', { ...volume, name: 'v4' });
    const job = await primary.until('jobs/detail', (row) => row['state'] === 'done');
    expect(job['result']).toBe('failed');
    expect(String(job['response'])).toContain('SM_enospc');
    expect(await primary.rows('volumes?name=v4')).toEqual([]);
    await control(pair.primary.addresses, 'POST', '/actions', { action: 'expireTokens' });
    expect((await primary.call('GET', 'volumes')).status).toBe(401);
  }));

test('a group that is not to be reached answers nobody', () =>
  withPair({}, async ({ pair, primary, secondary }) => {
    await pair.secondary.apply({ reachable: false });
    await expect(secondary.call('GET', 'groups')).rejects.toThrow();
    await primary.until('replication_partners/detail', (row) => row['is_alive'] === false);
    await pair.secondary.apply({ reachable: true });
    expect((await secondary.call('GET', 'groups')).status).toBe(200);
    await primary.until('replication_partners/detail', (row) => row['is_alive'] === true);
  }));

test('a partner with another secret is no partner', () =>
  withPair({}, async ({ primary }) => {
    const partner = await primary.one('replication_partners?name=grp-dr');
    const path = `replication_partners/${partner['id']}`;
    await primary.until(path, (row) => row['is_alive'] === true);
    await primary.call('PUT', path, { secret: 'another-secret', hostname: 'localhost' });
    await primary.until(path, (row) => row['is_alive'] === false);
  }));
