import type { Datastore, VirtualMachine } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import type { Point } from './points.ts';
import type { RunPlace } from './runs.ts';
import { openStoreOfTests, type StoreOfTests } from './testing/store-of-tests.ts';
import type { VmFilter, VmPlace } from './vms.ts';

const at = (minute: number) => new Date(1_800_000_000_000 + minute * 60_000).toISOString();

let opened: StoreOfTests;
beforeAll(async () => {
  opened = await openStoreOfTests();
  const { store } = opened;
  for (const [id, name] of [
    ['vc-1', 'one'],
    ['vc-2', 'two'],
  ] as const)
    await store.systems.add({
      ...{ id, kind: 'vcenter', name, secretId: 's' },
      settings: { host: 'h', port: 443, username: 'u', trust: { kind: 'ca', pem: 'x' } },
    });
  await store.jobs.add({
    ...{ id: 'j1', name: 'nightly', vms: ['web-01', '/DC/vm/db'], repositoryId: 'r', snapshotOnly: false },
    ...{ relationRule: 'healthiest', failoverToPrimary: false, finishOnPrimary: false },
    ...{ failoverToStandard: false, failOnDowngrade: false, quiesce: 'off', cbtSampleFraction: 0 },
    ...{ scriptTimeoutMs: 1_000, standardMaxSnapshotMs: 60_000, secondaryKeep: 7, settlePauseMs: 0 },
    transferTimeoutMs: 1_000,
  } as Parameters<typeof store.jobs.add>[0]);
});
afterAll(() => opened?.close());

const vm = (vcenterId: string, moId: string, name: string, more: Partial<VirtualMachine> = {}) =>
  ({
    ...{ id: { vcenterId, moId }, name, path: `/DC/vm/${name}`, poweredOn: true, isTemplate: false },
    encrypted: false,
    disks: [
      { datastoreMoId: 'ds-1', sizeBytes: 5 },
      { datastoreMoId: 'ds-1', sizeBytes: 7 },
    ],
    ...more,
  }) as unknown as VirtualMachine;

const datastores = [
  { moId: 'ds-1', name: 'nfs-1' },
  { moId: 'ds-2', name: 'vmfs-2' },
] as unknown as readonly Datastore[];

const point = (id: string, vmKey: string, minute: number, more: Partial<Point> = {}): Point => ({
  ...{ id, vmKey, vmName: 'web-01', vcenterName: 'one', jobId: 'j1', runId: 'run-1', repositoryId: 'r' },
  ...{ createdAt: at(minute), source: 'secondary' },
  facts: {
    ...{ vmPath: '/DC/vm/web-01', kind: 'full', frozenAt: at(minute), disks: [] },
    bytes: { provisioned: 1, changed: 1, read: 1, stored: 1 },
  },
  ...more,
});

async function walk<T, P>(
  page: (limit: number, after?: P) => Promise<readonly T[]>,
  placeOf: (entry: T) => P,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<readonly T[]> {
  const seen: T[] = [];
  for (let after: P | undefined; ; ) {
    const part = await page(2, after);
    seen.push(...part);
    const last = part.at(-1);
    if (!last) return seen;
    after = placeOf(last);
    await meanwhile();
  }
}

describe('runs', () => {
  const placeOf = ({ startedAt, id }: RunPlace) => ({ startedAt, id });

  it('come newest first, page by page, each once, also where several began at one moment and more begin', async () => {
    const { runs } = opened.store;
    for (const [id, minute] of [
      ['a', 1],
      ['b', 2],
      ['c', 2],
      ['d', 2],
      ['e', 3],
    ] as const)
      await runs.add({ id, jobId: id === 'a' ? 'j2' : 'j1', kind: 'backup', startedAt: at(minute) });
    let more = 0;
    const seen = await walk(
      (limit, after?: RunPlace) => runs.page({}, limit, after),
      placeOf,
      () => runs.add({ id: `later-${more++}`, jobId: 'j1', kind: 'backup', startedAt: at(10 + more) }),
    );
    expect(seen.map(({ id }) => id)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect((await runs.page({ jobId: 'j2' }, 9)).map(({ id }) => id)).toEqual(['a']);
    expect((await runs.page({ since: at(2), until: at(3) }, 9)).map(({ id }) => id)).toEqual(['d', 'c', 'b']);
    expect(await runs.page({ states: ['failed'] }, 9)).toEqual([]);
    expect(await runs.page({ kind: 'restore' }, 9)).toEqual([]);
  });

  it('have sums of their VMs instead of their plans', async () => {
    const { runs, runVms } = opened.store;
    await runs.begin('a', { vms: [] } as unknown as Parameters<typeof runs.begin>[1]);
    const bytes = { provisioned: 5_000_000_000, changed: 3, read: 2, stored: 1 };
    for (const [vmKey, state] of [
      ['x', 'success'],
      ['y', 'failed'],
      ['z', 'running'],
    ] as const)
      await runVms.put({ runId: 'a', vmKey, name: vmKey, state }, { bytes });
    const [run] = await runs.page({ jobId: 'j2' }, 1);
    expect(run).toMatchObject({
      vms: { total: 3, success: 1, failed: 1 },
      bytes: { provisioned: 15_000_000_000, changed: 9, read: 6, stored: 3 },
      state: 'running',
    });
    expect(run).not.toHaveProperty('plan');
    expect(await runs.get('a')).toHaveProperty('plan');
  });
});

describe('VMs', () => {
  const names = async (filter: VmFilter, since = 0) =>
    (await opened.store.vms.page(filter, since, 100)).map(({ name }) => name);

  it('are rows of the inventory that was saved last, page by page by name', async () => {
    const { vms, points, runs, runVms } = opened.store;
    const cache = new InventoryCache(opened.store);
    await cache.saveVcenter('vc-2', { vms: [vm('vc-2', 'vm-1', 'web-01')], datastores }, at(0));
    await cache.saveVcenter(
      'vc-1',
      { vms: ['gone', 'web-01'].map((name, index) => vm('vc-1', `vm-${index}`, name)), datastores },
      at(0),
    );
    await cache.saveVcenter(
      'vc-1',
      {
        datastores,
        vms: [
          vm('vc-1', 'vm-1', 'web-01'),
          vm('vc-1', 'vm-2', 'db', { disks: [{ datastoreMoId: 'ds-2', sizeBytes: 1 }] as never }),
          vm('vc-1', 'vm-3', 'Äpfel', { isTemplate: true, disks: [] }),
        ],
      },
      at(1),
    );
    const seen = await walk(
      (limit, after?: VmPlace) => vms.bare({}, limit, after),
      ({ name, key }) => ({ name, key }),
    );
    expect(seen.map(({ key, name }) => [key, name])).toEqual([
      ['vc-1/vm-2', 'db'],
      ['vc-1/vm-1', 'web-01'],
      ['vc-2/vm-1', 'web-01'],
      ['vc-1/vm-3', 'Äpfel'],
    ]);
    expect(seen[1]).toMatchObject({ provisionedBytes: 12, disks: 2, datastores: ['nfs-1'] });
    await points.add(point('p1', 'vc-1/vm-1', 10));
    await points.add(point('p2', 'vc-1/vm-1', 20, { source: 'primary' }));
    await points.add(point('p3', 'vc-2/vm-1', 5, { vmName: 'web-01', jobId: 'j9' }));
    await runs.add({ id: 'kept', jobId: 'j1', kind: 'backup', startedAt: at(30) });
    const frozen = { runId: 'kept', vmKey: 'vc-1/vm-2', name: 'db', state: 'success' } as const;
    await runVms.put(frozen, { frozenAt: at(30) });
  });

  it('have their newest copy, and are counted by it', async () => {
    const { vms } = opened.store;
    const since = Date.parse(at(15));
    const seen = await vms.page({}, since, 100);
    expect(seen.map(({ lastPoint, lastKeptAt }) => lastPoint?.id ?? lastKeptAt)).toEqual([
      at(30),
      'p2',
      'p3',
      undefined,
    ]);
    expect(await vms.counts(since)).toEqual({ 'in-time': 2, late: 1, never: 0 });
    expect(await names({ protection: 'in-time' }, since)).toEqual(['db', 'web-01']);
    expect(await names({ protection: 'late' }, since)).toEqual(['web-01']);
    expect(await names({ protection: 'never' }, since)).toEqual(['Äpfel']);
  });

  it('for some jobs, only copies that these made count', async () => {
    const { vms } = opened.store;
    const since = Date.parse(at(15));
    const of = { members: ['web-01', 'db'], copiesOfJobs: ['j9'] };
    const seen = await vms.page(of, since, 100);
    expect(seen.map(({ key, lastPoint, lastKeptAt }) => [key, lastPoint?.id, lastKeptAt])).toEqual([
      ['vc-1/vm-2', undefined, undefined],
      ['vc-1/vm-1', undefined, undefined],
      ['vc-2/vm-1', 'p3', undefined],
    ]);
    expect(await vms.counts(since, of)).toEqual({ 'in-time': 0, late: 1, never: 2 });
    expect(await names({ ...of, protection: 'never' }, since)).toEqual(['db', 'web-01']);
    const j1 = { members: ['web-01', 'db'], copiesOfJobs: ['j1'] };
    expect(await vms.counts(since, j1)).toMatchObject({ 'in-time': 2, never: 1 });
  });

  it('are found by each filter', async () => {
    expect(await names({ find: 'WEB' })).toEqual(['web-01', 'web-01']);
    expect(await names({ find: '%' })).toEqual([]);
    expect(await names({ vm: '/DC/vm/db' })).toEqual(['db']);
    expect(await names({ vm: 'vc-2/vm-1' })).toEqual(['web-01']);
    expect(await names({ vcenterId: 'vc-2' })).toEqual(['web-01']);
    expect(await names({ members: ['/DC/vm/db', 'vm-3'] })).toEqual(['db', 'Äpfel']);
    expect(await names({ datastore: 'vmfs-2' })).toEqual(['db']);
    expect(await names({ onDatastores: [{ vcenterId: 'vc-2', moId: 'ds-1' }] })).toEqual(['web-01']);
    expect(await names({ onDatastores: [] })).toEqual([]);
    expect(await names({ templates: false })).toEqual(['db', 'web-01', 'web-01']);
  });

  it('tell in which jobs they are, and on which datastores', async () => {
    const { vms, systems } = opened.store;
    expect(await vms.jobsWith(['web-01', 'other'])).toEqual([
      { id: 'j1', name: 'nightly', member: 'web-01' },
    ]);
    expect((await vms.byDatastores()).map(({ vms: count }) => count).toSorted()).toEqual([1, 1, 1, 1]);
    expect(await systems.inventoryPart('vc-1', 'datastores')).toEqual(datastores);
    expect(await systems.inventoryPart('vc-1', 'nothing')).toBeUndefined();
    const before = await systems.versions();
    expect(await systems.versions()).toEqual(before);
    await systems.saveProblem('vc-1', { code: 'L-CFG-106' } as never);
    expect(await systems.versions()).not.toEqual(before);
  });
});

describe('points', () => {
  it('come newest first and are found by each filter', async () => {
    const { points } = opened.store;
    const ids = async (filter: Parameters<typeof points.page>[0]) =>
      (await points.page(filter, 100)).map(({ id }) => id);
    const seen = await walk(
      (limit, after?: { createdAt: string; id: string }) => points.page({}, limit, after),
      ({ createdAt, id }) => ({ createdAt, id }),
    );
    expect(seen.map(({ id }) => id)).toEqual(['p2', 'p1', 'p3']);
    expect(await ids({ vm: 'vc-2/vm-1' })).toEqual(['p3']);
    expect(await ids({ vm: '/DC/vm/web-01' })).toEqual(['p2', 'p1', 'p3']);
    expect(await ids({ find: 'EB-0' })).toEqual(['p2', 'p1', 'p3']);
    expect(await ids({ jobId: 'j9' })).toEqual(['p3']);
    expect(await ids({ source: 'primary' })).toEqual(['p2']);
    expect(await ids({ since: at(10), until: at(20) })).toEqual(['p1']);
    expect(await ids({ repositoryId: 'other' })).toEqual([]);
    expect((await points.beginningWith('p', 2)).map(({ id }) => id)).toEqual(['p2', 'p1']);
    expect(await points.usage()).toEqual([{ repositoryId: 'r', points: 3, storedBytes: 3 }]);
  });
});
