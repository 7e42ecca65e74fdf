import { isPermanent } from '@leeward/core';
import { act } from '@leeward/lab/nimble/control/control-actions';
import { describe, expect, it } from 'vitest';
import { type NimbleWorld, proxyIqn } from '../../../../tests/interop/nimble-driver-world.ts';
import { useNimbleWorld } from '../../../../tests/interop/use-nimble-world.ts';
import type { IscsiPresentation, LunPresentationPlan } from '../contract/lun-presentation.ts';
import { ownershipComment } from '../contract/ownership.ts';
import { codeOf } from '../testing/code-of.ts';

let world: NimbleWorld;
const comment = ownershipComment('test', 'run-1');

useNimbleWorld((made) => {
  world = made;
});

const primary = () => world.connect('primary');
const secondary = () => world.connect('secondary');
const lab = (side: 'primary' | 'secondary') => world.simulators[side].world;

async function lunRequest(name: string, volume = 'ds1') {
  return {
    name,
    volume: await world.volume('secondary', volume),
    storageSnapshotName: 'admin-nightly',
    protocol: 'iscsi',
    initiatorNames: [proxyIqn],
    comment,
  } as const;
}

describe('sessions and accounts', () => {
  it('that expire are renewed in the middle of the work', async () => {
    const driver = primary();
    await driver.identify();
    await act(lab('primary'), { action: 'expireTokens' });
    expect((await driver.inventory()).identity.serial).toBe('25dab4ed8948f2e0');
  });

  it('end with the driver', async () => {
    const driver = secondary();
    const count = async () => ((await world.admin('secondary', 'GET', 'tokens')) as unknown[]).length;
    const before = await count();
    await driver.identify();
    expect(await count()).toBe(before + 1);
    await driver.close();
    expect(await count()).toBe(before);
  });

  it('with a wrong password or too low a role are told apart', async () => {
    const wrong = world.connectAs('secondary', { password: 'wrong' });
    expect(await codeOf(wrong.identify())).toBe('L-ARR-002');
    const [login] = await wrong.check();
    expect(login).toMatchObject({ ok: false, required: true });
    const guest = world.connectAs('secondary', { username: 'watcher', password: 'only-looking' });
    const role = (await guest.check()).find(({ name }) => name === 'role');
    expect(role).toMatchObject({ ok: false, required: true });
    expect(role?.text).toContain('L-ARR-005');
  });

  it('never show a secret', () => {
    const all = JSON.stringify(world.exchanges);
    expect(all).toContain('snapshot_collections');
    for (const secret of ['nimble-secret', 'only-looking', 'chap-secret-1', 'session_token'])
      expect(all).not.toContain(secret);
  });
});

describe('presentations', () => {
  it('cut sessions only when they do not end by themselves', async () => {
    const luns = secondary().luns;
    const plan = await luns?.plan(await lunRequest('leeward_bad_sessions'), []);
    if (!luns || !plan) throw new Error('no block access');
    await luns.present(plan);
    lab('secondary').faults.add({
      at: 'rest',
      method: 'PUT',
      path: '*/volumes/*',
      times: 4,
      action: { kind: 'refuse', status: 409, code: 'SM_vol_has_connections' },
    });
    await luns.withdraw(plan, []);
    lab('secondary').faults.clear();
    const puts = world.exchanges.filter(({ method, path }) => method === 'PUT' && path.includes('/volumes/'));
    expect(puts.slice(-2).map(({ requestBody }) => requestBody)).toEqual([
      { data: { online: false } },
      { data: { online: false, force: true } },
    ]);
    expect(await secondary().listOwned()).toEqual([]);
  });

  it('never take over a volume or an initiator group of others', async () => {
    const luns = secondary().luns;
    const request = await lunRequest('leeward_bad_taken');
    const plan = await luns?.plan(request, []);
    if (!luns || !plan) throw new Error('no block access');
    const foreign = (await world.admin('secondary', 'POST', 'volumes', {
      name: 'leeward-bad-taken',
      size: 10,
    })) as { id: string };
    expect(await codeOf(luns.present(plan))).toBe('L-ARR-010');
    expect(await codeOf(luns.withdraw(plan, []))).toBe('L-ARR-010');
    await world.admin('secondary', 'PUT', `volumes/${foreign.id}`, { online: false });
    await world.admin('secondary', 'DELETE', `volumes/${foreign.id}`);
    const [group] = Object(plan.detail)['groups'] as { name: string }[];
    const data = { name: group?.name, access_protocol: 'iscsi', description: 'by hand' };
    const made = (await world.admin('secondary', 'POST', 'initiator_groups', data)) as { id: string };
    expect(await codeOf(luns.present(plan))).toBe('L-ARR-010');
    expect(await codeOf(luns.withdraw(plan, []))).toBe('L-ARR-010');
    await world.admin('secondary', 'DELETE', `initiator_groups/${made.id}`);
    await luns.withdraw(plan, []);
    expect(await secondary().listOwned()).toEqual([]);
  });

  it('ask for CHAP when the settings do, and keep the secret out of the journal', async () => {
    const chap = { username: 'leeward-proxy', password: 'chap-secret-1' };
    const { luns } = world.connectAs('secondary', { chap });
    const plan = await luns?.plan(await lunRequest('leeward_bad_chap'), []);
    if (!luns || !plan) throw new Error('no block access');
    const shown = await luns.present(plan);
    expect(shown.chap).toBe(true);
    expect(luns.credentials()).toEqual(chap);
    const login = { user: chap.username, secret: chap.password };
    expect(await world.canReadWithChap(shown, login)).toBe(true);
    expect(await world.canReadWithChap(shown, { ...login, secret: 'another-secret' })).toBe(false);
    expect(await world.canReadLun?.('secondary', shown, proxyIqn)).toBe(false);
    expect(JSON.stringify([plan, shown])).not.toContain(chap.password);
    const clone = lab('secondary').group.volumeNamed('leeward-bad-chap');
    const records = clone ? lab('secondary').group.recordsOf(clone) : [];
    expect(records.map(({ chapUser }) => chapUser?.name)).toEqual([chap.username]);
    await luns.withdraw(plan, []);
  });

  it('know no mutual CHAP, and say so before anything is stored', () => {
    const mutual = { username: 'array', password: 'mutual-secret' };
    const chap = { username: 'leeward-proxy', password: 'chap-secret-1', mutual };
    expect(() => world.connectAs('secondary', { chap })).toThrow('NimbleOS has no secret that its targets');
  });

  it('keep a CHAP user of ours at the secret of the settings as long as one needs it, and no longer', async () => {
    const chap = { username: 'leeward-own', password: 'chap-secret-1' };
    const userOf = (name: string) =>
      [...lab('secondary').group.chapUsers.values()].find((each) => each.name === name);
    const lunsWith = (password: string) => {
      const { luns } = world.connectAs('secondary', { chap: { ...chap, password } });
      if (!luns) throw new Error('no block access');
      return luns;
    };
    const before = lunsWith(chap.password);
    const one = await before.plan(await lunRequest('leeward_chap_one'), []);
    await before.present(one);
    expect((await secondary().listOwned()).map(({ kind }) => kind)).toContain('chap-user');
    // As after `array edit`: a new driver, another secret, and the user is in use.
    const after = lunsWith('other-secret-2');
    const two = await after.plan(await lunRequest('leeward_chap_two'), [one]);
    const shown = await after.present(two);
    const login = { user: chap.username, secret: 'other-secret-2' };
    expect(await world.canReadWithChap(shown, login)).toBe(true);
    expect(await world.canReadWithChap(shown, { ...login, secret: chap.password })).toBe(false);
    await after.withdraw(one, [two]);
    expect(userOf(chap.username)).toBeDefined();
    await after.withdraw(two, []);
    expect(userOf(chap.username)).toBeUndefined();
    expect(await secondary().listOwned()).toEqual([]);
  });

  it.each([
    ['by hand', 'made by hand'],
    ['by another installation', ownershipComment('another', 'run-1')],
  ])('use a CHAP user made %s as it is, and leave it', async (_how, description) => {
    const chap = { username: 'leeward-theirs', password: 'chap-secret-1' };
    const theirs = { name: chap.username, password: 'their-secret-1', description };
    await world.admin('secondary', 'POST', 'chap_users', theirs);
    const { luns } = world.connectAs('secondary', { chap });
    const plan = await luns?.plan(await lunRequest('leeward_theirs'), []);
    if (!luns || !plan) throw new Error('no block access');
    const shown = await luns.present(plan);
    const login = { user: chap.username, secret: theirs.password };
    expect(await world.canReadWithChap(shown, login)).toBe(true);
    await luns.withdraw(plan, []);
    const [user] = (await world.admin('secondary', 'GET', `chap_users?name=${chap.username}`)) as {
      id: string;
    }[];
    expect(user).toBeDefined();
    await world.admin('secondary', 'DELETE', `chap_users/${user?.id}`);
  });

  it('that a crash left behind lose their CHAP user by the janitor', async () => {
    const chap = { username: 'leeward-left', password: 'chap-secret-1' };
    const driver = world.connectAs('secondary', { chap });
    const plan = await driver.luns?.plan(await lunRequest('leeward_left'), []);
    if (!driver.luns || !plan) throw new Error('no block access');
    await driver.luns.present(plan);
    const owned = await secondary().listOwned();
    // In use it stays.
    const user = owned.find(({ kind }) => kind === 'chap-user');
    if (user) await secondary().removeOwned(user);
    expect((await secondary().listOwned()).map(({ kind }) => kind)).toContain('chap-user');
    for (const object of owned) await secondary().removeOwned(object);
    expect(await secondary().listOwned()).toEqual([]);
  });

  it('on the limits of the array, or where iSCSI is off, are refused', async () => {
    const { luns } = secondary();
    const { limits } = lab('secondary').group.config;
    const plan = await luns?.plan(await lunRequest('leeward_bad_limit'), []);
    if (!luns || !plan) throw new Error('no block access');
    const former = limits.volumes;
    limits.volumes = 1;
    expect(await codeOf(luns.present(plan))).toBe('L-ARR-606');
    limits.volumes = former;
    await luns.withdraw(plan, []);
    lab('secondary').group.config.group.iscsi = false;
    const blind = secondary();
    const wanted = await lunRequest('leeward_bad_off');
    expect(await codeOf(blind.luns?.plan(wanted, []))).toBe('L-ARR-607');
    expect((await blind.check()).find(({ name }) => name === 'iSCSI')?.ok).toBe(false);
    expect((await blind.inventory()).missing).toEqual([
      { capability: 'iscsi', text: 'iSCSI is not enabled on the group' },
    ]);
    lab('secondary').group.config.group.iscsi = true;
  });

  it('for several proxies give each its own group and LUN, also below the target of the group', async () => {
    const { luns } = secondary();
    const names = [proxyIqn, 'iqn.2026-01.org.leeward:proxy-2'];
    const shown: IscsiPresentation[] = [];
    const plans: LunPresentationPlan[] = [];
    for (const volume of ['shared-target', 'ds1', 'shared-target']) {
      const name = `leeward_bad_both${plans.length}`;
      const plan = await luns?.plan({ ...(await lunRequest(name, volume)), initiatorNames: names }, plans);
      if (!luns || !plan) throw new Error('no block access');
      plans.push(plan);
      shown.push(await luns.present(plan));
    }
    const groups = (await secondary().listOwned()).filter(({ kind }) => kind === 'initiator-group');
    expect(groups).toHaveLength(2);
    for (const each of shown) {
      expect(each.luns[0]?.access.map(({ initiatorName }) => initiatorName)).toEqual(names);
      for (const name of names) expect(await world.canReadLun?.('secondary', each, name)).toBe(true);
      expect(await world.canReadLun?.('secondary', each, 'iqn.1998-01.com.vmware:esxi1')).toBe(false);
    }
    for (const plan of plans) await luns?.withdraw(plan, plans.slice(plans.indexOf(plan) + 1));
    expect(await secondary().listOwned()).toEqual([]);
  });

  it('hold their storage snapshot', async () => {
    const name = 'leeward_bad_clone';
    const volume = await world.volume('primary', 'sep-a');
    const driver = primary();
    await driver.createStorageSnapshots({ name, volumes: [volume], comment });
    const request = { ...(await lunRequest('leeward_bad_reader')), volume, storageSnapshotName: name };
    const plan = await driver.luns?.plan(request, []);
    if (!driver.luns || !plan) throw new Error('no block access');
    await driver.luns.present(plan);
    const refused = await driver.deleteStorageSnapshot(volume, name).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'L-ARR-101' });
    expect(isPermanent(refused)).toBe(false);
    await driver.luns.withdraw(plan, []);
    await driver.deleteStorageSnapshot(volume, name);
  });

  it('over NFS do not exist', async () => {
    const request = { ...(await lunRequest('x')), protocol: 'nfs', proxyAddresses: [] } as const;
    expect(await codeOf(secondary().planPresentation(request, []))).toBe('L-ARR-601');
  });
});

describe('inventory', () => {
  it('tells the SCSI identity, warns of access to snapshots, and leaves clones of ours out', async () => {
    const { volumes, notes, dataPorts } = await primary().inventory();
    const ds1 = volumes.find(({ name }) => name === 'ds1');
    expect(ds1?.luns).toHaveLength(1);
    expect(ds1?.luns?.[0]?.scsiNames).toEqual([`eui.${ds1?.luns?.[0]?.serial}`]);
    expect(ds1?.luns?.[0]).toMatchObject({ path: '', sizeBytes: 64 * 1024 * 1024, online: true });
    expect(dataPorts).toMatchObject([{ address: '127.0.0.41', protocols: ['iscsi'], up: true }]);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('grp-c');
  });

  it('belongs to one array only', async () => {
    const foreign = await world.volume('secondary', 'ds1');
    expect(await codeOf(primary().listStorageSnapshots(foreign))).toBe('L-ARR-009');
  });
});
