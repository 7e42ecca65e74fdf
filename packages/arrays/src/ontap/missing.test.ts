import { isPermanent } from '@leeward/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { proxyIqn } from '../../../../tests/interop/ontap-driver-config.ts';
import { makeOntapWorld, type OntapWorld } from '../../../../tests/interop/ontap-driver-world.ts';
import { ownershipComment } from '../contract/ownership.ts';
import { codeOf } from '../testing/code-of.ts';
import { requiredPermissions } from './permissions.ts';

let world: OntapWorld;
const comment = ownershipComment('test', 'run-1');

beforeAll(async () => {
  world = await makeOntapWorld('9.16.1');
});
afterEach(async () => {
  await lab().apply({ addLicenses: ['nfs', 'iscsi', 'flexclone', 'snapmirror'] });
  lab().world.roles.set(
    'leeward',
    rights(() => 'all'),
  );
});
afterAll(async () => {
  await world.close();
});

const lab = () => world.simulators.secondary;
const secondary = () => world.connect('secondary');

/** The declared rights, but for those that `change` takes down. */
function rights(change: (path: string) => 'all' | 'none') {
  const privileges = requiredPermissions.map(({ path, access }) => ({
    path,
    access: change(path) === 'none' ? ('none' as const) : access,
  }));
  return { name: 'leeward', privileges };
}

async function lunPlan(name: string) {
  const volume = await world.volume('secondary', 'ds_block');
  const request = {
    name,
    volume,
    storageSnapshotName: 'admin_nightly',
    protocol: 'iscsi',
    initiatorNames: [proxyIqn],
    comment,
  } as const;
  return await secondary().luns?.plan(request, []);
}

describe('licences that are missing', () => {
  it.each([
    ['nfs', 'nfs'],
    ['iscsi', 'iscsi'],
    ['flexclone', 'clone'],
    ['snapmirror', 'transfer'],
  ] as const)(
    '%s: the inventory tells that %s is not possible, the check what that means',
    async (licence, capability) => {
      await lab().apply({ removeLicenses: [licence] });
      const driver = secondary();
      expect((await driver.inventory()).missing).toEqual([
        { capability, licence, text: `the licence ${licence} is not installed` },
      ]);
      const line = (await driver.check()).find(({ name }) => name === `licence ${licence}`);
      // One protocol is left, so nothing is out of reach as a whole.
      expect(line).toMatchObject({ ok: false, required: false });
      await lab().apply({ removeLicenses: ['nfs', 'iscsi'] });
      const without = await driver.check();
      for (const name of ['licence nfs', 'licence iscsi'])
        expect(without.find((each) => each.name === name)).toMatchObject({ ok: false, required: true });
    },
  );

  it.each(['iscsi', 'flexclone'])('%s: LUNs are refused before anything is made', async (licence) => {
    await lab().apply({ removeLicenses: [licence] });
    const refused = await lunPlan('leeward_unlicensed').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'L-ARR-008', message: expect.stringContaining(licence) });
    expect(isPermanent(refused)).toBe(true);
  });

  it('snapmirror: a refused transfer says so', async () => {
    const [relation] = world.relations;
    if (!relation) throw new Error('no relation');
    const name = 'leeward_unlicensed_transfer';
    const primary = world.connect('primary');
    await primary.createStorageSnapshots({ name, volumes: [relation.primaryVolume], comment });
    await lab().apply({ removeLicenses: ['snapmirror'] });
    const request = { relation: relation.relation, storageSnapshotName: name };
    expect(await codeOf(secondary().startTransfer(request))).toBe('L-ARR-008');
    await primary.deleteStorageSnapshot(relation.primaryVolume, name);
  });
});

describe('what is not known', () => {
  it('licences that may not be read are not taken for missing', async () => {
    const role = rights((path) => (path === '/api/cluster/licensing/licenses' ? 'none' : 'all'));
    lab().world.roles.set('leeward', role);
    const { missing, notes, identity } = await secondary().inventory();
    expect(missing).toEqual([]);
    expect(identity.licences).toEqual([]);
    expect(notes.join(' ')).toContain('may not read the licences');
    const line = (await secondary().check()).find(({ name }) => name === 'licences');
    expect(line).toMatchObject({ ok: false, required: false });
    expect(await lunPlan('leeward_unknown')).toMatchObject({ method: 'clone' });
  });

  it('the time of nodes that may not be read is that of the answers', async () => {
    const before = await secondary().timeMs();
    await lab().apply({ jumpMs: 3_600_000 });
    lab().world.roles.set(
      'leeward',
      rights((path) => (path === '/api/cluster/nodes' ? 'none' : 'all')),
    );
    const told = await secondary().timeMs();
    expect((told ?? 0) - (before ?? 0)).toBeGreaterThanOrEqual(3_600_000);
  });

  it('a role without rights to the block side still serves NFS, and its lack is told', async () => {
    const isBlock = (path: string) => path.includes('/san/') || path === '/api/storage/luns';
    lab().world.roles.set(
      'leeward',
      rights((path) => (isBlock(path) ? 'none' : 'all')),
    );
    const driver = secondary();
    const { missing, volumes } = await driver.inventory();
    expect(missing).toEqual([
      { capability: 'iscsi', text: expect.stringMatching(/lacks the right for GET \/(storage|protocols)/) },
    ]);
    expect(volumes.some(({ luns }) => luns)).toBe(false);
    expect(await driver.listOwned()).toEqual([]);
    const lines = await driver.check();
    expect(lines.filter(({ ok, required }) => required && !ok)).toEqual([]);
    expect(lines.find(({ name }) => name === 'LUNs and iSCSI')).toMatchObject({ ok: false });
    expect(lines.find(({ name }) => name === 'right to LUN mappings')).toMatchObject({ ok: false });
    expect(await codeOf(lunPlan('leeward_rightless'))).toBe('L-ARR-005');
  });
});

describe('SVMs', () => {
  it('without a service are told apart from those that have it', async () => {
    const svm = lab().world.cluster.svm('svm_vms');
    const service = svm && lab().world.san.services.get(svm);
    if (!service) throw new Error('no service');
    service.enabled = false;
    const { missing, dataPorts } = await secondary().inventory();
    expect(missing).toEqual([
      { capability: 'iscsi', tenantId: svm.uuid, text: 'SVM svm_vms: the iSCSI service is disabled' },
    ]);
    expect(dataPorts.every(({ protocols }) => !protocols.includes('iscsi'))).toBe(true);
    expect(await codeOf(lunPlan('leeward_disabled'))).toBe('L-ARR-607');
    service.enabled = true;
    expect((await secondary().inventory()).missing).toEqual([]);
  });
});
