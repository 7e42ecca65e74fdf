import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPermanent, LeewardError, type VolumeId } from '@leeward/core';
import type { OntapConfigInput } from '@leeward/lab/ontap/config';
import { type OntapSimulator, startOntapSimulator } from '@leeward/lab/ontap/simulator';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOntapWorld, type OntapWorld } from '../../../../tests/interop/ontap-driver-world.ts';
import type { ArrayDriver } from '../contract/array-driver.ts';
import { ownershipComment } from '../contract/ownership.ts';
import { type ArraySettingsInput, arraySettingsSchema, createDriver } from '../registry.ts';
import { requiredPermissions } from './permissions.ts';

const comment = ownershipComment('bad', 'run-bad');
const deps = {
  clock: { ...systemClock, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 50, signal) },
  randomness: systemRandomness,
};
const open: { close(): Promise<void> }[] = [];
const folder = mkdtempSync(join(tmpdir(), 'leeward-bad-input-'));

afterAll(async () => {
  for (const thing of open.splice(0)) await thing.close();
  await rm(folder, { recursive: true, force: true });
});

function connect({ addresses }: OntapSimulator, part: Partial<ArraySettingsInput> = {}): ArrayDriver {
  const settings = arraySettingsSchema.parse({
    family: 'ontap',
    host: addresses.restAddress,
    port: addresses.restPort,
    username: 'leeward',
    password: 'leeward-pw',
    trust: { kind: 'fingerprint', sha256: addresses.certificateSha256 },
    ...part,
  });
  const driver = createDriver(settings, deps);
  open.push(driver);
  return driver;
}

async function lone(part: Partial<OntapConfigInput>): Promise<OntapSimulator> {
  const simulator = await startOntapSimulator(
    {
      cluster: { name: 'lone' },
      accounts: [{ name: 'leeward', password: 'leeward-pw', role: 'admin' }],
      svms: [{ name: 'svm1' }],
      control: { token: 'control-token' },
      behaviour: { operationMs: 1 },
      dataFolder: join(folder, systemRandomness.uuid()),
      ...part,
    },
    { clock: systemClock, randomness: systemRandomness },
  );
  open.push(simulator);
  return simulator;
}

async function failure(work: Promise<unknown>): Promise<LeewardError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LeewardError) return error;
  throw new Error(`expected an error of the catalogue, got ${String(error)}`);
}

describe('an array that must not be used', () => {
  it('is named for what it is', async () => {
    const asaR2 = await lone({ cluster: { name: 'lone', variant: 'asa-r2', version: '9.16.1' } });
    const refused = await failure(connect(asaR2).inventory());
    expect(refused).toMatchObject({ code: 'L-ARR-007', message: expect.stringContaining('ASA r2') });
    const [login, ...others] = await connect(asaR2).check();
    expect(login).toMatchObject({ ok: false, text: expect.stringContaining('ASA r2') });
    expect(others).toEqual([]);
    const old = await lone({ cluster: { name: 'lone', version: '9.9.1' } });
    expect(await failure(connect(old).inventory())).toMatchObject({
      code: 'L-ARR-006',
      message: expect.stringContaining('ONTAP 9.9.1'),
    });
  });

  it.each([
    ['lenovo', 'Lenovo ThinkSystem DM/DG'],
    ['fujitsu', 'Fujitsu ETERNUS HX/AX'],
    ['netapp', 'NetApp ONTAP'],
  ] as const)('is none of these: %s shows itself as %s', async (variant, brand) => {
    const simulator = await lone({ cluster: { name: 'lone', variant } });
    expect(await connect(simulator).identify()).toMatchObject({ family: 'ontap', brand, name: 'lone' });
  });
});

describe('access', () => {
  it('is refused with the reason', async () => {
    const simulator = await lone({});
    const wrong = connect(simulator, { password: 'wrong-pw' });
    const refused = await failure(wrong.identify());
    expect(refused.code).toBe('L-ARR-002');
    expect(JSON.stringify(refused.details)).not.toContain('wrong-pw');
    expect(await wrong.check()).toMatchObject([{ ok: false, required: true }]);
    const changed = connect(simulator, { trust: { kind: 'fingerprint', sha256: 'ab'.repeat(32) } });
    expect((await failure(changed.identify())).code).toBe('L-ARR-003');
    const unknown = connect(simulator, { trust: { kind: 'ca' } });
    expect((await failure(unknown.identify())).code).toBe('L-ARR-004');
    await simulator.apply({ reachable: false });
    const away = await failure(connect(simulator).identify());
    expect(['L-ARR-001', 'L-ARR-013']).toContain(away.code);
    expect(isPermanent(away)).toBe(false);
  });

  it('names the right that is missing, in the check and in the call', async () => {
    const privileges = requiredPermissions
      .filter(({ path }) => !path.endsWith('/snapshots') && !path.endsWith('/volumes'))
      .map(({ path, access }) => ({ path, access }));
    const reading = { path: '/api/storage/volumes', access: 'readonly' } as const;
    const simulator = await lone({
      accounts: [{ name: 'leeward', password: 'leeward-pw', role: 'weak' }],
      roles: [{ name: 'weak', privileges: [...privileges, reading] }],
      svms: [{ name: 'svm1', volumes: [{ name: 'v', sizeBytes: 100_000_000 }] }],
    });
    const driver = connect(simulator);
    const checks = await driver.check();
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
      'right to storage snapshots',
      'right to clones',
    ]);
    const volume = (await driver.inventory()).volumes.find(({ name }) => name === 'v');
    const request = { name: 'leeward_x', volumes: volume ? [volume.id] : [], comment };
    expect(await failure(driver.createStorageSnapshots(request))).toMatchObject({
      code: 'L-ARR-005',
      details: { method: 'POST', username: 'leeward' },
    });
  });
});

describe('a pair of arrays', () => {
  let world: OntapWorld;
  beforeAll(async () => {
    world = await makeOntapWorld('9.16.1');
  });
  afterAll(async () => {
    await world.close();
  });

  const vault = () => {
    const relation = world.relations.find(({ policy }) => policy === 'vault');
    if (!relation) throw new Error('no vault');
    return relation;
  };
  const setState = (state: string) =>
    world.admin(
      'secondary',
      'PATCH',
      `/snapmirror/relationships/${vault().relation.objectId}?return_timeout=15`,
      { state },
    );
  const relationNow = async () => {
    const { relations } = await world.connect('secondary').inventory();
    return relations.find(({ id }) => id.objectId === vault().relation.objectId);
  };
  const snapshot = async (name: string) => {
    await world
      .connect('primary')
      .createStorageSnapshots({ name, volumes: [vault().primaryVolume], comment });
    return { relation: vault().relation, storageSnapshotName: name };
  };

  it('tells from the primary only that there is a secondary to be added', async () => {
    const { relations } = await world.connect('primary').inventory();
    expect(relations).toHaveLength(world.relations.length);
    for (const relation of relations)
      expect(relation).toMatchObject({
        reportedBy: 'primary',
        usable: false,
        unusable: expect.stringContaining('add that array'),
        source: { volume: { arraySerial: expect.any(String) } },
      });
  });

  it('shows a paused relation and refuses to transfer over it', async () => {
    const request = await snapshot('leeward_bad_paused');
    await setState('paused');
    expect(await relationNow()).toMatchObject({ usable: false, health: { state: 'paused' } });
    expect(await failure(world.connect('secondary').startTransfer(request))).toMatchObject({
      code: 'L-ARR-201',
      details: { state: 'paused' },
    });
    await setState('snapmirrored');
    expect(await relationNow()).toMatchObject({ usable: true, health: { state: 'active' } });
    await world.connect('primary').deleteStorageSnapshot(vault().primaryVolume, 'leeward_bad_paused');
  });

  it('reports a transfer that fails, and an abort leaves it failed', async () => {
    const request = await snapshot('leeward_bad_fails');
    const { faults } = world.simulators.secondary.world;
    faults.add({ at: 'step', step: 'snapmirror.transfer', times: 1, action: { kind: 'fail', atPercent: 0 } });
    const driver = world.connect('secondary');
    const ref = await driver.startTransfer(request);
    let progress = await driver.transferProgress(ref);
    for (let look = 0; look < 100 && progress.state !== 'failed'; look++) {
      await systemClock.sleep(20);
      progress = await driver.transferProgress(ref);
    }
    expect(progress).toMatchObject({ state: 'failed', reason: expect.stringContaining('network error') });
    faults.clear();
    faults.add({ at: 'step', step: 'snapmirror.transfer', action: { kind: 'hang', atPercent: 0 } });
    const second = await driver.startTransfer(request);
    await driver.abortTransfer(second);
    faults.clear();
    for (let look = 0; look < 100 && progress.state !== 'failed'; look++)
      progress = await driver.transferProgress(second);
    expect(progress.state).toBe('failed');
    expect(await driver.findReplica(vault().secondaryVolume, request.storageSnapshotName)).toBeUndefined();
    await world.connect('primary').deleteStorageSnapshot(vault().primaryVolume, request.storageSnapshotName);
  });

  it('says who holds a storage snapshot that cannot be deleted, and when only a rule can', async () => {
    const request = await snapshot('leeward_bad_held');
    const driver = world.connect('secondary');
    const ref = await driver.startTransfer(request);
    while ((await driver.transferProgress(ref)).state !== 'done') await systemClock.sleep(20);
    const name = request.storageSnapshotName;
    const held = await failure(world.connect('primary').deleteStorageSnapshot(vault().primaryVolume, name));
    expect(held).toMatchObject({
      code: 'L-ARR-101',
      details: { holders: expect.stringContaining('snapmirror') },
    });
    expect(isPermanent(held)).toBe(false);
    await world.releaseBase(vault());
    await world.simulators.secondary.apply({ vaultDelete: 'refused' });
    expect((await failure(driver.deleteStorageSnapshot(vault().secondaryVolume, name))).code).toBe(
      'L-ARR-102',
    );
    await world.simulators.secondary.apply({ vaultDelete: 'allowed' });
    await driver.deleteStorageSnapshot(vault().secondaryVolume, name);
    await world.connect('primary').deleteStorageSnapshot(vault().primaryVolume, name);
  });

  it('refuses a clone without its licence and says how to do without', async () => {
    await world.simulators.secondary.apply({ removeLicenses: ['flexclone'] });
    const request = {
      name: 'leeward_bad_licence',
      volume: await world.volume('secondary', 'ds_mirror'),
      storageSnapshotName: 'admin_nightly',
      protocol: 'nfs',
      proxyAddresses: [world.proxyAddress],
      comment,
    } as const;
    const driver = world.connect('secondary');
    expect(await failure(driver.planPresentation(request, []))).toMatchObject({
      code: 'L-ARR-008',
      details: { licence: 'flexclone', purpose: expect.stringContaining('not mounted') },
    });
    const licence = (await driver.check()).find(({ name }) => name === 'licence flexclone');
    expect(licence).toMatchObject({ ok: false, required: false });
    await world.simulators.secondary.apply({ addLicenses: ['flexclone'] });
    expect((await driver.planPresentation(request, [])).method).toBe('clone');
  });

  it('does not make a storage snapshot on a replica, nor of a volume of another array', async () => {
    const driver = world.connect('secondary');
    const on = (volume: VolumeId) =>
      failure(driver.createStorageSnapshots({ name: 'leeward_bad_place', volumes: [volume], comment }));
    expect((await on(vault().secondaryVolume)).code).toBe('L-ARR-105');
    expect((await on(vault().primaryVolume)).code).toBe('L-ARR-009');
  });
});
