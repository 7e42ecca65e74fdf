import { afterEach, describe, expect, test } from 'vitest';
import { Bench } from '../../../../tests/interop/ontap-sim-bench.ts';
import { HostLuns } from '../san/host-luns.ts';
import { addSan, esxi } from './testing/san-pair.ts';
import { startPair, token } from './testing/start-pair.ts';

const block = Buffer.alloc(4096, 5);

/** Documented: out of sync stops all I/O to the source of a strict relation, and nothing of one that is not. */
describe('hosts of a synchronously replicated LUN, while it is out of sync', () => {
  let bench: Bench;
  let host: HostLuns;
  afterEach(async () => {
    host.close();
    await bench.close();
  });

  test.each([
    ['StrictSync', 'all', { reads: false, writes: false }],
    ['StrictSync', 'writes', { reads: true, writes: false }],
    ['Sync', 'all', { reads: true, writes: true }],
  ] as const)('%s, stopping %s', async (policy, strictStops, expected) => {
    const pair = await startPair([], (primary, secondary) => {
      addSan(primary, secondary, policy);
      for (const config of [primary, secondary])
        config.behaviour = { ...config.behaviour, sync: { pulseMs: 40, strictStops } };
    });
    bench = new Bench(pair);
    host = new HostLuns({ port: pair.primary.addresses.hostPort ?? 0, token, initiatorName: esxi });
    const [mapped] = await host.list();
    const lun = await host.open(mapped?.scsiName ?? '');
    await lun.write(0, block);
    await pair.secondary.apply({ syncLink: false });
    await pair.primary.apply({ syncLink: false });
    const works = (call: Promise<void>) =>
      call.then(
        () => true,
        () => false,
      );
    expect({
      reads: await works(lun.read(0, Buffer.alloc(4096))),
      writes: await works(lun.write(4096, block)),
    }).toEqual(expected);
  });
});
