import {
  type ArrayInventory,
  type Datastore,
  LeewardError,
  type Plan,
  reportOf,
  type Volume,
} from '@leeward/core';
import {
  testDatastore,
  testDisk,
  testInventory,
  testJob,
  testRelation,
  testVm,
} from '@leeward/core/testing/planning-world';
import { ManualClock, systemRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { StorageMaps } from '../topology/storage-map.ts';
import { ChainService } from './chain-service.ts';
import { JobService, type JobServiceDeps } from './job-service.ts';
import { PointService } from './point-service.ts';
import { ReportService } from './report-service.ts';
import { RunService } from './run-service.ts';
import { ScopeService } from './scope-service.ts';
import { TopologyService } from './topology-service.ts';
import { VmService } from './vm-service.ts';

/**
 * Two tenants on the same vCenter, datastores, arrays and repositories. What one of them is answered MUST be the same
 * whether or not there is the other: then it tells nothing of the other, in names, counts, order and sums.
 */
const tenants = ['mine', 'other'] as const;
type Tenant = (typeof tenants)[number];

interface TestTenantVm {
  readonly of: readonly Tenant[];
  readonly datastore: number;
  /** By tenant that made it; hours ago. */
  readonly points: readonly { readonly by: Tenant; readonly hoursAgo: number }[];
  readonly isTemplate: boolean;
}

const vmOfTests: fc.Arbitrary<TestTenantVm> = fc.record({
  of: fc.subarray([...tenants]),
  datastore: fc.nat(3),
  points: fc.array(
    fc.record({ by: fc.constantFrom(...tenants), hoursAgo: fc.integer({ min: 1, max: 60 }) }),
    {
      maxLength: 3,
    },
  ),
  isTemplate: fc.boolean(),
});

const nowMs = Date.parse('2026-11-26T12:00:00Z');
const at = (hoursAgo: number) => new Date(nowMs - hoursAgo * 3_600_000).toISOString();
let opened: StoreOfTests;
beforeAll(async () => {
  opened = await openStoreOfTests();
});
afterAll(() => opened?.close());

/** The primary arrays `array-0` and `array-1`, and the secondary one of both, with these datastores on volumes of theirs. */
function arraysWith(datastores: readonly number[]): ReadonlyMap<string, ArrayInventory> {
  const [first, second] = testInventory().arrays.map(({ inventory }) => inventory as ArrayInventory);
  if (!first || !second) throw new Error('two arrays are needed');
  const volume = (serial: string, n: number): Volume => ({
    ...(first.volumes[0] as Volume),
    ...{ id: { arraySerial: serial, objectId: `v${n}` }, name: `volume-${n}`, nfsPath: `/ds${n}` },
    tenantId: `${serial}-svm1`,
  });
  const primaries = [0, 1].map((index): ArrayInventory => {
    const serial = `serial-${index}`;
    const [port] = first.dataPorts;
    return {
      ...first,
      identity: { ...first.identity, serial, name: serial },
      volumes: datastores.filter((n) => n % 2 === index).map((n) => volume(serial, n)),
      dataPorts: port ? [{ ...port, tenantId: `${serial}-svm1`, address: `10.0.${index}.1` }] : [],
    };
  });
  const sources = primaries.flatMap(({ volumes }) => volumes);
  const relations = sources.map((source) => {
    const target = volume(second.identity.serial, 9);
    const copy = { ...target, name: `copy-of-${source.name}` };
    const made = testRelation(source, copy, { policyName: `policy-${source.name}` });
    const { arraySerial } = source.id;
    return { ...made, source: { ...made.source, arrayName: arraySerial, arraySerial } };
  });
  return new Map([
    ...primaries.map((inventory, index) => [`array-${index}`, frozenTogether(inventory)] as const),
    ['secondary', { ...second, relations }] as const,
  ]);
}

/** As in a consistency group: a storage snapshot of one volume freezes all. */
function frozenTogether(inventory: ArrayInventory): ArrayInventory {
  const frozenWith = inventory.volumes.map(({ id }) => id.objectId);
  return { ...inventory, volumes: inventory.volumes.map((volume) => ({ ...volume, frozenWith })) };
}

/** `withOther`: as it is; else as if the other tenant, and all that is not on paths of one's own, had never been. */
async function build(vms: readonly TestTenantVm[], withOther: boolean): Promise<void> {
  const { store, db } = opened;
  await sql`truncate system, repository, job, run, run_vm, point, ledger, vm, schedule_time cascade`.execute(
    db,
  );
  const seen: readonly Tenant[] = withOther ? tenants : tenants.filter((each) => each === 'mine');
  const there = vms.map((vm, n) => ({ ...vm, n })).filter(({ of }) => withOther || of.includes('mine'));
  const numbers = withOther ? [0, 1, 2, 3] : [...new Set(there.map(({ datastore }) => datastore))].toSorted();
  const trust = { kind: 'ca', pem: 'x' } as const;
  const settings = { host: 'h', port: 443, username: 'u', trust };
  const cache = new InventoryCache(store);
  await store.proxies.put({ id: 'p', name: 'local', settings: { addresses: ['10.0.0.9'], slots: 2 } });
  await store.proxies.seen('p', at(0));
  await store.systems.add({ id: 'vc-1', kind: 'vcenter', name: 'vc', settings, secretId: 's' });
  for (const [name, inventory] of arraysWith(numbers)) {
    if (inventory.volumes.length === 0) continue;
    await store.systems.add({ id: `id-${name}`, kind: 'array', name, settings, secretId: 's' });
    await cache.saveArray(`id-${name}`, inventory, at(1));
  }
  const datastores = numbers.map(
    (n): Datastore =>
      testDatastore({
        ...{ moId: `ds-${n}`, name: `datastore-${n}` },
        nfs: { hosts: [`10.0.${n % 2}.1`], addresses: [`10.0.${n % 2}.1`], path: `/ds${n}` },
      }),
  );
  const inventory = there.map(({ n, datastore, isTemplate }) =>
    testVm({
      ...{ name: `vm-${n}`, isTemplate, vmxPath: `[datastore-${datastore}] v${n}/v.vmx` },
      disks: [
        testDisk({ datastoreMoId: `ds-${datastore}`, fileName: `[datastore-${datastore}] v${n}/v.vmdk` }),
      ],
    }),
  );
  await cache.saveVcenter('vc-1', { datastores, vms: inventory }, at(1));
  for (const tenant of seen) {
    const place = `repository-${tenant}`;
    await store.repositories.add({
      ...{ id: place, name: place, path: `/nowhere/${place}`, resticId: place, secretId: place },
    });
    const members = there.filter(({ of }) => of.includes(tenant)).map(({ n }) => `vm-${n}`);
    const job = { id: `job-${tenant}`, name: `${tenant}-nightly`, repositoryId: place };
    await store.jobs.add(testJob({ ...job, vms: members.length > 0 ? members : ['none'] }));
    await store.scheduleTimes.put({
      ...{ jobId: job.id, dueAt: at(5), outcome: 'missed', times: 1, at: at(4) },
      report: reportOf(new LeewardError('L-RUN-108', { vm: job.name })),
    });
    await store.runs.add({ id: `run-${tenant}`, jobId: job.id, kind: 'backup', startedAt: at(20) });
    await store.ledger.intend({
      ...{ id: `open-${tenant}`, runId: `gone-${tenant}`, jobId: job.id, kind: 'transfer' },
      ...{ systemId: 'id-secondary', name: `transfer-${tenant}`, detail: {} },
    });
  }
  for (const { n, of, points } of there)
    for (const [index, { by, hoursAgo }] of points.entries()) {
      if (!seen.includes(by) || !of.includes(by)) continue;
      const vmKey = `vc-1/moid-vm-${n}`;
      const frozenAt = at(hoursAgo);
      await store.points.add({
        ...{ id: `point-${n}-${index}`, vmKey, vmName: `vm-${n}`, vcenterName: 'vc', jobId: `job-${by}` },
        ...{ runId: `run-${by}`, repositoryId: `repository-${by}`, createdAt: frozenAt, source: 'secondary' },
        facts: {
          ...{ vmPath: `/dc/vm/vm-${n}`, kind: 'full', frozenAt, disks: [] },
          bytes: { provisioned: 1, changed: 1, read: 1, stored: hoursAgo },
        },
      });
      await store.runVms.put(
        { runId: `run-${by}`, vmKey, name: `vm-${n}`, state: 'success' },
        { frozenAt, bytes: { provisioned: 1, changed: 1, read: 1, stored: hoursAgo } },
      );
      await store.ledger.adopt(
        {
          ...{ id: `kept-${n}-${index}`, runId: `run-${by}`, jobId: `job-${by}`, kind: 'storage-snapshot' },
          ...{ systemId: 'id-secondary', name: `snapshot-${n}` },
          detail: { vms: [{ vmKey, frozenAt }] },
        },
        frozenAt,
      );
    }
}

function backupOfTests(): BackupDeps {
  const { store } = opened;
  const cache = new InventoryCache(store);
  // What is read anew is what is known; storage snapshots cannot be listed.
  const doors = {
    vcenter: async (id: string) => ({ inventory: () => cache.vcenter(id) }),
    array: async (id: string) => ({ inventory: () => cache.array(id), capabilities: {} }),
  };
  const clock = new ManualClock(nowMs);
  return { store, clock, randomness: systemRandomness, doors } as unknown as BackupDeps;
}

/** Everything that somebody who is limited to `mine-*` can be answered about more than one job. */
async function answers() {
  const { store } = opened;
  const backup = backupOfTests();
  const maps = new StorageMaps(backup);
  const vms = new VmService(backup, maps);
  const runs = new RunService(backup, { list: async () => [] } as unknown as FlowEngine);
  const reports = new ReportService(backup, { runs, vms });
  const topology = new TopologyService(backup, maps);
  const { ids: jobIds } = await new ScopeService({ store }).visible([{ jobs: ['mine-*'] }]);
  const jobs = new JobService(backup, {} as JobServiceDeps);
  const outcome = (work: Promise<unknown>) => work.catch((error: LeewardError) => reportOf(error));
  return {
    topology: await topology.show({ jobIds }),
    topologyPage: await topology.show({ jobIds }, { limit: 1 }),
    topologyFound: await topology.show({ jobIds, find: '1' }),
    topologyOfOthers: await topology.show({ jobIds, vm: vmNames.filter((_, n) => n % 2 === 0) }),
    topologyOnArray: await topology.show({ jobIds, array: 'array-1' }),
    relations: await topology.relations({ jobIds }),
    plan: withoutCounts(await jobs.plan('job-mine', true)),
    daily: await reports.daily(undefined, jobIds),
    protection: await reports.protection(jobIds),
    vms: await vms.list({ jobIds }),
    late: await vms.list({ jobIds, protection: 'late' }),
    counts: await vms.counts({ jobIds }),
    runs: await runs.list({ jobIds }),
    points: await new PointService(backup).list({ jobIds }),
    pointsElsewhere: await outcome(new PointService(backup).list({ jobIds, repository: 'repository-other' })),
    pointsAnywhere: await outcome(new PointService(backup).list({ jobIds, repository: 'rep' })),
    vmsOfArray: await vms.list({ jobIds, array: 'array-0' }),
    vmsOfVcenter: await outcome(vms.list({ jobIds, vcenter: 'vc' })),
  };
}

/** How many volumes of others are frozen along, which an operator has to know, is all that a plan tells of them. */
function withoutCounts(plan: Plan): Plan {
  return { ...plan, effects: plan.effects.filter(({ what }) => !what.startsWith('storage snapshots of ')) };
}

const vmNames = Array.from({ length: 6 }, (_, n) => `vm-${n}`);

it('answers of a limited caller are the same whether or not there are others', async () => {
  let [seenPaths, seenGroups] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(vmOfTests, { minLength: 1, maxLength: 6 }), async (vms) => {
      await build(vms, true);
      const found = await answers();
      await build(vms, false);
      expect(found).toEqual(await answers());
      seenGroups += found.plan.groups.length;
      seenPaths += JSON.stringify(found.topology).split('copy-of-').length - 1;
    }),
    { numRuns: 12 },
  );
  expect(seenPaths).toBeGreaterThan(0);
  expect(seenGroups).toBeGreaterThan(0);
}, 120_000);

it('of a VM that both have, each sees the own copies and jobs', async () => {
  const points = [
    { by: 'other', hoursAgo: 1 },
    { by: 'mine', hoursAgo: 50 },
  ] as const;
  await build([{ of: tenants, datastore: 1, points, isTemplate: false }], true);
  const { protection, daily, relations, counts } = await answers();
  expect(protection).toMatchObject({
    counts: { total: 1, inTime: 0, late: 1 },
    vms: [
      { name: 'vm-0', jobs: ['mine-nightly'], points: [{ repositoryName: 'repository-mine', count: 1 }] },
    ],
  });
  expect(counts).toMatchObject({ total: 1, late: 1 });
  expect(relations).toMatchObject([{ source: { volume: 'volume-1' }, vms: 1 }]);
  expect(daily).toMatchObject({
    ...{ missedTimes: [{ jobName: 'mine-nightly' }], runsToClean: ['gone-mine'] },
    ...{ chains: [{ jobName: 'mine-nightly', count: 1 }], repositories: [{ name: 'repository-mine' }] },
    behind: [{ name: 'vm-0', jobs: ['mine-nightly'] }],
  });
});

describe('volumes of others that are frozen along', () => {
  const foreign = /volume-3|"v3"|datastore-3|other-nightly/;
  beforeEach(async () => {
    const vm = { points: [], isTemplate: false };
    await build(
      [
        { ...vm, of: ['mine'], datastore: 1 },
        { ...vm, of: ['other'], datastore: 3 },
      ],
      true,
    );
  });

  it('are counted in a plan, not named', async () => {
    const { plan } = await answers();
    expect(plan.groups.map(({ volumes }) => volumes.map(({ volumeName }) => volumeName))).toEqual([
      ['volume-1'],
    ]);
    expect(JSON.stringify(plan)).not.toMatch(foreign);
  });

  it('have chains that are not shown, whether a run made them or somebody by hand', async () => {
    const { store } = opened;
    for (const n of [1, 3])
      for (const runId of ['run-mine', 'hand-1'])
        await store.ledger.adopt(
          {
            ...{ id: `${runId}-${n}`, runId, jobId: 'job-mine', kind: 'storage-snapshot' },
            ...{ systemId: 'id-array-1', name: `of-${runId}` },
            detail: {
              ...{ volume: { arraySerial: 'serial-1', objectId: `v${n}` }, volumeName: `volume-${n}` },
              ...{ role: 'long-term', ...(runId === 'run-mine' && n === 3 ? { vms: [] } : {}) },
            },
          },
          at(1),
        );
    const chains = new ChainService(backupOfTests());
    for (const links of [await chains.list({ job: 'job-mine' }, true), await chains.show('job-mine', true)]) {
      expect(links.map(({ volumeName }) => volumeName)).toEqual(['volume-1', 'volume-1']);
      expect(JSON.stringify(links)).not.toMatch(foreign);
    }
    const all = await chains.list({ job: 'job-mine' });
    expect(new Set(all.map(({ volumeName }) => volumeName))).toEqual(new Set(['volume-1', 'volume-3']));
  });
});
