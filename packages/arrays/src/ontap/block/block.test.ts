import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { proxyIqn } from '../../../../../tests/interop/ontap-driver-config.ts';
import { makeOntapWorld, type OntapWorld } from '../../../../../tests/interop/ontap-driver-world.ts';
import type { LunPresentationPlan, LunPresentations } from '../../contract/lun-presentation.ts';
import { ownershipComment } from '../../contract/ownership.ts';
import { codeOf } from '../../testing/code-of.ts';
import { isDeclared } from '../permissions.ts';

let world: OntapWorld;
let before: unknown;
const comment = ownershipComment('test', 'run-1');
const stranger = 'iqn.1998-01.com.vmware:stranger';

beforeAll(async () => {
  world = await makeOntapWorld('9.14.1');
  before = await world.adminView('secondary');
});
afterEach(async () => {
  expect(await world.adminView('secondary')).toEqual(before);
  expect(await world.connect('secondary').listOwned()).toEqual([]);
});
afterAll(async () => {
  for (const { method, path } of world.exchanges)
    expect([method, path, isDeclared(method, path)]).toContain(true);
  await world.close();
});

const lab = () => world.simulators.secondary.world;
const svmUuid = () => lab().cluster.svm('svm_vms')?.uuid ?? '';
const admin = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
  world.admin('secondary', method, path, body);

async function requestOf(name: string, part: { lunPaths?: string[]; initiatorNames?: string[] } = {}) {
  return {
    name,
    volume: await world.volume('secondary', 'ds_block'),
    storageSnapshotName: 'admin_nightly',
    protocol: 'iscsi',
    initiatorNames: [proxyIqn],
    comment,
    ...part,
  } as const;
}

function lunsOf(settings = {}): LunPresentations {
  const { luns } = world.connectAs('secondary', settings);
  if (!luns) throw new Error('no block access');
  return luns;
}

function groupOf(plan: LunPresentationPlan): string {
  const [group] = Object(plan.detail)['groups'] as { name: string }[];
  return group?.name ?? '';
}

async function recordsOf(path: string): Promise<Record<string, unknown>[]> {
  return ((await admin('GET', path)) as { records: Record<string, unknown>[] }).records;
}

describe('LUNs of a clone', () => {
  it('are shown by the paths asked for, each under the identity of the clone', async () => {
    const luns = lunsOf();
    const plan = await luns.plan(await requestOf('leeward_one', { lunPaths: ['lun1'] }), []);
    const shown = await luns.present(plan);
    expect(shown.luns.map(({ path }) => path)).toEqual(['lun1']);
    const { volumes } = await world.connect('secondary').inventory();
    const original = volumes.find(({ name }) => name === 'ds_block')?.luns?.[1];
    expect(original).toMatchObject({ path: 'lun1', sizeBytes: shown.luns[0]?.sizeBytes, online: true });
    expect(shown.luns[0]?.serial).not.toBe(original?.serial);
    expect(shown.luns[0]?.scsiNames[0]).toMatch(/^naa\.600a0980[0-9a-f]{24}$/);
    expect(await recordsOf('/protocols/san/lun-maps?lun.name=/vol/leeward_one/*')).toHaveLength(1);
    expect(plan.effects.join(' ')).toContain('the proxy has no write command');
    await luns.withdraw(plan, []);
    const absent = await luns.plan(await requestOf('leeward_none', { lunPaths: ['lun1', 'lun7'] }), []);
    expect(await codeOf(luns.present(absent))).toBe('L-ARR-009');
    await luns.withdraw(absent, []);
  });

  it('that are offline or mapped by hand meanwhile are taken back', async () => {
    const luns = lunsOf();
    const plan = await luns.plan(await requestOf('leeward_offline'), []);
    const shown = await luns.present(plan);
    const [first] = await recordsOf('/storage/luns?location.volume.name=leeward_offline');
    await admin('PATCH', `/storage/luns/${first?.['uuid']}`, { enabled: false });
    expect(await luns.present(plan)).toEqual(shown);
    expect(await world.canReadLun?.('secondary', shown, proxyIqn)).toBe(true);
    const body = { svm: { uuid: svmUuid() }, lun: { uuid: first?.['uuid'] }, igroup: { name: 'esxi' } };
    await admin('POST', '/protocols/san/lun-maps', body);
    await luns.withdraw(plan, []);
  });

  it('are shown to several proxies, each by a group of its own', async () => {
    const luns = lunsOf();
    const initiatorNames = [proxyIqn, 'iqn.2026-01.org.leeward:Proxy-2'];
    const plan = await luns.plan(await requestOf('leeward_two', { initiatorNames }), []);
    const shown = await luns.present(plan);
    expect(await luns.present(plan)).toEqual(shown);
    for (const name of initiatorNames) expect(await world.canReadLun?.('secondary', shown, name)).toBe(true);
    expect(await world.canReadLun?.('secondary', shown, stranger)).toBe(false);
    const groups = (await world.connect('secondary').listOwned()).filter(
      ({ kind }) => kind === 'initiator-group',
    );
    expect(groups).toHaveLength(2);
    await luns.withdraw(plan, []);
  });

  it('are offered through the owner of the LUN first, and only through ports that are up', async () => {
    const luns = lunsOf();
    const { dataPorts } = await world.connect('secondary').inventory();
    const iscsi = dataPorts.filter(({ protocols }) => protocols.includes('iscsi'));
    expect(iscsi.map(({ node, up }) => ({ node, up }))).toEqual([
      { node: 'secondary-02', up: true },
      { node: 'secondary-01', up: true },
    ]);
    const plan = await luns.plan(await requestOf('leeward_ports'), []);
    const { portals } = await luns.present(plan);
    expect(portals.map(({ address, preference }) => [address, preference])).toEqual([
      ['127.0.1.32', 0],
      ['127.0.2.32', 1],
    ]);
    await luns.withdraw(plan, []);
    await lab().block.setPortal('127.0.1.32', false);
    const other = await luns.plan(await requestOf('leeward_ports2'), []);
    expect((await luns.present(other)).portals.map(({ address }) => address)).toEqual(['127.0.2.32']);
    await luns.withdraw(other, []);
    await lab().block.setPortal('127.0.2.32', false);
    expect(await codeOf(luns.plan(await requestOf('leeward_ports3'), []))).toBe('L-ARR-607');
    const { missing } = await world.connect('secondary').inventory();
    expect(missing).toEqual([
      { capability: 'iscsi', tenantId: svmUuid(), text: expect.stringContaining('no data port') },
    ]);
    for (const address of ['127.0.1.32', '127.0.2.32']) await lab().block.setPortal(address, true);
  });
});

describe('objects of others', () => {
  it('of our names are never taken over, nor removed', async () => {
    const luns = lunsOf();
    const plan = await luns.plan(await requestOf('leeward_taken'), []);
    const name = groupOf(plan);
    const group = { svm: { uuid: svmUuid() }, name, os_type: 'linux', protocol: 'iscsi' };
    const made = async (part: object) => {
      await admin('POST', '/protocols/san/igroups', { ...group, ...part });
      const [record] = await recordsOf(`/protocols/san/igroups?name=${name}`);
      return `/protocols/san/igroups/${record?.['uuid']}`;
    };
    for (const part of [
      { comment: 'by hand', initiators: [{ name: proxyIqn }] },
      { comment, initiators: [{ name: proxyIqn }, { name: 'iqn.1998-01.com.vmware:esxi2' }] },
    ]) {
      const path = await made(part);
      expect(await codeOf(luns.present(plan))).toBe('L-ARR-010');
      expect(await codeOf(luns.withdraw(plan, []))).toBe('L-ARR-010');
      await admin('DELETE', path);
    }
    // Ours, but empty: it is completed.
    await made({ comment });
    const shown = await luns.present(plan);
    expect(await world.canReadLun?.('secondary', shown, proxyIqn)).toBe(true);
    await luns.withdraw(plan, []);
  });

  it('keep a group of ours as long as they have something mapped to it', async () => {
    const luns = lunsOf();
    const plan = await luns.plan(await requestOf('leeward_shared'), []);
    await luns.present(plan);
    const [lun] = await recordsOf('/storage/luns?name=/vol/local_block/lun0');
    const igroup = { name: groupOf(plan) };
    const body = { svm: { uuid: svmUuid() }, lun: { uuid: lun?.['uuid'] }, igroup };
    await admin('POST', '/protocols/san/lun-maps', body);
    await luns.withdraw(plan, []);
    const [kept] = await world.connect('secondary').listOwned();
    expect(kept).toMatchObject({ kind: 'initiator-group', name: igroup.name });
    await admin('DELETE', `/protocols/san/lun-maps/${lun?.['uuid']}/${kept?.id}`);
    if (kept) await world.connect('secondary').removeOwned(kept);
  });

  it('that hold the proxy in a group of another kind are named', async () => {
    const luns = lunsOf();
    const plan = await luns.plan(await requestOf('leeward_kind'), []);
    const group = { svm: { uuid: svmUuid() }, name: 'hyperv', os_type: 'windows', protocol: 'iscsi' };
    await admin('POST', '/protocols/san/igroups', { ...group, initiators: [{ name: proxyIqn }] });
    expect(await codeOf(luns.present(plan))).toBe('L-ARR-608');
    await luns.withdraw(plan, []);
    const [record] = await recordsOf('/protocols/san/igroups?name=hyperv');
    await admin('DELETE', `/protocols/san/igroups/${record?.['uuid']}`);
  });
});

describe('limits of the array', () => {
  it.each([
    ['POST', '*/storage/volumes', 524819, 'Failed to create the clone volume: maximum volume count reached.'],
    ['POST', '*/storage/volumes', 13107245, 'any words'],
    ['POST', '*/lun-maps*', 999_999, 'The maximum number of LUN maps on the node is reached.'],
    ['POST', '*/igroups*', 999_999, 'The maximum number of igroups is reached.'],
  ])(
    '%s %s with code %i are named as such, and nothing stays behind',
    async (method, path, code, message) => {
      const luns = lunsOf();
      const plan = await luns.plan(await requestOf('leeward_limit'), []);
      const { faults } = lab();
      faults.add({ at: 'rest', method, path, action: { kind: 'refuse', status: 500, code, message } });
      expect(await codeOf(luns.present(plan))).toBe('L-ARR-606');
      faults.clear();
      await luns.withdraw(plan, []);
    },
  );

  it('are no other refusal of the same code', async () => {
    const luns = lunsOf();
    const plan = await luns.plan(await requestOf('leeward_limit2'), []);
    const { faults } = lab();
    const action = {
      kind: 'refuse',
      status: 500,
      code: 524819,
      message: 'The node is not reachable.',
    } as const;
    faults.add({ at: 'rest', method: 'POST', path: '*/storage/volumes', action });
    expect(await codeOf(luns.present(plan))).toBe('L-ARR-015');
    faults.clear();
    await luns.withdraw(plan, []);
  });

  it('of volumes are kept by the simulated SVM', async () => {
    const luns = lunsOf();
    const plan = await luns.plan(await requestOf('leeward_limit3'), []);
    await world.simulators.secondary.apply({ volumesPerSvm: 1 });
    expect(await codeOf(luns.present(plan))).toBe('L-ARR-606');
    await world.simulators.secondary.apply({ volumesPerSvm: 12_000 });
    await luns.withdraw(plan, []);
  });
});

describe('CHAP', () => {
  const chap = { username: 'leeward-proxy', password: 'chap-secret-1' };
  const login = { user: chap.username, secret: chap.password };
  const entries = () => recordsOf(`/protocols/san/iscsi/credentials?initiator=${proxyIqn}`);

  it('is asked of the proxy as long as one presentation needs it, and the secret stays secret', async () => {
    const luns = lunsOf({ chap });
    const one = await luns.plan(await requestOf('leeward_chap1'), []);
    const shown = await luns.present(one);
    expect(shown.chap).toBe(true);
    expect(luns.credentials()).toEqual(chap);
    const two = await luns.plan(await requestOf('leeward_chap2'), [one]);
    expect(await world.canReadWithChap(shown, login)).toBe(true);
    expect(await world.canReadWithChap(shown, { ...login, secret: 'another-secret' })).toBe(false);
    expect(await world.canReadLun?.('secondary', shown, proxyIqn)).toBe(false);
    await luns.present(two);
    await luns.withdraw(one, [two]);
    expect(await entries()).toHaveLength(1);
    await luns.withdraw(two, []);
    expect(await entries()).toEqual([]);
    expect(JSON.stringify([one, two, shown, world.exchanges])).not.toContain(chap.password);
  });

  it('of an entry that the administrator made is used and left, or named when it is another', async () => {
    const luns = lunsOf({ chap });
    const path = '/protocols/san/iscsi/credentials';
    const inbound = { user: chap.username, password: chap.password };
    const entry = { svm: { uuid: svmUuid() }, initiator: proxyIqn, authentication_type: 'chap' };
    await admin('POST', path, { ...entry, chap: { inbound } });
    const plan = await luns.plan(await requestOf('leeward_chap3'), []);
    const shown = await luns.present(plan);
    expect(await world.canReadWithChap(shown, login)).toBe(true);
    await luns.withdraw(plan, []);
    expect(await entries()).toHaveLength(1);
    const one = `${path}/${svmUuid()}/${encodeURIComponent(proxyIqn)}`;
    await admin('PATCH', one, { chap: { inbound: { ...inbound, user: 'somebody' } } });
    expect(await codeOf(luns.plan(await requestOf('leeward_chap4'), []))).toBe('L-ARR-611');
    await admin('PATCH', one, { authentication_type: 'deny' });
    expect(await codeOf(luns.plan(await requestOf('leeward_chap4'), []))).toBe('L-ARR-611');
    await admin('DELETE', one);
  });

  it('of ours gets user and secret of the settings, also when a crash left it behind', async () => {
    const before = lunsOf({ chap });
    const one = await before.plan(await requestOf('leeward_chap6'), []);
    await before.present(one);
    // As after `array edit`: a new driver knows other settings, and no plan of the one that shows it.
    const edited = { username: 'leeward-other', password: 'chap-secret-2' };
    const after = lunsOf({ chap: edited });
    const two = await after.plan(await requestOf('leeward_chap7'), []);
    const shown = await after.present(two);
    const now = { user: edited.username, secret: edited.password };
    expect(await world.canReadWithChap(shown, now)).toBe(true);
    expect(await world.canReadWithChap(shown, login)).toBe(false);
    await after.withdraw(one, [two]);
    expect(await entries()).toHaveLength(1);
    // The janitor has no plan at all.
    const janitor = world.connect('secondary');
    const owned = await janitor.listOwned();
    expect(owned.map(({ kind }) => kind)).toContain('initiator-group');
    for (const object of owned) await janitor.removeOwned(object);
    expect(await entries()).toEqual([]);
  });

  it('of an entry that the administrator made after the plan is used and left', async () => {
    const luns = lunsOf({ chap });
    const plan = await luns.plan(await requestOf('leeward_chap8'), []);
    const path = '/protocols/san/iscsi/credentials';
    const inbound = { user: chap.username, password: 'their-secret-1' };
    const entry = { svm: { uuid: svmUuid() }, initiator: proxyIqn, authentication_type: 'chap' };
    await admin('POST', path, { ...entry, chap: { inbound } });
    const shown = await luns.present(plan);
    const theirs = { user: chap.username, secret: inbound.password };
    expect(await world.canReadWithChap(shown, theirs)).toBe(true);
    await luns.withdraw(plan, []);
    expect(await entries()).toHaveLength(1);
    await admin('DELETE', `${path}/${svmUuid()}/${encodeURIComponent(proxyIqn)}`);
  });

  it('of the default entry needs none for the proxy', async () => {
    const luns = lunsOf({ chap });
    const path = `/protocols/san/iscsi/credentials/${svmUuid()}/default`;
    const inbound = { user: chap.username, password: chap.password };
    await admin('PATCH', path, { authentication_type: 'chap', chap: { inbound } });
    const plan = await luns.plan(await requestOf('leeward_chap5'), []);
    const shown = await luns.present(plan);
    expect(await world.canReadWithChap(shown, login)).toBe(true);
    expect(await entries()).toEqual([]);
    await luns.withdraw(plan, []);
    await admin('PATCH', path, { authentication_type: 'none' });
  });

  const mutual = { username: 'svm-vms', password: 'mutual-secret-1' };
  const both = { ...login, mutual: { user: mutual.username, secret: mutual.password } };

  it('is mutual where the settings say so: the target proves itself, and both secrets stay secret', async () => {
    const luns = lunsOf({ chap: { ...chap, mutual } });
    const plan = await luns.plan(await requestOf('leeward_chap9'), []);
    const shown = await luns.present(plan);
    expect(luns.credentials()).toEqual({ ...chap, mutual });
    expect(await world.canReadWithChap(shown, both)).toBe(true);
    const wrong = { ...both, mutual: { ...both.mutual, secret: 'another-secret' } };
    expect(await world.canReadWithChap(shown, wrong)).toBe(false);
    await luns.withdraw(plan, []);
    expect(await entries()).toEqual([]);
    for (const secret of [chap.password, mutual.password])
      expect(JSON.stringify([plan, shown, world.exchanges])).not.toContain(secret);
  });

  it('that becomes mutual is so for the next presentation, over an entry of ours that is there', async () => {
    const before = lunsOf({ chap });
    const one = await before.plan(await requestOf('leeward_chap10'), []);
    const first = await before.present(one);
    expect(await world.canReadWithChap(first, both)).toBe(false);
    const after = lunsOf({ chap: { ...chap, mutual } });
    const two = await after.plan(await requestOf('leeward_chap11'), [one]);
    expect(await world.canReadWithChap(await after.present(two), both)).toBe(true);
    await after.withdraw(one, [two]);
    await after.withdraw(two, []);
    expect(await entries()).toEqual([]);
  });

  it('of an entry of the administrator that would prove nothing, or another name, is named', async () => {
    const luns = lunsOf({ chap: { ...chap, mutual } });
    const path = '/protocols/san/iscsi/credentials';
    const inbound = { user: chap.username, password: chap.password };
    const entry = { svm: { uuid: svmUuid() }, initiator: proxyIqn, authentication_type: 'chap' };
    await admin('POST', path, { ...entry, chap: { inbound } });
    const refusal = await luns.plan(await requestOf('leeward_chap12'), []).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'L-ARR-611' });
    expect(String(refusal)).toContain(
      'has CHAP as leeward-proxy, not CHAP as leeward-proxy with the array proving itself as svm-vms',
    );
    const one = `${path}/${svmUuid()}/${encodeURIComponent(proxyIqn)}`;
    const outbound = { user: 'somebody', password: mutual.password };
    await admin('PATCH', one, { chap: { outbound } });
    expect(await codeOf(luns.plan(await requestOf('leeward_chap12'), []))).toBe('L-ARR-611');
    await admin('PATCH', one, { chap: { outbound: { ...outbound, user: mutual.username } } });
    const plan = await luns.plan(await requestOf('leeward_chap12'), []);
    expect(await world.canReadWithChap(await luns.present(plan), both)).toBe(true);
    await luns.withdraw(plan, []);
    expect(await entries()).toHaveLength(1);
    await admin('DELETE', one);
  });

  it('does not begin with the same secret for both directions', () => {
    const same = { ...mutual, password: chap.password };
    expect(() => lunsOf({ chap: { ...chap, mutual: same } })).toThrow('must differ');
  });
});
