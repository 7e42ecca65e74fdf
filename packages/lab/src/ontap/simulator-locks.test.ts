import { systemClock } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bench, code } from '../../../../tests/interop/ontap-sim-bench.ts';
import { type JsonObject, textAt } from '../json.ts';
import { startPair } from './testing/start-pair.ts';

const dayMs = 86_400_000;
/** Whole seconds, as the array knows them. */
const inDays = (days: number) =>
  new Date(Math.ceil((systemClock.now() + days * dayMs) / 1_000) * 1_000).toISOString();

describe('snapshot locking', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = new Bench(await startPair(['XDPDefault']));
  });
  afterAll(() => bench.close());

  const enable = async () => {
    const path = `/storage/volumes/${await bench.volume(bench.primary, 'ds1')}?return_timeout=10`;
    return bench.primary.call('PATCH', path, { body: { snapshot_locking_enabled: true } });
  };
  const snapshot = async (name: string) => {
    const volume = await bench.volume(bench.primary, 'ds1');
    const path = `/storage/volumes/${volume}/snapshots`;
    const [found] = await bench.primary.records(`${path}?name=${name}&fields=snaplock_expiry_time`);
    return {
      path: `${path}/${textAt(found ?? {}, 'uuid')}`,
      until: textAt(found ?? {}, 'snaplock_expiry_time'),
    };
  };
  const lock = async (name: string, until: string) => {
    const { path } = await snapshot(name);
    const body = { snaplock_expiry_time: until };
    return bench.primary.finish(
      systemClock,
      await bench.primary.call('PATCH', `${path}?return_timeout=10`, { body }),
    );
  };
  const refusal = (answer: JsonObject) => textAt(answer, 'error.code');

  test('is switched on only with licence and running compliance clock', async () => {
    expect(code(await enable())).toBe(918233);
    await bench.pair.primary.apply({ addLicenses: ['snaplock'], complianceClock: 'not-initialized' });
    expect(code(await enable())).toBe(918233);
    expect(await bench.primary.records('/storage/snaplock/compliance-clocks')).toEqual([]);
    await bench.snap('ignored');
    await lock('ignored', inDays(1));
    expect((await snapshot('ignored')).until).toBeUndefined();
    await bench.pair.primary.apply({ complianceClock: 'runs' });
    expect(await bench.primary.records('/storage/snaplock/compliance-clocks?fields=time')).not.toEqual([]);
    expect((await enable()).status).toBe(200);
  });

  test('refuses deletion before the time, shortening, and times in the past or beyond 100 years', async () => {
    await bench.snap('kept');
    await lock('kept', inDays(2));
    const { until } = await snapshot('kept');
    expect(until).toBeDefined();
    expect(code(await bench.drop(bench.primary, 'kept'))).toBe(1638555);
    for (const wrong of [inDays(1), inDays(-1), inDays(36_501)])
      expect(refusal(await lock('kept', wrong))).toBe('1638554');
    expect((await snapshot('kept')).until).toBe(until);
    await lock('kept', inDays(3));
    await bench.pair.primary.apply({ jumpMs: 2.5 * dayMs });
    expect(code(await bench.drop(bench.primary, 'kept'))).toBe(1638555);
    await bench.pair.primary.apply({ jumpMs: dayMs });
    expect((await bench.drop(bench.primary, 'kept')).status).toBe(200);
  });
});
