import { SeededRandomness, systemClock } from '@leeward/platform';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, code } from '../../../../tests/interop/ontap-sim-bench.ts';
import { textAt } from '../json.ts';
import { startPair } from './testing/start-pair.ts';

describe('replication', () => {
  let bench: Bench;
  let policy = 'XDPDefault';

  const open = async (named: string, change?: Parameters<typeof startPair>[1]) => {
    policy = named;
    bench = new Bench(await startPair([policy], change));
  };

  beforeEach(() => {
    policy = '';
  });
  afterEach(() => bench.close());

  const noise = (length: number, seed: number) => new SeededRandomness(seed).bytes(length);

  test('bytes really travel, storage snapshots stay as they were, only changes travel', async () => {
    await open('XDPDefault');
    const first = noise(3_000_000, 1);
    await bench.write('disk', first);
    await bench.snap('a');
    await bench.write('disk', noise(100_000, 2), 1_000_000);
    await bench.snap('b');
    expect(await bench.update('a')).toBe('success');
    const full = Number(textAt(await bench.relation(), 'transfer.bytes_transferred'));
    expect(await bench.update('b')).toBe('success');
    const less = Number(textAt(await bench.relation(), 'transfer.bytes_transferred'));
    expect(full).toBeGreaterThanOrEqual(3_000_000);
    expect(less).toBeLessThanOrEqual(3 * 65536);
    const uuid = await bench.volume(bench.secondary, 'ds1');
    const mounted = await bench.secondary.call('PATCH', `/storage/volumes/${uuid}?return_timeout=10`, {
      body: { nas: { path: '/ds1' } },
    });
    expect(await bench.secondary.finish(systemClock, mounted)).toMatchObject({ state: 'success' });
    const mount = await connectNfs(bench.options('secondary', '/ds1'));
    const old = await mount.readFile('.snapshot/a/disk', 10_000_000);
    expect(Buffer.compare(old, first)).toBe(0);
    const live = await mount.readFile('disk', 10_000_000);
    expect(Buffer.compare(live.subarray(1_000_000, 1_100_000), noise(100_000, 2))).toBe(0);
    await mount.close();
    expect(bench.pair.secondary.dataPorts.counters()[0]?.bytesRead).toBe(6_000_000);
    expect(bench.pair.primary.dataPorts.counters()[0]?.bytesRead).toBe(0);
  });

  test('vault: only labels of its rules, rotated by count, and whatever is named', async () => {
    await open('two', (_, secondary) => {
      secondary.snapmirrorPolicies = [
        { name: 'two', kind: 'vault', retention: [{ label: 'daily', count: 2 }] },
      ];
    });
    for (const name of ['d1', 'd2', 'd3']) await bench.snap(name, 'daily');
    await bench.snap('mine');
    expect(await bench.update()).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['SM', 'd2', 'd3']);
    expect(await bench.update('mine')).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['SM', 'd2', 'd3', 'mine']);
    expect(code(await bench.drop(bench.primary, 'mine'))).toBe(1638483);
    expect((await bench.drop(bench.primary, 'd3')).status).toBe(200);
    expect(textAt(await bench.relation(), 'exported_snapshot')).toBe('mine');
    expect(code(await bench.drop(bench.secondary, 'mine'))).toBe(1638483);
    const allowed = await bench.drop(bench.secondary, 'd2');
    expect(await bench.secondary.finish(systemClock, allowed)).toMatchObject({ state: 'success' });
    await bench.pair.secondary.apply({ vaultDelete: 'refused' });
    expect(code(await bench.drop(bench.secondary, 'd3'))).toBe(1638521);
  });

  test('vault: one older than the common one travels without changing what is exported', async () => {
    await open('XDPDefault');
    await bench.snap('older');
    await bench.snap('newer');
    expect(await bench.update('newer')).toBe('success');
    expect(await bench.update('older')).toBe('success');
    expect((await bench.names(bench.secondary)).sort()).toEqual(['SM', 'newer', 'older']);
    expect(textAt(await bench.relation(), 'exported_snapshot')).toBe('newer');
    expect(await bench.update('older')).toBe('success');
    const [, last] = await bench.secondary.records(
      `/snapmirror/relationships/${(await bench.relation())['uuid']}/transfers?order_by=end_time&fields=*`,
    );
    expect(last).toMatchObject({ state: 'success' });
  });

  test('vault: rules with a period lock on arrival', async () => {
    await open('locking', (_, secondary) => {
      const retention = [{ label: 'keep', count: 1, period: 'P1D' }];
      secondary.snapmirrorPolicies = [{ name: 'locking', kind: 'vault', retention }];
      for (const volume of secondary.svms[0]?.volumes ?? []) volume.snapshotLocking = true;
    });
    await bench.snap('k1', 'keep');
    await bench.snap('k2', 'keep');
    expect(await bench.update()).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['SM', 'k1', 'k2']);
    expect(code(await bench.drop(bench.secondary, 'k1'))).toBe(1638555);
    await bench.pair.secondary.apply({ jumpMs: 2 * 86_400_000 });
    await bench.snap('k3', 'keep');
    expect(await bench.update()).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['SM', 'k3']);
  });

  test('mirror: everything travels, deletions follow, single deletes are refused', async () => {
    await open('MirrorAllSnapshots');
    await bench.snap('a');
    await bench.snap('b');
    expect(await bench.update()).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['a', 'b', 'SM']);
    expect((await bench.drop(bench.primary, 'a')).status).toBe(200);
    expect(await bench.update()).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['b', 'SM']);
    expect(await bench.names(bench.primary)).toEqual(['b', 'SM']);
    expect(code(await bench.drop(bench.secondary, 'b'))).toBe(1638521);
    await bench.snap('c');
    await bench.snap('d');
    expect(await bench.update('c')).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['b', 'c']);
  });

  test('mirror-vault: its own one, matching labels, and whatever is named', async () => {
    await open('MirrorAndVault');
    await bench.snap('plain');
    await bench.snap('day', 'daily');
    expect(await bench.update()).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['day', 'SM']);
    await bench.snap('mine');
    expect(await bench.update('mine')).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['day', 'SM', 'mine']);
  });

  test('mirror-latest: only the last one', async () => {
    await open('MirrorLatest');
    await bench.snap('a');
    await bench.snap('b');
    expect(await bench.update()).toBe('success');
    expect(await bench.names(bench.secondary)).toEqual(['SM']);
  });

  test('one transfer at a time; an abort keeps a checkpoint from which the next goes on', async () => {
    await open('XDPDefault');
    await bench.write('disk', noise(4_000_000, 3));
    await bench.snap('big');
    await bench.pair.secondary.apply({ transferBytesPerSecond: 2_000_000 });
    const started = await bench.start('big');
    expect(started.headers['location']).toMatch(/\/transfers\/[0-9a-f-]{36}$/);
    const busy = await bench.start('big');
    expect(code(busy)).toBe(13303844);
    expect(textAt(busy.body, 'error.message')).toContain('Another transfer is in progress');
    await systemClock.sleep(600);
    const running = String(started.headers['location']);
    const [, , , , uuid] = running.split('/').slice(2);
    const one = await bench.secondary.get(running);
    expect(one.body).toMatchObject({ state: 'transferring', snapshot: 'big', uuid });
    expect((await bench.secondary.call('PATCH', running, { body: { state: 'aborted' } })).status).toBe(200);
    expect(await bench.ended()).toBe('aborted');
    const { body } = await bench.secondary.get(running);
    expect(body).toMatchObject({ state: 'aborted', error_info: { code: 6620046 } });
    const kept = Number(body['checkpoint_size']);
    expect(kept).toBeGreaterThan(0);
    expect(await bench.relation()).toMatchObject({
      healthy: false,
      unhealthy_reason: [{ code: '6621444' }, {}],
    });
    const again = await bench.secondary.call('PATCH', running, { body: { state: 'aborted' } });
    expect(code(again)).toBe(13303849);
    await bench.pair.secondary.apply({ transferBytesPerSecond: 0 });
    expect(await bench.update('big')).toBe('success');
    const rest = Number(textAt(await bench.relation(), 'transfer.bytes_transferred'));
    expect(rest + kept).toBeGreaterThanOrEqual(4_000_000);
    expect(rest).toBeLessThan(4_000_000);
    expect(await bench.relation()).toMatchObject({ healthy: true });
  });

  test('a lost common storage snapshot ends updates; a missing name is refused', async () => {
    await open('XDPDefault');
    await bench.snap('a');
    expect(await bench.update('a')).toBe('success');
    expect(code(await bench.start('nothing'))).toBe(13303844);
    for (const volume of bench.pair.primary.world.cluster.visible().filter((one) => one.name === 'ds1'))
      volume.snapshots = [];
    await bench.snap('b');
    expect(await bench.update('b')).toBe('failed');
    const reasons = JSON.stringify((await bench.relation())['unhealthy_reason']);
    expect(reasons).toContain('13303844');
  });

  test('faults: a transfer that fails on its way, one that hangs, a source that is gone', async () => {
    await open('XDPDefault');
    const { faults } = bench.pair.secondary.world;
    await bench.write('disk', noise(10_000_000, 4));
    await bench.snap('a');
    faults.add({
      at: 'step',
      step: 'snapmirror.transfer',
      times: 1,
      action: { kind: 'fail', atPercent: 40 },
    });
    expect(await bench.update('a')).toBe('failed');
    const failedAt = Number(textAt(await bench.relation(), 'transfer.bytes_transferred'));
    expect(failedAt).toBeGreaterThanOrEqual(4_000_000);
    expect(failedAt).toBeLessThan(10_000_000);
    faults.clear();
    faults.add({
      at: 'step',
      step: 'snapmirror.transfer',
      times: 1,
      action: { kind: 'hang', atPercent: 60 },
    });
    expect((await bench.start('a')).status).toBe(201);
    await systemClock.sleep(300);
    expect(textAt(await bench.relation(), 'transfer.state')).toBe('transferring');
    faults.clear();
    expect(await bench.ended()).toBe('success');
    await bench.snap('b');
    await bench.pair.primary.apply({ reachable: false });
    expect(await bench.update()).toBe('failed');
    await expect(bench.primary.get('/cluster')).rejects.toThrow();
    await bench.pair.primary.apply({ reachable: true });
    expect(await bench.update('b')).toBe('success');
  });

  test('states: paused, broken off, back again', async () => {
    await open('MirrorAllSnapshots');
    const uuid = (await bench.relation())['uuid'];
    const change = async (state: string) => {
      const answer = await bench.secondary.call(
        'PATCH',
        `/snapmirror/relationships/${uuid}?return_timeout=10`,
        {
          body: { state },
        },
      );
      return answer.status === 202 ? 'ok' : code(answer);
    };
    expect(await change('paused')).toBe('ok');
    expect(code(await bench.start())).toBe(13303844);
    expect(await change('broken_off')).toBe('ok');
    expect(await change('paused')).toBe(13303829);
    const volume = await bench.secondary.records('/storage/volumes?name=ds1&fields=type');
    expect(volume).toMatchObject([{ type: 'rw' }]);
    expect(await change('snapmirrored')).toBe('ok');
    expect(await bench.ended()).toBe('success');
    expect(await bench.relation()).toMatchObject({ state: 'snapmirrored', last_transfer_type: 'resync' });
  });

  test('both clusters list the relation; aliases differ from real names', async () => {
    await open('XDPDefault');
    expect(await bench.relation()).toMatchObject({
      source: {
        path: 'svm1_prod:ds1',
        svm: { name: 'svm1_prod', uuid: bench.pair.primary.world.cluster.svms[0]?.uuid },
        cluster: { name: 'clus-pri' },
      },
      destination: { path: 'svm1:ds1' },
      state: 'snapmirrored',
      healthy: true,
    });
    expect(await bench.primary.records('/snapmirror/relationships')).toEqual([]);
    const path = '/snapmirror/relationships?list_destinations_only=true&source.path=svm1:ds1&fields=*';
    expect(await bench.primary.records(path)).toMatchObject([
      { destination: { path: 'svm1:ds1', cluster: { name: 'clus-sec' } }, policy: { type: 'async' } },
    ]);
    const tunnelled = await bench.primary.call('GET', path, { headers: { 'x-dot-svm-name': 'svm1' } });
    expect(tunnelled.body).toMatchObject({ num_records: 0 });
    const [peer] = await bench.secondary.records('/svm/peers?fields=*');
    expect(peer).toMatchObject({
      name: 'svm1_prod',
      peer: { svm: { name: 'svm1' }, cluster: { name: 'clus-pri' } },
    });
  });

  test('a relation is made with its destination and taken away with its hold', async () => {
    await open('XDPDefault');
    const made = await bench.secondary.call('POST', '/snapmirror/relationships?return_timeout=10', {
      body: {
        source: { path: 'svm1_prod:ds2' },
        destination: { path: 'svm1:ds2_vault' },
        policy: { name: 'MirrorAndVault' },
        create_destination: { enabled: true },
        state: 'snapmirrored',
      },
    });
    expect(await bench.secondary.finish(systemClock, made)).toMatchObject({ state: 'success' });
    const query = '/snapmirror/relationships?destination.path=svm1:ds2_vault&fields=state,transfer';
    let record = (await bench.secondary.records(query))[0];
    for (let turn = 0; turn < 100 && record?.['state'] !== 'snapmirrored'; turn++) {
      await systemClock.sleep(20);
      record = (await bench.secondary.records(query))[0];
    }
    expect(record).toMatchObject({ state: 'snapmirrored' });
    const base = await bench.volume(bench.primary, 'ds2');
    const owners = () => bench.primary.records(`/storage/volumes/${base}/snapshots?fields=owners`);
    expect(await owners()).toMatchObject([{ owners: ['snapmirror'] }]);
    const gone = await bench.secondary.call(
      'DELETE',
      `/snapmirror/relationships/${record?.['uuid']}?return_timeout=10`,
    );
    expect(await bench.secondary.finish(systemClock, gone)).toMatchObject({ state: 'success' });
    expect((await owners())[0]).not.toHaveProperty('owners');
  });
});
