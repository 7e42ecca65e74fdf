import { createHash } from 'node:crypto';
import { systemClock, systemRandomness } from '@leeward/platform';
import { discoverTargets } from '@leeward/transports/iscsi/initiator/discovery';
import type { IscsiLun } from '@leeward/transports/iscsi/initiator/iscsi-lun';
import { openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type JsonObject, textAt } from '../json.ts';
import { HostLuns } from '../san/host-luns.ts';
import { ControlClient } from '../scenario/control-client.ts';
import { RestCaller } from './testing/rest-caller.ts';
import { addSan, esxi, proxy } from './testing/san-pair.ts';
import { admin, type Pair, startPair, token } from './testing/start-pair.ts';

const deps = { clock: systemClock, randomness: systemRandomness };
const mebibyte = 1024 * 1024;
const svm = { name: 'svm1' };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('LUNs over iSCSI, from a host’s writes to a proxy’s reads', () => {
  let pair: Pair;
  let primary: RestCaller;
  let secondary: RestCaller;
  let host: HostLuns;
  let lab: { primary: ControlClient; secondary: ControlClient };
  const open: IscsiLun[] = [];

  beforeAll(async () => {
    pair = await startPair([], addSan);
    primary = new RestCaller(pair.primary.addresses, admin);
    secondary = new RestCaller(pair.secondary.addresses, admin);
    const door = (side: 'primary' | 'secondary') =>
      new ControlClient({ port: pair[side].addresses.controlPort, token });
    lab = { primary: door('primary'), secondary: door('secondary') };
    host = new HostLuns({ port: pair.primary.addresses.hostPort ?? 0, token, initiatorName: esxi });
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((lun) => lun.close().catch(() => undefined)));
  });

  afterAll(async () => {
    host.close();
    await primary.close();
    await secondary.close();
    await pair.close();
  });

  const portals = (side: 'primary' | 'secondary' = 'secondary') =>
    pair[side].addresses.iscsiPortals.map(({ address, port }) => ({ host: address, port }));
  const target = (side: 'primary' | 'secondary' = 'secondary') =>
    pair[side].addresses.iscsiPortals[0]?.targetName ?? '';
  const look = (initiatorName: string) =>
    discoverTargets({ ...deps, portals: portals(), initiatorName }).then((found) =>
      found.map(({ targetName }) => targetName),
    );
  const lunAt = async (lun: number, more: object = {}, side: 'primary' | 'secondary' = 'secondary') => {
    const common = { ...deps, portals: portals(side), giveUpAfterMs: 3000, sessions: 1, lun };
    const initiatorName = proxy;
    const made = await openIscsiLun({ ...common, targetName: target(side), initiatorName, ...more });
    open.push(made);
    return made;
  };
  const create = async (caller: RestCaller, path: string, body: JsonObject) => {
    const query = 'return_records=true&return_timeout=20';
    const answer = await caller.call('POST', `${path}?${query}`, { body });
    const done = await caller.finish(systemClock, answer);
    const error = done['error'] ?? (answer.status >= 400 ? answer.body : undefined);
    if (error !== undefined) throw new Error(JSON.stringify(error));
  };
  const one = async (caller: RestCaller, path: string): Promise<JsonObject> => {
    const [found] = await caller.records(path);
    if (!found) throw new Error(`nothing at ${path}`);
    return found;
  };
  const remove = async (caller: RestCaller, path: string) => {
    const answer = await caller.call('DELETE', path);
    if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
    await caller.finish(systemClock, answer);
  };
  const snapshot = async (name: string) => {
    const { uuid } = await one(primary, '/storage/volumes?name=san1');
    await create(primary, `/storage/volumes/${uuid}/snapshots`, { name });
  };
  const transfer = async (name: string) => {
    const { uuid } = await one(secondary, '/snapmirror/relationships?destination.path=svm1:san1');
    const body = { source_snapshot: name };
    await secondary.call('POST', `/snapmirror/relationships/${uuid}/transfers`, { body });
    for (;;) {
      const { transfer: now } = await one(secondary, '/snapmirror/relationships?fields=transfer');
      if (!['queued', 'transferring'].includes(textAt(now, 'state') ?? '')) return textAt(now, 'state');
      await systemClock.sleep(20);
    }
  };
  const group = () =>
    create(secondary, '/protocols/san/igroups', {
      svm,
      name: 'proxies',
      os_type: 'linux',
      protocol: 'iscsi',
      initiators: [{ name: proxy }],
    });
  const map = (lun: string, more: JsonObject = {}) =>
    create(secondary, '/protocols/san/lun-maps', {
      svm,
      lun: { name: lun },
      igroup: { name: 'proxies' },
      ...more,
    });
  const unmap = async (lun: string) => {
    const found = await one(secondary, `/protocols/san/lun-maps?lun.name=${lun}`);
    await remove(
      secondary,
      `/protocols/san/lun-maps/${textAt(found, 'lun.uuid')}/${textAt(found, 'igroup.uuid')}`,
    );
  };
  const clone = (name: string, from: string) =>
    create(secondary, '/storage/volumes', {
      svm,
      name,
      clone: { is_flexclone: true, parent_volume: { name: 'san1' }, parent_snapshot: { name: from } },
    });
  const drop = async (name: string) => {
    const { uuid } = await one(secondary, `/storage/volumes?name=${name}`);
    await remove(secondary, `/storage/volumes/${uuid}?force=true&return_timeout=20`);
  };

  test('what hosts wrote before the storage snapshot is read from a clone on the secondary', async () => {
    const [first, second] = await host.list();
    expect([first, second]).toMatchObject([
      { lun: 0, vendor: 'NETAPP', product: 'LUN C-Mode', sizeBytes: 64 * mebibyte, writable: true },
      { lun: 7, sizeBytes: 32 * mebibyte },
    ]);
    const lun = await host.open(first?.scsiName ?? '');
    const before = Buffer.alloc(3 * mebibyte, 0x11);
    await lun.write(5 * mebibyte + 512, before);
    await snapshot('run-1');
    await lun.write(5 * mebibyte + 512, Buffer.alloc(mebibyte, 0x22));
    expect(await transfer('run-1')).toBe('success');

    const replica = await secondary.records('/storage/luns?fields=serial_number,status,lun_maps,space.size');
    expect(replica).toMatchObject([
      { name: '/vol/san1/lun0', space: { size: 64 * mebibyte }, status: { read_only: true, mapped: false } },
      { name: '/vol/san1/lun1', status: { state: 'online' } },
    ]);
    await clone('leeward_1', 'run-1');
    const cloned = await one(
      secondary,
      '/storage/luns?name=/vol/leeward_1/lun0&fields=serial_number,status,os_type',
    );
    expect(cloned).toMatchObject({
      os_type: 'vmware',
      status: { read_only: false, mapped: false, state: 'online' },
    });
    const serials = [first?.serial, replica[0]?.['serial_number'], cloned['serial_number']];
    expect(new Set(serials).size).toBe(3);

    await group();
    await map('/vol/leeward_1/lun0');
    const disk = await lunAt(0);
    const serial = String(cloned['serial_number']);
    expect(disk).toMatchObject({ sizeBytes: 64 * mebibyte, blockBytes: 512 });
    expect(disk.identity).toMatchObject({
      vendor: 'NETAPP',
      product: 'LUN C-Mode',
      serial,
      naa: `600a0980${Buffer.from(serial, 'latin1').toString('hex')}`,
    });
    const read = new Uint8Array(4 * mebibyte);
    await disk.read(5 * mebibyte, read);
    expect(sha256(read)).toBe(
      sha256(Buffer.concat([Buffer.alloc(512), before, Buffer.alloc(mebibyte - 512)])),
    );
    const whole = { action: 'digest', svm: 'svm1' };
    const then = await lab.primary.post('/actions', { ...whole, lun: '/vol/san1/lun0', snapshot: 'run-1' });
    expect(await lab.secondary.post('/actions', { ...whole, lun: '/vol/leeward_1/lun0' })).toEqual(then);
    expect(await lab.primary.post('/actions', { ...whole, lun: '/vol/san1/lun0' })).not.toEqual(then);

    expect(await secondary.records('/protocols/san/iscsi/sessions?fields=*')).toMatchObject([
      { initiator: { name: proxy }, igroups: [{ name: 'proxies' }] },
    ]);
    const bytes = async (side: 'primary' | 'secondary') => {
      const { ports } = Object(await lab[side].get('/counters'));
      return ports.filter((port: object) => 'iscsiPort' in port);
    };
    expect(await bytes('primary')).toMatchObject([{ address: '127.0.0.31', bytesRead: 0 }]);
    const sum = (await bytes('secondary')).reduce(
      (all: number, port: { bytesRead: number }) => all + port.bytesRead,
      0,
    );
    expect(sum).toBe(4 * mebibyte);

    await expect(drop('leeward_1')).rejects.toThrow('917533');
    await unmap('/vol/leeward_1/lun0');
    await expect(disk.read(0, new Uint8Array(512))).rejects.toThrow();
    await drop('leeward_1');
    expect(await secondary.records('/storage/luns?name=/vol/leeward_1/*')).toEqual([]);
  });

  test('the next transfer carries the difference; a replica that is mapped itself moves on with it', async () => {
    await map('/vol/san1/lun1', { logical_unit_number: 3 });
    const disk = await lunAt(3);
    const [, second] = await host.list();
    const lun = await host.open(second?.scsiName ?? '');
    await lun.write(0, Buffer.alloc(4096, 0x33));
    await snapshot('run-2');
    const read = new Uint8Array(4096);
    await disk.read(0, read);
    expect(read.every((byte) => byte === 0)).toBe(true);
    const { uuid, serial_number: serial } = await one(
      secondary,
      '/storage/luns?name=/vol/san1/lun1&fields=serial_number',
    );
    expect(await transfer('run-2')).toBe('success');
    await disk.read(0, read);
    expect(read.every((byte) => byte === 0x33)).toBe(true);
    expect(await one(secondary, '/storage/luns?name=/vol/san1/lun1&fields=serial_number')).toMatchObject({
      uuid,
      serial_number: serial,
    });
    await unmap('/vol/san1/lun1');
  });

  test('a LUN that grew grows on the replica; a full volume is told to the host', async () => {
    const { uuid } = await one(primary, '/storage/luns?name=/vol/san1/lun1');
    const body = { space: { size: 48 * mebibyte } };
    await primary.call('PATCH', `/storage/luns/${uuid}?return_timeout=20`, { body });
    await snapshot('run-3');
    expect(await transfer('run-3')).toBe('success');
    expect(await one(secondary, '/storage/luns?name=/vol/san1/lun1&fields=space.size')).toMatchObject({
      space: { size: 48 * mebibyte },
    });
    const full = { action: 'setFreeBytes', volume: 'svm1:san1' };
    await lab.primary.post('/actions', { ...full, freeBytes: mebibyte });
    const [, second] = await host.list();
    const lun = await host.open(second?.scsiName ?? '');
    await expect(lun.write(16 * mebibyte, Buffer.alloc(4 * mebibyte, 1))).rejects.toMatchObject({
      reason: 'no-space',
    });
    await lab.primary.post('/actions', full);
    await lun.write(16 * mebibyte, Buffer.alloc(4 * mebibyte, 1));
  });

  test('a LUN cloned from a storage snapshot on the primary; the refusals of that', async () => {
    const at = '/vol/san1/.snapshot/run-1/lun0';
    const body = { svm, name: '/vol/san1/copy', clone: { source: { name: at } } };
    const refused = (more: JsonObject) => create(primary, '/storage/luns', { ...body, ...more });
    await expect(refused({ os_type: 'linux' })).rejects.toThrow('5374883');
    await expect(refused({ name: '/vol/san1/lun0' })).rejects.toThrow('1260136');
    await expect(refused({ clone: { source: { name: `${at}-x` } } })).rejects.toThrow('5374876');
    await expect(refused({ clone: { source: { name: at, uuid: 'x' } } })).rejects.toThrow('5374899');
    await lab.primary.post('/settings', { removeLicenses: ['flexclone'] });
    await expect(refused({})).rejects.toThrow('13565952');
    await lab.primary.post('/settings', { addLicenses: ['flexclone'] });
    await refused({});
    const digest = { action: 'digest', svm: 'svm1' };
    expect(await lab.primary.post('/actions', { ...digest, lun: '/vol/san1/copy' })).toEqual(
      await lab.primary.post('/actions', { ...digest, lun: '/vol/san1/lun0', snapshot: 'run-1' }),
    );
    const { uuid } = await one(primary, '/storage/luns?name=/vol/san1/copy');
    await remove(primary, `/storage/luns/${uuid}?return_timeout=20`);
  });

  test('a stranger may log in and finds nothing; the denied may not', async () => {
    const stranger = 'iqn.2024-01.org.leeward:stranger';
    expect(await look(stranger)).toEqual([target()]);
    await expect(lunAt(0, { initiatorName: stranger })).rejects.toThrow();
    const credentials = '/protocols/san/iscsi/credentials';
    await create(secondary, credentials, { svm, initiator: stranger, authentication_type: 'deny' });
    expect(await look(stranger)).toEqual([]);
    const { uuid } = await one(secondary, '/svm/svms');
    await secondary.call('PATCH', `/protocols/san/iscsi/services/${uuid}`, { body: { enabled: false } });
    expect(await look(proxy)).toEqual([]);
    await secondary.call('PATCH', `/protocols/san/iscsi/services/${uuid}`, { body: { enabled: true } });
    expect(await look(proxy)).toEqual([target()]);
  });

  test('CHAP one-way and mutual, by the initiator’s entry', async () => {
    await clone('leeward_2', 'run-2');
    await map('/vol/leeward_2/lun1');
    const inbound = { user: 'proxy', password: 'inbound-secret' };
    const outbound = { user: 'array', password: 'outbound-secret' };
    const body = { svm, initiator: proxy, authentication_type: 'chap', chap: { inbound, outbound } };
    await create(secondary, '/protocols/san/iscsi/credentials', body);
    await expect(lunAt(0)).rejects.toMatchObject({ code: expect.stringMatching(/^L-BLK/) });
    await expect(lunAt(0, { chap: { user: 'proxy', secret: 'another-secret' } })).rejects.toThrow();
    const chap = { user: 'proxy', secret: inbound.password };
    await lunAt(0, { chap });
    await lunAt(0, { chap: { ...chap, mutual: { user: 'array', secret: outbound.password } } });
    await expect(
      lunAt(0, { chap: { ...chap, mutual: { user: 'array', secret: 'not-the-secret' } } }),
    ).rejects.toThrow();
    const { uuid } = await one(secondary, '/svm/svms');
    await remove(secondary, `/protocols/san/iscsi/credentials/${uuid}/${proxy}`);
  });

  test('what the lab breaks: portals, reads, logins, LUNs under their readers', async () => {
    const act = (body: object) => lab.secondary.post('/actions', body);
    const disk = await lunAt(0);
    const at = { svm: 'svm1', lun: '/vol/leeward_2/lun1' };
    for (const address of ['127.0.0.32', '127.0.0.33']) {
      await act({ action: 'setPortal', address, isUp: false });
      await disk.read(0, new Uint8Array(4096));
      const { state } = await one(secondary, `/network/ip/interfaces?ip.address=${address}&fields=state`);
      expect(state).toBe('down');
      await act({ action: 'setPortal', address, isUp: true });
    }
    const fault = (step: string, action: object) =>
      lab.secondary.post('/faults', { at: 'step', step, times: 1, action });
    for (const kind of ['cut', 'refuse']) {
      await fault('iscsi.read', { kind });
      await disk.read(0, new Uint8Array(4096));
    }
    await fault('iscsi.login', { kind: 'refuse' });
    await act({ action: 'dropSessions', svm: 'svm1' });
    await disk.read(0, new Uint8Array(4096));
    const { faults } = Object(await lab.secondary.get('/faults'));
    expect(faults.map((one: { hits: number }) => one.hits)).toEqual([1, 1, 1]);
    await act({ action: 'setLunOnline', ...at, online: false });
    await expect(disk.read(0, new Uint8Array(512))).rejects.toThrow();
    await act({ action: 'setLunOnline', ...at, online: true });
    const again = await lunAt(0);
    await act({ action: 'resizeLun', ...at, sizeBytes: 40 * mebibyte });
    await expect(again.read(0, new Uint8Array(512))).rejects.toThrow();
    const grown = await lunAt(0);
    expect(grown.sizeBytes).toBe(40 * mebibyte);
    await act({ action: 'unmapLun', ...at });
    await expect(grown.read(0, new Uint8Array(512))).rejects.toThrow();
    await drop('leeward_2');
  });
});
