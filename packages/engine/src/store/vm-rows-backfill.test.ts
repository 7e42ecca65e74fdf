import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Datastore, VirtualMachine } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../application/open-store.ts';
import { createKysely, migrateTo } from '../database/kysely.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { migrations } from './migrations/all.ts';
import type { StoreSchema } from './schema.ts';
import { vmRows } from './vms.ts';

let folder = '';
let database: Database;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-store-'));
  database = await openDatabase({ dataFolder: folder, clock: systemClock });
}, 120_000);
afterAll(async () => {
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

const datastores: readonly Datastore[] = ['ds-b', 'ds-a'].map((name) => ({
  ...({ moId: `datastore-${name}`, name, kind: 'nfs3', accessible: true, datacenterPath: '/DC' } as const),
  nfs: { hosts: ['10.1.0.1'], addresses: ['10.1.0.1'], path: `/${name}` },
}));

function vm(moId: string, facts: Partial<VirtualMachine>, disks: readonly (readonly [string, number])[]) {
  return {
    ...{
      id: { vcenterId: 'vc', moId },
      instanceUuid: moId,
      name: moId,
      path: `/DC/vm/${moId}`,
      poweredOn: true,
    },
    ...{ connected: true, isTemplate: false, encrypted: false, cbtEnabled: true, cbtSupported: true },
    ...{ hasVmwareSnapshots: false, vmxPath: '[a] a/a.vmx' },
    ...facts,
    disks: disks.map(([datastoreMoId, sizeBytes], at) => ({
      ...{ key: 2000 + at, label: `Hard disk ${at + 1}`, node: `scsi0:${at}`, sizeBytes, datastoreMoId },
      ...({
        backing: 'flat',
        independent: false,
        shared: false,
        parents: [],
        fileName: '[a] a/a.vmdk',
      } as const),
    })),
  } satisfies VirtualMachine;
}

const vms: readonly VirtualMachine[] = [
  vm('vm-1', { name: 'web "01"', poweredOn: false }, [
    ['datastore-ds-b', 2 ** 42],
    ['datastore-ds-a', 3],
    ['datastore-ds-b', 4],
  ]),
  vm('vm-2', { isTemplate: true, encrypted: true }, []),
  vm('vm-3', {}, [['datastore-that-is-gone', 5]]),
];

test('what was read before VMs were rows becomes the rows that the next rescan would write', async () => {
  const old = createKysely<StoreSchema>(database.url);
  await migrateTo(old, migrations, '0006-access');
  const content = { form: 1, content: { vms, datastores } };
  const inventories: Readonly<Record<string, object | null>> = {
    vc: content,
    empty: { form: 1 },
    never: null,
  };
  for (const [id, inventory] of Object.entries(inventories))
    await sql`insert into system (id, kind, name, settings, secret_id, inventory)
      values (${id}, 'vcenter', ${id}, '{}', 's', ${inventory && JSON.stringify(inventory)})`.execute(old);
  await sql`insert into system (id, kind, name, settings, secret_id, inventory)
    values ('array', 'array', 'array', '{}', 's', ${JSON.stringify(content)})`.execute(old);
  await old.destroy();

  const { store, db } = await openStore({
    ...{ dataFolder: folder, url: database.url, clock: systemClock, randomness: systemRandomness },
  });
  try {
    const rows = async () => {
      const found = await db.selectFrom('vm').selectAll().orderBy('key').execute();
      return found.map(({ datastores: moIds, datastore_names: names, ...row }) => ({
        ...row,
        datastores: moIds.toSorted(),
        datastore_names: names.toSorted(),
      }));
    };
    const expected = vmRows(vms, datastores).map((row) => ({ ...row, vcenter_id: 'vc' }));
    expect(await rows()).toEqual(expected);
    await new InventoryCache(store).saveVcenter('vc', { vms, datastores }, new Date(0).toISOString());
    expect(await rows()).toEqual(expected);
    expect((await store.vms.page({ datastore: 'ds-a' }, 0, 9)).map(({ name }) => name)).toEqual(['web "01"']);
  } finally {
    await db.destroy();
  }
});
