import { systemClock } from '@leeward/platform';
import { NfsWriter } from '@leeward/transports/nfs/client/nfs-writer';
import { afterEach, describe, expect, test } from 'vitest';
import { Bench, code } from '../../../../tests/interop/ontap-sim-bench.ts';
import { textAt } from '../json.ts';
import type { OntapConfigInput } from './config.ts';
import { startPair } from './testing/start-pair.ts';

type Change = (primary: OntapConfigInput, secondary: OntapConfigInput) => void;

describe('SnapMirror Synchronous', () => {
  let bench: Bench;
  afterEach(() => bench.close());

  const open = async (policy: string, version = '9.16.1', change: Change = () => undefined) => {
    bench = new Bench(
      await startPair([policy], (primary, secondary) => {
        for (const config of [primary, secondary])
          config.behaviour = { ...config.behaviour, sync: { pulseMs: 40 } };
        // The older side decides.
        secondary.cluster.version = version;
        change(primary, secondary);
      }),
    );
  };
  const setLink = async (isUp: boolean) => {
    await bench.pair.primary.apply({ syncLink: isUp });
    await bench.pair.secondary.apply({ syncLink: isUp });
  };
  const state = async () => textAt(await bench.relation(), 'state');
  const until = async (wanted: string) => {
    for (let turn = 0; turn < 200 && (await state()) !== wanted; turn++) await systemClock.sleep(20);
    expect(await state()).toBe(wanted);
  };
  const change = async (body: { state: string }) => {
    const { uuid } = await bench.relation();
    const path = `/snapmirror/relationships/${uuid}?return_timeout=10`;
    return await bench.secondary.call('PATCH', path, { body });
  };
  const both = async () => ({
    primary: (await bench.names(bench.primary)).filter((name) => name !== 'SM'),
    secondary: (await bench.names(bench.secondary)).filter((name) => name !== 'SM'),
  });
  const facts = async (caller: Bench['primary'], name: string) => {
    const uuid = await bench.volume(caller, 'ds1');
    const fields = 'create_time,version_uuid,comment,snapmirror_label';
    const [found] = await caller.records(`/storage/volumes/${uuid}/snapshots?name=${name}&fields=${fields}`);
    return found;
  };

  test('a storage snapshot of the source is on the destination at once: name, instant, label and content', async () => {
    await open('Sync');
    await bench.write('disk', Buffer.alloc(200_000, 7));
    await bench.snap('s1', 'any');
    const [source, replica] = [await facts(bench.primary, 's1'), await facts(bench.secondary, 's1')];
    expect(replica).toMatchObject({
      create_time: source?.['create_time'],
      version_uuid: source?.['version_uuid'],
      snapmirror_label: 'any',
    });
    expect(replica?.['uuid']).not.toBe(source?.['uuid']);
    // No transfer by that: the last one is the baseline.
    expect(textAt(await bench.relation(), 'transfer.type')).toBe('initialize');
    const frozen = bench.pair.secondary.world.cluster
      .visible()
      .find(({ name }) => name === 'ds1')
      ?.snapshots.find(({ name }) => name === 's1');
    expect(frozen?.logicalBytes).toBeGreaterThanOrEqual(200_000);
  });

  test('before 9.14.1 only those with a label of the rules, rotated by their count', async () => {
    await open('Sync', '9.12.1');
    await bench.snap('plain');
    await bench.snap('a1', 'app_consistent');
    await bench.snap('a2', 'app_consistent');
    expect(await both()).toEqual({ primary: ['plain', 'a1', 'a2'], secondary: ['a2'] });
  });

  test('deletions are followed; on the destination itself they are refused; a clone there holds its base', async () => {
    await open('StrictSync');
    await bench.snap('s1');
    expect(code(await bench.drop(bench.secondary, 's1'))).toBe(1638521);
    const { cluster } = bench.pair.secondary.world;
    const volume = cluster.visible().find(({ name }) => name === 'ds1');
    volume?.snapshots.find(({ name }) => name === 's1')?.holds.set('a clone', 'volume_clone');
    expect((await bench.drop(bench.primary, 's1')).status).toBe(200);
    await systemClock.sleep(200);
    expect(await both()).toEqual({ primary: [], secondary: ['s1'] });
    volume?.snapshots.find(({ name }) => name === 's1')?.holds.clear();
    for (let turn = 0; turn < 50 && (await both()).secondary.length > 0; turn++) await systemClock.sleep(20);
    expect(await both()).toEqual({ primary: [], secondary: [] });
  });

  test('strict: hosts are stopped while out of sync, and go on when it is back by itself', async () => {
    await open('StrictSync');
    await bench.write('disk', Buffer.alloc(4096, 1));
    await setLink(false);
    expect(await bench.relation()).toMatchObject({ state: 'out_of_sync', healthy: false });
    await expect(bench.write('more', Buffer.alloc(4096, 2))).rejects.toThrow();
    await setLink(true);
    await until('in_sync');
    await bench.write('more', Buffer.alloc(4096, 2));
    expect(await bench.relation()).toMatchObject({ healthy: true, last_transfer_type: 'resync' });
  });

  test('not strict: hosts go on; what is frozen meanwhile stays on the source alone', async () => {
    await open('Sync');
    await bench.snap('before');
    await setLink(false);
    await bench.write('more', Buffer.alloc(4096, 2));
    await bench.snap('solo');
    await bench.drop(bench.primary, 'before');
    await setLink(true);
    await until('in_sync');
    expect(await both()).toEqual({ primary: ['solo'], secondary: [] });
    await bench.snap('after');
    expect((await both()).secondary).toEqual(['after']);
  });

  test('a side that is gone is noticed by the other one, without being told', async () => {
    await open('StrictSync');
    await bench.pair.secondary.apply({ reachable: false });
    const writer = async () => {
      const made = await NfsWriter.connect(bench.options('primary', '/ds1'));
      try {
        await made.createFile('probe');
      } finally {
        await made.close();
      }
    };
    let refused = false;
    for (let turn = 0; turn < 200 && !refused; turn++) {
      refused = await writer().then(
        () => false,
        () => true,
      );
      await systemClock.sleep(20);
    }
    expect(refused).toBe(true);
    await bench.pair.secondary.apply({ reachable: true });
    await until('in_sync');
    await writer();
  });

  test('quiesced, resumed, broken off and resynchronised by hand', async () => {
    await open('StrictSync');
    expect((await change({ state: 'paused' })).status).toBe(200);
    await bench.snap('quiet');
    await bench.write('free', Buffer.alloc(4096, 3));
    expect(await both()).toEqual({ primary: ['quiet'], secondary: [] });
    expect((await change({ state: 'in_sync' })).status).toBe(200);
    await until('in_sync');
    expect((await change({ state: 'broken_off' })).status).toBe(200);
    await systemClock.sleep(200);
    expect(await state()).toBe('broken_off');
    expect((await change({ state: 'in_sync' })).status).toBe(200);
    await until('in_sync');
  });

  test('takes no updates, and needs a licence of its own', async () => {
    await open('Sync');
    expect(code(await bench.start())).toBe(13303844);
    await bench.pair.secondary.apply({ removeLicenses: ['snapmirror_sync'] });
    await change({ state: 'paused' });
    expect(code(await change({ state: 'in_sync' }))).toBe(13303844);
  });
});
