import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PeerUnreachable } from '../link/link-client.ts';
import { type Pair, startPair, token } from '../nimble/testing/start-pair.ts';
import { HostLuns } from './host-luns.ts';

const esxi = 'iqn.1998-01.com.vmware:esxi1';
const mebibyte = 1024 * 1024;

describe('simulated hosts at their LUNs', () => {
  let pair: Pair;
  const hosts: HostLuns[] = [];
  beforeAll(async () => {
    pair = await startPair();
  });
  afterAll(async () => {
    for (const one of hosts) one.close();
    await pair.close();
  });

  const host = (initiatorName: string, secret = token) => {
    const port = pair.primary.addresses.hostPort ?? 0;
    const made = new HostLuns({ port, token: secret, initiatorName });
    hosts.push(made);
    return made;
  };

  test('a host sees what is mapped to it, and reads what it wrote', async () => {
    const luns = await host(esxi).list();
    expect(luns.map(({ sizeBytes }) => sizeBytes)).toEqual([
      2048 * mebibyte,
      1024 * mebibyte,
      1024 * mebibyte,
    ]);
    const [first] = luns;
    expect(first).toMatchObject({ vendor: 'Nimble', writable: true, scsiName: `eui.${first?.serial}` });
    const lun = await host(esxi).open(first?.scsiName ?? '');
    const data = Buffer.alloc(3 * mebibyte + 17, 7);
    await lun.write(1000, data);
    const read = Buffer.alloc(data.length + 2, 1);
    await lun.read(999, read);
    expect(read.subarray(1, -1).equals(data)).toBe(true);
    expect([read[0], read.at(-1)]).toEqual([0, 0]);
  });

  test('writes of one host act in the order of its calls', async () => {
    const [, second] = await host(esxi).list();
    const lun = await host(esxi).open(second?.scsiName ?? '');
    await Promise.all(Array.from({ length: 50 }, (_, at) => lun.write(0, Buffer.alloc(4096, at))));
    const read = Buffer.alloc(4096);
    await lun.read(0, read);
    expect(read.equals(Buffer.alloc(4096, 49))).toBe(true);
  });

  test('strangers see nothing, and nobody reads outside of a LUN', async () => {
    expect(await host('iqn.1998-01.com.vmware:other').list()).toEqual([]);
    await expect(host(esxi, 'wrong-token').list()).rejects.toThrow(PeerUnreachable);
    const [first] = await host(esxi).list();
    const lun = await host(esxi).open(first?.scsiName ?? '');
    await expect(lun.read(lun.sizeBytes - 1, Buffer.alloc(2))).rejects.toMatchObject({
      reason: 'out-of-range',
    });
    await expect(host(esxi).open('eui.0')).rejects.toMatchObject({ reason: 'not-mapped' });
  });
});
