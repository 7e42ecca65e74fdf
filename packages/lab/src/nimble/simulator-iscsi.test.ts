import { createHash } from 'node:crypto';
import { systemClock, systemRandomness } from '@leeward/platform';
import { discoverTargets } from '@leeward/transports/iscsi/initiator/discovery';
import type { IscsiLun } from '@leeward/transports/iscsi/initiator/iscsi-lun';
import { openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { iscsiDataPort } from '../san/iscsi-port.ts';
import { control } from './testing/control-caller.ts';
import { RestCaller, refusalOf } from './testing/rest-caller.ts';
import { admin, type Pair, startPair } from './testing/start-pair.ts';

const deps = { clock: systemClock, randomness: systemRandomness };
const initiatorName = 'iqn.2024-01.org.leeward:proxy1';
const mebibyte = 1024 * 1024;
let pair: Pair;
let caller: RestCaller;
const open: IscsiLun[] = [];

beforeAll(async () => {
  pair = await startPair({ deps: { dataPort: iscsiDataPort(deps) } });
  caller = new RestCaller(pair.secondary.addresses);
  await caller.login(admin);
});

afterAll(async () => {
  await Promise.all(open.map((lun) => lun.close().catch(() => undefined)));
  await caller.close();
  await pair.close();
});

const portals = () => pair.secondary.addresses.portals.map(({ address, port }) => ({ host: address, port }));
const act = (body: object) => control(pair.secondary.addresses, 'POST', '/actions', body);

async function lunOf(targetName: unknown, more: { chap?: { user: string; secret: string } } = {}) {
  const common = { ...deps, portals: portals(), initiatorName, giveUpAfterMs: 3000, sessions: 1 };
  const lun = await openIscsiLun({ ...common, ...more, targetName: String(targetName), lun: 0 });
  open.push(lun);
  return lun;
}

async function proxyGroup() {
  return String((await caller.one('initiator_groups?name=proxy'))['id']);
}

describe('the iSCSI data port', () => {
  test('a LUN shows once it is mapped, tells its identity, and is gone once it is withdrawn', async () => {
    const volume = await caller.create('volumes', { name: 'lun-1', size: 64 });
    await act({ action: 'fill', volume: 'lun-1', seed: 5, lengthBytes: 3 * mebibyte });
    const look = () => discoverTargets({ ...deps, portals: portals(), initiatorName });
    expect(await look()).toEqual([]);
    await expect(lunOf(volume['target_name'])).rejects.toThrow();
    const record = await caller.create('access_control_records', {
      vol_id: String(volume['id']),
      initiator_group_id: await proxyGroup(),
      apply_to: 'volume',
    });
    expect((await look()).map(({ targetName }) => targetName)).toEqual([volume['target_name']]);
    const lun = await lunOf(volume['target_name']);
    expect(lun).toMatchObject({ sizeBytes: 64 * mebibyte, blockBytes: 512 });
    expect(lun.identity).toMatchObject({
      vendor: 'Nimble',
      product: 'Server',
      serial: volume['serial_number'],
      eui: volume['serial_number'],
    });
    const read = new Uint8Array(mebibyte);
    await lun.read(2 * mebibyte, read);
    const range = { offsetBytes: 2 * mebibyte, lengthBytes: mebibyte };
    const digest = await act({ action: 'digest', volume: 'lun-1', ...range });
    expect(digest['sha256']).toBe(createHash('sha256').update(read).digest('hex'));
    expect(await caller.one(`volumes/${volume['id']}`)).toMatchObject({
      num_iscsi_connections: 1,
      iscsi_sessions: [{ initiator_name: initiatorName }],
    });
    const { ports } = await control(pair.secondary.addresses, 'GET', '/counters');
    expect(ports).toMatchObject([
      { address: '127.0.0.1', bytesRead: mebibyte, byInitiator: [{ initiatorName, bytesRead: mebibyte }] },
    ]);
    await control(pair.secondary.addresses, 'DELETE', '/counters');
    const path = `volumes/${volume['id']}`;
    expect(refusalOf(await caller.call('PUT', path, { online: false }))).toBe('409 SM_vol_has_connections');
    await caller.call('DELETE', `access_control_records/${record['id']}`);
    expect(await look()).toEqual([]);
    await expect(lun.read(0, new Uint8Array(512))).rejects.toThrow();
    await lun.close();
    expect((await caller.call('PUT', path, { online: false })).status).toBe(200);
    expect((await caller.call('DELETE', path)).status).toBe(200);
  });

  test('CHAP: the secret of the record has to be proved', async () => {
    const volume = await caller.create('volumes', { name: 'lun-2', size: 16 });
    const user = await caller.create('chap_users', { name: 'leeward-chap', password: 'chap-secret-1' });
    await caller.create('access_control_records', {
      vol_id: String(volume['id']),
      initiator_group_id: await proxyGroup(),
      chap_user_id: String(user['id']),
      apply_to: 'volume',
    });
    await expect(lunOf(volume['target_name'])).rejects.toMatchObject({
      code: expect.stringMatching(/^L-BLK/),
    });
    const chap = { user: 'leeward-chap', secret: 'chap-secret-1' };
    const lun = await lunOf(volume['target_name'], { chap });
    await lun.read(0, new Uint8Array(4096));
    await act({
      action: 'setPortal',
      address: '127.0.0.1',
      isUp: false,
    });
    const waiting = lun.read(4096, new Uint8Array(4096));
    await systemClock.sleep(100);
    await act({ action: 'setPortal', address: '127.0.0.1', isUp: true });
    await waiting;
    await control(pair.secondary.addresses, 'POST', '/faults', {
      at: 'step',
      step: 'iscsi.read',
      times: 1,
      action: { kind: 'cut' },
    });
    await lun.read(0, new Uint8Array(4096));
    const { faults } = await control(pair.secondary.addresses, 'GET', '/faults');
    expect(faults).toMatchObject([{ hits: 1 }]);
  });

  test('the group’s own target: one LUN for each volume, another size is told', async () => {
    const wanted = { size: 16, iscsi_target_scope: 'group' };
    const initiatorGroup = await proxyGroup();
    const luns = [];
    for (const name of ['shared-1', 'shared-2']) {
      const volume = await caller.create('volumes', { ...wanted, name });
      expect(String(volume['target_name'])).toMatch(
        /^iqn\.2007-11\.com\.nimblestorage:grp-dr-g76ab0139cc41d7f2$/,
      );
      const record = await caller.create('access_control_records', {
        vol_id: String(volume['id']),
        initiator_group_id: initiatorGroup,
        apply_to: 'volume',
        ...(name === 'shared-2' ? { lun: 7 } : {}),
      });
      luns.push(record['lun']);
    }
    expect(luns).toEqual([0, 7]);
    const first = await caller.one('volumes/detail?name=shared-1');
    const lun = await lunOf(first['target_name']);
    expect(lun.identity.serial).toBe(first['serial_number']);
  });
});
