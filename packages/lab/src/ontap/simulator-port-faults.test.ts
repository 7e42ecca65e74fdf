import { isError } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';
import { NfsWriter } from '@leeward/transports/nfs/client/nfs-writer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { HostLuns } from '../san/host-luns.ts';
import { ControlClient } from '../scenario/control-client.ts';
import { addSan, esxi } from './testing/san-pair.ts';
import { type Pair, startPair, token } from './testing/start-pair.ts';

const deps = { clock: systemClock, randomness: systemRandomness };
const faultsSchema = z.object({
  faults: z.array(z.looseObject({ calls: z.number(), hits: z.number(), downForMs: z.number().optional() })),
});

describe('faults of the data ports of a cluster', () => {
  let pair: Pair;
  let door: ControlClient;
  beforeAll(async () => {
    pair = await startPair([], addSan);
    door = new ControlClient({ port: pair.primary.addresses.controlPort, token });
    const writer = await NfsWriter.connect(nfs('/ds1'));
    await writer.makeDirectory('vm');
    for (const name of ['a.vmdk', 'b.vmdk']) {
      const file = await writer.createFile(`vm/${name}`);
      await writer.write(file, 0, Buffer.alloc(65_536, name));
    }
    await writer.close();
  });
  afterEach(() => door.delete('/faults'));
  afterAll(() => pair.close());

  const nfs = (exportPath: string) => {
    const [port] = pair.primary.addresses.dataPorts;
    return {
      ...deps,
      addresses: ['127.0.0.1'],
      nfsPort: port?.nfsPort ?? 0,
      mountPort: port?.mountPort ?? 0,
      exportPath,
      credential: { uid: 0, gid: 0 },
      giveUpAfterMs: 1_500,
    };
  };
  const readOf = async (path: string, exportPath = '/ds1') => {
    const mount = await connectNfs(nfs(exportPath));
    try {
      const file = await mount.open(path);
      const target = new Uint8Array(4096);
      await file.read(0, target);
      return target;
    } finally {
      await mount.close();
    }
  };
  const add = (fault: object) => door.post('/faults', { at: 'port', ...fault });
  const listed = async () => faultsSchema.parse(await door.get('/faults')).faults;
  const portal = () => {
    const [first] = pair.primary.addresses.iscsiPortals;
    if (!first) throw new Error('no portal');
    return first;
  };
  const lun = () =>
    openIscsiLun({
      ...deps,
      portals: [{ host: portal().address, port: portal().port }],
      targetName: portal().targetName ?? '',
      initiatorName: esxi,
      lun: 0,
      sessions: 1,
      giveUpAfterMs: 1_500,
    });

  test('NFS: the n-th READ of one file is refused with a status, others are not', async () => {
    const action = { kind: 'refuse', code: 'IO' };
    await add({ protocol: 'nfs', method: 'READ', path: '/ds1/vm/a.vmdk', nth: 2, times: 1, action });
    await readOf('vm/b.vmdk');
    await readOf('vm/a.vmdk');
    await expect(readOf('vm/a.vmdk')).rejects.toThrow('L-NET-204');
    await readOf('vm/a.vmdk');
    expect(await listed()).toMatchObject([{ calls: 3, hits: 1 }]);
  });

  test('NFS: a mount is refused by its export, whatever is below it too', async () => {
    await add({ method: 'MNT', path: '/ds1*', action: { kind: 'refuse', code: 'ACCES' } });
    await expect(connectNfs(nfs('/ds1/vm'))).rejects.toSatisfy((error) => isError(error, 'L-NET-106'));
    await (await connectNfs(nfs('/ds2'))).close();
  });

  test('NFS: cut, delayed and unanswered calls are got over; the counters tell', async () => {
    await add({ method: 'READ', times: 1, action: { kind: 'cut', when: 'before' } });
    await add({ method: 'READ', nth: 2, times: 1, action: { kind: 'cut', when: 'after' } });
    await add({ method: 'GETATTR', times: 1, action: { kind: 'delay', delayMs: 50 } });
    expect(Buffer.from(await readOf('vm/a.vmdk')).subarray(0, 6)).toEqual(Buffer.from('a.vmdk'));
    expect(await listed()).toMatchObject([{ hits: 1 }, { hits: 1 }, { calls: expect.any(Number) }]);
  });

  test('NFS: the port is cut off for a time at a call, and comes back at the same place', async () => {
    await add({ method: 'READ', times: 1, action: { kind: 'down', forMs: 300 } });
    await readOf('vm/a.vmdk');
    expect(await listed()).toMatchObject([{ hits: 1 }]);
    await door.post('/faults', { at: 'now', action: { kind: 'down', forMs: 60_000, port: '127.0.0.1' } });
    await expect(connectNfs(nfs('/ds1'))).rejects.toThrow();
    expect((await listed()).at(-1)?.downForMs).toBeGreaterThan(0);
    await door.delete('/faults');
    await readOf('vm/a.vmdk');
  });

  test('iSCSI: commands to one LUN are refused with a sense, or with a status', async () => {
    const path = '/vol/san1/lun0';
    const unit = await lun();
    await add({ method: 'READ', path: '/vol/san1/lun1', action: { kind: 'refuse', code: '03/11/00' } });
    await unit.read(0, new Uint8Array(4096));
    await add({ method: 'READ', path, action: { kind: 'refuse', code: '03/11/00' } });
    await expect(unit.read(0, new Uint8Array(4096))).rejects.toThrow(/03\/11\/00|medium error/);
    await door.delete('/faults');
    await add({ method: 'READ', path, times: 1, action: { kind: 'refuse', code: 'BUSY' } });
    await unit.read(0, new Uint8Array(4096));
    expect(await listed()).toMatchObject([{ hits: 1 }]);
    await unit.close();
  });

  test('iSCSI: cut before or after, down for a time, and a login that is refused', async () => {
    const port = portal().address;
    const unit = await lun();
    await add({ port, method: 'READ', times: 1, action: { kind: 'cut', when: 'before' } });
    await add({ port, method: 'READ', nth: 2, times: 1, action: { kind: 'cut', when: 'after' } });
    await unit.read(0, new Uint8Array(4096));
    await add({ port, method: 'READ', times: 1, action: { kind: 'down', forMs: 200 } });
    await unit.read(0, new Uint8Array(4096));
    expect(await listed()).toMatchObject([{ hits: 1 }, { hits: 1 }, { hits: 1 }]);
    await unit.close();
    await door.delete('/faults');
    await add({ protocol: 'iscsi', method: 'LOGIN', action: { kind: 'cut' } });
    await expect(lun()).rejects.toThrow();
    expect((await listed())[0]?.hits).toBeGreaterThan(0);
  });

  test('the whole cluster is cut off for hosts too; the network to a port is none of its own knowledge', async () => {
    const host = new HostLuns({ port: pair.primary.addresses.hostPort ?? 0, token, initiatorName: esxi });
    expect((await host.list()).length).toBeGreaterThan(0);
    await door.post('/faults', {
      at: 'now',
      action: { kind: 'down', forMs: 60_000, port: portal().address },
    });
    await expect(lun()).rejects.toThrow();
    expect((await host.list()).length).toBeGreaterThan(0);
    await door.post('/faults', { at: 'now', action: { kind: 'down', forMs: 60_000 } });
    await expect(host.list()).rejects.toThrow();
    await door.delete('/faults');
    expect((await host.list()).length).toBeGreaterThan(0);
    await (await lun()).close();
    host.close();
  });

  test('says where faults can be planted', async () => {
    expect(await door.get('/fault-points')).toMatchObject({
      calls: expect.arrayContaining([
        { method: 'POST', path: '/api/storage/volumes/*/snapshots' },
        { method: 'GET', path: '/api/cluster' },
      ]),
      ports: [
        { address: '127.0.0.1', protocol: 'nfs', paths: expect.arrayContaining(['/ds1', '/ds2']) },
        { protocol: 'iscsi', paths: ['/vol/san1/lun0', '/vol/san1/lun1'] },
      ],
    });
  });
});
