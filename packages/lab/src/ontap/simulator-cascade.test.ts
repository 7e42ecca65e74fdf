import { SeededRandomness, systemClock } from '@leeward/platform';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';
import { afterEach, describe, expect, test } from 'vitest';
import { Bench, code } from '../../../../tests/interop/ontap-sim-bench.ts';
import { textAt } from '../json.ts';
import { startCascade } from './testing/start-cascade.ts';

describe('a cascade over three clusters', () => {
  let first: Bench;
  let second: Bench;

  const open = async (one: string, two: string) => {
    const cascade = await startCascade(one, two);
    first = new Bench(cascade.first);
    second = new Bench(cascade.second);
  };
  afterEach(async () => {
    await second.close();
    await first.close();
  });
  /** Of the three clusters, in order; those that ONTAP made for itself are `SM`. */
  const names = async () => [
    await first.names(first.primary),
    await first.names(first.secondary),
    await second.names(second.secondary),
  ];

  test('bytes go on hop by hop; the second hop has only what arrived in the middle', async () => {
    await open('XDPDefault', 'XDPDefault');
    const content = new SeededRandomness(1).bytes(3_000_000);
    await first.write('disk', content);
    await first.snap('a');
    expect(code(await second.start('a'))).toBe(13303844);
    expect(await first.update('a')).toBe('success');
    expect(await second.update('a')).toBe('success');
    const uuid = await second.volume(second.secondary, 'ds1');
    const mounted = await second.secondary.call('PATCH', `/storage/volumes/${uuid}?return_timeout=10`, {
      body: { nas: { path: '/ds1' } },
    });
    await second.secondary.finish(systemClock, mounted);
    const mount = await connectNfs(second.options('secondary', '/ds1'));
    const read = await mount.readFile('.snapshot/a/disk', 10_000_000);
    expect(Buffer.compare(read, content)).toBe(0);
    await mount.close();
    // Only what changed goes on.
    await first.write('disk', new SeededRandomness(2).bytes(100_000), 1_000_000);
    await first.snap('b');
    await first.update('b');
    expect(await second.update('b')).toBe('success');
    const bytes = Number(textAt(await second.relation(), 'transfer.bytes_transferred'));
    expect(bytes).toBeLessThanOrEqual(3 * 65_536);
  });

  test('the base of the second hop cannot be deleted in the middle while it is one', async () => {
    await open('XDPDefault', 'XDPDefault');
    for (const name of ['a', 'b']) {
      await first.snap(name);
      await first.update(name);
    }
    expect(await second.update('a')).toBe('success');
    // `a` is the base of the second hop, `b` of the first one.
    expect(code(await first.drop(first.secondary, 'a'))).toBe(1638483);
    expect(code(await first.drop(first.secondary, 'b'))).toBe(1638483);
    expect(await second.update('b')).toBe('success');
    const dropped = await first.drop(first.secondary, 'a');
    expect(await first.secondary.finish(systemClock, dropped)).toMatchObject({ state: 'success' });
  });

  test('a mirror in the middle keeps the base of the next hop although the primary dropped it', async () => {
    await open('MirrorAllSnapshots', 'XDPDefault');
    await first.snap('a');
    await first.update('a');
    await second.update('a');
    await first.snap('b');
    await first.update('b');
    expect((await first.drop(first.primary, 'a')).status).toBe(200);
    await first.snap('c');
    expect(await first.update('c')).toBe('success');
    expect(await first.names(first.secondary)).toContain('a');
    expect(await second.update('c')).toBe('success');
    await first.snap('d');
    await first.update('d');
    expect(await first.names(first.secondary)).not.toContain('a');
  });

  test('an update that names nothing takes on what the middle exports, and freezes nothing there', async () => {
    await open('XDPDefault', 'MirrorAllSnapshots');
    await first.snap('a');
    await first.update('a');
    expect(await second.update()).toBe('success');
    const [, middle, last] = await names();
    expect(middle).toEqual(['SM', 'a']);
    expect(last).toEqual(['SM', 'a']);
    expect(textAt(await second.relation(), 'exported_snapshot')).toBe('a');
    // The lag is the age of that state, not of the last hop alone.
    await systemClock.sleep(1_100);
    expect(textAt(await second.relation(), 'lag_time')).not.toBe('PT0S');
  });

  test('a mirror at the end has what the middle has, and drops what went there', async () => {
    await open('XDPDefault', 'MirrorAllSnapshots');
    for (const name of ['a', 'b']) {
      await first.snap(name);
      await first.update(name);
      await second.update(name);
    }
    expect(code(await second.drop(second.secondary, 'a'))).toBe(1638521);
    const dropped = await first.drop(first.secondary, 'a');
    expect(await first.secondary.finish(systemClock, dropped)).toMatchObject({ state: 'success' });
    await first.snap('c');
    await first.update('c');
    expect(await second.update('c')).toBe('success');
    expect(await second.names(second.secondary)).toEqual(['SM', 'b', 'c']);
  });

  test('the middle is peered with both, and knows each relation', async () => {
    await open('XDPDefault', 'XDPDefault');
    const svmPeers = await first.secondary.records('/svm/peers?fields=*');
    expect(svmPeers.map((peer) => [peer['name'], textAt(peer, 'peer.cluster.name')])).toEqual([
      ['svm1_prod', 'clus-pri'],
      ['svm1_third', 'clus-third'],
    ]);
    const clusters = await first.secondary.records('/cluster/peers?fields=*');
    expect(clusters.map(({ name }) => name)).toEqual(['clus-pri', 'clus-third']);
    const out = await first.secondary.records(
      '/snapmirror/relationships?list_destinations_only=true&fields=*',
    );
    expect(out.map((each) => textAt(each, 'destination.cluster.name'))).toEqual(['clus-third']);
    const source = textAt(await second.relation(), 'source.cluster.name');
    expect(source).toBe('clus-sec');
  });
});
