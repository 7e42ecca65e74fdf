import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArrayInventory, LeewardError } from '@leeward/core';
import { ManualClock, SeededRandomness, systemClock } from '@leeward/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../application/open-store.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import type { Store } from '../store/store.ts';
import type { SystemSettings } from '../store/systems.ts';
import { chapLoginOf, chapSecretId } from '../systems/chap-login.ts';
import type { Connections, SeenSystem } from '../systems/connections.ts';
import type { Doors } from '../systems/doors.ts';
import { type EditSystem, editSystem } from './edit-system.ts';
import { removeSystem } from './remove-system.ts';

const identity = {
  ...{ serial: 'S1', name: 'a', family: 'ontap', brand: 'b', model: 'm', version: '1' },
  nodes: [],
  licences: [],
};
const inventory: ArrayInventory = { identity, volumes: [], dataPorts: [], relations: [], notes: [] };
const settings: SystemSettings = {
  ...{ family: 'ontap', host: 'old.example', port: 443, username: 'anna' },
  trust: { kind: 'fingerprint', sha256: 'aa' },
  nfsPorts: { '192.0.2.1': { nfsPort: 1, mountPort: 2 } },
};
const chapped: SystemSettings = {
  ...settings,
  chap: { username: 'chap-anna', secretId: chapSecretId('S1') },
};

let folder = '';
let database: Database;
let opened: Awaited<ReturnType<typeof openStore>>;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-edit-'));
  const tools = { dataFolder: folder, clock: systemClock };
  database = await openDatabase(tools);
  opened = await openStore({ ...tools, url: database.url, randomness: new SeededRandomness(1) });
  store = opened.store;
});
afterAll(async () => {
  await opened?.db.destroy();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

const array = { id: 'S1', kind: 'array', name: 'a' } as const;
const clock = new ManualClock(Date.UTC(2026, 10, 25));
const doors = {} as Doors;
const deps = () => ({ store, doors, clock, randomness: new SeededRandomness(2) });
let looks: unknown[][];
let forgotten: string[];
let seenId: string | LeewardError;
const connections: Pick<Connections, 'look' | 'forget'> = {
  async look(...given): Promise<SeenSystem> {
    looks.push(given);
    if (seenId instanceof LeewardError) throw seenId;
    return { kind: 'array', id: seenId, inventory };
  },
  forget: (id) => void forgotten.push(id),
};

/** Registers the array as it is to be before a change. */
async function registered(as: SystemSettings): Promise<void> {
  await store.registrations.removeSystem('S1', ['array/S1', chapSecretId('S1')]);
  await store.systems.add({ ...array, settings: as, secretId: 'array/S1' });
  await store.secrets.put('array/S1', 'old password');
  if (as.chap) await store.secrets.put(as.chap.secretId, 'old chap password');
}
beforeEach(async () => {
  looks = [];
  forgotten = [];
  seenId = 'S1';
  await registered(settings);
});

async function state() {
  const { chap, ...rest } = (await store.systems.get('S1')).settings;
  return {
    settings: rest,
    password: await store.secrets.reveal('array/S1'),
    ...(chap ? { chap: chap.username, chapPassword: await store.secrets.reveal(chap.secretId) } : {}),
  };
}
const edit = (changes: EditSystem) => editSystem(deps(), connections, array, changes);

describe('edit', () => {
  const before = { settings, password: 'old password' };

  it.each<[EditSystem, object]>([
    [{ password: 'new' }, { ...before, password: 'new' }],
    [{ username: 'ben' }, { ...before, settings: { ...settings, username: 'ben' } }],
    [
      { host: 'new.example', port: 8443 },
      { ...before, settings: { ...settings, host: 'new.example', port: 8443 } },
    ],
    [
      { fingerprint: 'BB:CC' },
      { ...before, settings: { ...settings, trust: { kind: 'fingerprint', sha256: 'bbcc' } } },
    ],
    [{ caPem: 'pem' }, { ...before, settings: { ...settings, trust: { kind: 'ca', pem: 'pem' } } }],
    [
      { iscsiPorts: { '192.0.2.2': 1 } },
      { ...before, settings: { ...settings, iscsiPorts: { '192.0.2.2': 1 } } },
    ],
    [{ chap: { username: 'c', password: 'p' } }, { ...before, chap: 'c', chapPassword: 'p' }],
  ])('%j changes that and nothing else, after a look with it', async (changes, after) => {
    await edit(changes);
    const now = await state();
    expect(now).toEqual(after);
    expect(looks).toMatchObject([['array', now.settings, now.password, changes.chap ?? undefined]]);
    expect(forgotten).toEqual(['S1']);
    expect((await store.systems.get('S1')).inventoryAt).toBe('2026-11-25T00:00:00.000Z');
  });

  it('an empty table of ports is none', async () => {
    await edit({ nfsPorts: {} });
    const { nfsPorts: _, ...rest } = settings;
    expect((await state()).settings).toEqual(rest);
  });

  it('changes parts of CHAP, and takes it away with its password', async () => {
    await registered(chapped);
    await edit({ chap: { password: 'new chap password' } });
    expect(await state()).toMatchObject({ chap: 'chap-anna', chapPassword: 'new chap password' });
    await edit({ chap: { username: 'chap-ben' } });
    expect(await state()).toMatchObject({ chap: 'chap-ben', chapPassword: 'new chap password' });
    await edit({ password: 'new' });
    expect(await state()).toMatchObject({ chap: 'chap-ben', password: 'new' });
    await edit({ chap: null });
    expect(await state()).not.toHaveProperty('chap');
    await expect(store.secrets.reveal(chapSecretId('S1'))).rejects.toMatchObject({
      code: 'L-CFG-114',
    });
  });

  it('changes parts of mutual CHAP, and takes it away with its password', async () => {
    await registered(chapped);
    const login = async () => chapLoginOf(store, (await store.systems.get('S1')).settings);
    const own = { username: 'chap-anna', password: 'old chap password' };
    await edit({ chap: { mutual: { username: 'array', password: 'its password' } } });
    expect(await login()).toEqual({ ...own, mutual: { username: 'array', password: 'its password' } });
    expect(looks.at(-1)?.[3]).toEqual(await login());
    await edit({ chap: { mutual: { password: 'its other one' } } });
    await edit({ password: 'new' });
    await edit({ chap: { password: 'new chap password' } });
    const changed = { ...own, password: 'new chap password' };
    expect(await login()).toEqual({ ...changed, mutual: { username: 'array', password: 'its other one' } });
    await edit({ chap: { mutual: null } });
    expect(await login()).toEqual(changed);
    const mutual = chapSecretId('S1', 'array');
    await expect(store.secrets.reveal(mutual)).rejects.toMatchObject({ code: 'L-CFG-114' });
    await edit({ chap: { mutual: { username: 'array', password: 'its password' } } });
    await edit({ chap: null });
    expect(await login()).toBeUndefined();
    for (const id of [mutual, chapSecretId('S1')])
      await expect(store.secrets.reveal(id)).rejects.toMatchObject({ code: 'L-CFG-114' });
  });

  it('takes passwords that are given in place of those that cannot be opened any more', async () => {
    await registered(chapped);
    await edit({ chap: { mutual: { username: 'array', password: 'its password' } } });
    for (const id of [chapSecretId('S1'), chapSecretId('S1', 'array')]) await store.secrets.remove(id);
    await expect(edit({ chap: { password: 'p' } })).rejects.toMatchObject({ code: 'L-CFG-114' });
    await edit({ chap: { password: 'p', mutual: { password: 'q' } } });
    expect(await chapLoginOf(store, (await store.systems.get('S1')).settings)).toEqual({
      ...{ username: 'chap-anna', password: 'p', mutual: { username: 'array', password: 'q' } },
    });
  });

  it.each<[EditSystem]>([
    [{}],
    [{ chap: { username: 'c' } }],
    [{ chap: { password: 'p' } }],
    [{ chap: { username: 'c', password: 'p', mutual: { username: 'm' } } }],
    [{ chap: { username: 'c', password: 'p', mutual: { password: 'm' } } }],
    [{ chap: { mutual: { username: 'm', password: 'q' } } }],
  ])('%j is refused as it is: nothing is looked at', async (changes) => {
    await expect(edit(changes)).rejects.toMatchObject({ code: 'L-CFG-103' });
    expect([await state(), looks, forgotten]).toEqual([before, [], []]);
  });

  it('changes nothing when the system cannot be read with it, or is another one', async () => {
    const changes = { host: 'new.example', password: 'new' };
    seenId = new LeewardError('L-ARR-002', { host: 'new.example', username: 'anna' });
    await expect(edit(changes)).rejects.toMatchObject({ code: 'L-ARR-002' });
    seenId = 'S2';
    await expect(edit(changes)).rejects.toMatchObject({
      code: 'L-CFG-115',
      details: { name: 'a', host: 'new.example:443', seen: 'S2', expected: 'S1' },
    });
    expect([await state(), forgotten]).toEqual([before, []]);
    expect((await store.systems.get('S1')).inventoryAt).toBeUndefined();
  });

  it('needs no password that is stored and cannot be opened when a new one is given', async () => {
    await store.secrets.remove('array/S1');
    await expect(edit({ username: 'ben' })).rejects.toMatchObject({ code: 'L-CFG-114' });
    await edit({ password: 'new' });
    expect(await state()).toEqual({ ...before, password: 'new' });
  });

  it('takes one change after the other', async () => {
    await Promise.all([edit({ username: 'ben' }), edit({ host: 'new.example' }), edit({ password: 'new' })]);
    expect(await state()).toEqual({
      settings: { ...settings, username: 'ben', host: 'new.example' },
      password: 'new',
    });
  });
});

describe('remove', () => {
  const entry = {
    ...{ id: 'e', runId: 'r', jobId: 'j', systemId: 'S1', name: 'kept-1', detail: {} },
    kind: 'storage-snapshot',
  } as const;
  const remove = () => removeSystem(deps(), connections, array);

  it('forgets settings and passwords, and names what chains keep there', async () => {
    await registered(chapped);
    await new InventoryCache(store).saveArray('S1', inventory, '2026-11-25T00:00:00.000Z');
    await store.ledger.intend(entry);
    await store.ledger.mark('e', 'kept');
    expect(await remove()).toEqual({ storageSnapshots: ['kept-1'] });
    expect([await store.systems.list('array'), forgotten]).toEqual([[], ['S1']]);
    for (const id of ['array/S1', chapSecretId('S1')])
      await expect(store.secrets.reveal(id)).rejects.toMatchObject({ code: 'L-CFG-114' });
    // Registered again, its chains count again.
    expect(await store.ledger.kept('j')).toHaveLength(1);
    await store.ledger.mark('e', 'released');
  });

  it('is refused while a run goes on, or still has something there', async () => {
    await store.ledger.intend({ ...entry, id: 'f', runId: 'ended-run' });
    await expect(remove()).rejects.toMatchObject({
      code: 'L-CFG-116',
      details: { neededBy: 'run ended-run' },
    });
    await store.ledger.mark('f', 'released');
    await store.runs.add({ id: 'queued-run', jobId: 'j', kind: 'backup', startedAt: '2026-11-25T00:00:00Z' });
    await expect(remove()).rejects.toMatchObject({ details: { neededBy: 'run queued-run' } });
    await store.runs.end('queued-run', 'failed', '2026-11-25T00:00:01Z');
    expect(await remove()).toEqual({ storageSnapshots: [] });
  });
});
