import type { ArrayInventory } from '@leeward/core';
import { testInventory } from '@leeward/core/testing/planning-world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { MountService } from './mount-service.ts';

let opened: StoreOfTests;
beforeAll(async () => {
  opened = await openStoreOfTests();
});
afterAll(() => opened?.close());

it('lists what is shown to proxies, with the name of the volume as last read, until it is released', async () => {
  const { store } = opened;
  const trust = { kind: 'ca', pem: 'x' } as const;
  const settings = { host: 'h', port: 443, username: 'u', trust };
  for (const name of ['b', 'a'])
    await store.systems.add({ id: `id-${name}`, kind: 'array', name, settings, secretId: 's' });
  const [seen] = testInventory().arrays.map(({ inventory }) => inventory as ArrayInventory);
  const volume = seen?.volumes[0];
  if (!seen || !volume) throw new Error('an array with a volume is needed');
  await new InventoryCache(store).saveArray('id-a', seen, '2026-11-26T10:00:00.000Z');
  const entry = (id: string, systemId: string, request: object) => ({
    ...{ id, systemId, runId: 'r1', jobId: 'j1', kind: 'presentation' as const, name: `clone-${id}` },
    detail: { request: { storageSnapshotName: 's1', ...request }, effects: [], detail: {} },
  });
  const mounts = new MountService({ store });
  expect(await mounts.list()).toEqual([]);

  const unknown = { arraySerial: 'elsewhere', objectId: 'v9' };
  await store.ledger.intend(
    entry('1', 'id-b', { volume: unknown, protocol: 'iscsi', initiatorNames: ['iqn.2026-11.org.leeward:p'] }),
  );
  await store.ledger.intend(
    entry('2', 'id-a', { volume: volume.id, protocol: 'nfs', proxyAddresses: ['10.0.0.9'] }),
  );
  await store.ledger.mark('2', 'present');
  const common = { runId: 'r1', jobId: 'j1', storageSnapshotName: 's1', since: expect.any(String) };
  expect(await mounts.list()).toEqual([
    {
      ...{ ...common, arrayId: 'id-a', arrayName: 'a', name: 'clone-2', volume: volume.name },
      ...{ protocol: 'nfs', shownTo: ['10.0.0.9'], state: 'present' },
    },
    {
      ...{ ...common, arrayId: 'id-b', arrayName: 'b', name: 'clone-1', volume: 'v9' },
      ...{ protocol: 'iscsi', shownTo: ['iqn.2026-11.org.leeward:p'], state: 'intended' },
    },
  ]);
  for (const id of ['1', '2']) await store.ledger.mark(id, 'released');
  expect(await mounts.list()).toEqual([]);
});
