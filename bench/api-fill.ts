// An installation of 10,000 VMs in a database: two vCenters, two arrays with relations, 100 jobs, and what their runs
// left behind.
import type { ArrayInventory, Datastore, Job, VirtualMachine } from '@leeward/core';
import { jobDefaults } from '@leeward/core';
import { openStore } from '@leeward/engine/application/open-store';
import { openDatabase } from '@leeward/engine/database/open-database';
import { InventoryCache } from '@leeward/engine/inventory/cached-inventory';
import type { Store } from '@leeward/engine/store/store';
import { systemClock, systemRandomness } from '@leeward/platform';
import { sql } from 'kysely';

export interface FillOrder {
  readonly vms: number;
  readonly jobs: number;
  /** Of each job, one a day, each with a point of each VM. */
  readonly runsPerJob: number;
  /** Of the newest runs only: points that are older have gone by retention. */
  readonly pointsPerVm: number;
}

const vcenters = ['vc-east', 'vc-west'] as const;
const datastoresOfEach = 50;
const startMs = Date.parse('2026-01-01T22:00:00Z');

export async function fill(dataFolder: string, order: FillOrder): Promise<void> {
  const tools = { dataFolder, clock: systemClock };
  const database = await openDatabase(tools);
  const { store, db } = await openStore({ ...tools, url: database.url, randomness: systemRandomness });
  try {
    await systems(store, order.vms);
    const place = { id: 'r-1', name: 'backups', path: '/srv/backups' };
    await store.repositories.add({ ...place, resticId: 'e'.repeat(64), secretId: 's' });
    for (let job = 0; job < order.jobs; job++) await store.jobs.add(jobOf(job, order));
    const { jobs, runsPerJob, pointsPerVm, vms } = order;
    const vmsOfJob = Math.floor(vms / jobs);
    await sql`
      insert into run (id, job_id, kind, state, plan, totals, started_at, ended_at)
      select 'run-' || job || '-' || day, 'job-' || job, 'backup', case when (job + day) % 17 = 0 then 'partly' else 'success' end,
        jsonb_build_object('filler', repeat(md5(job::text || day), 2000)),
        '{"vms":{"total":100,"success":100,"failed":0},"bytes":{"provisioned":1,"changed":1,"read":1,"stored":1}}'::jsonb,
        ${new Date(startMs)}::timestamptz + day * interval '1 day' + job * interval '1 minute',
        ${new Date(startMs)}::timestamptz + day * interval '1 day' + job * interval '1 minute' + interval '40 seconds'
      from generate_series(0, ${jobs - 1}::int) as job, generate_series(0, ${runsPerJob - 1}::int) as day`.execute(
      db,
    );
    await sql`
      insert into run_vm (run_id, vm_key, name, state, facts)
      select 'run-' || job || '-' || day, vm.key, vm.name, 'success',
        jsonb_build_object('source', 'secondary', 'kind', 'incremental', 'bytes',
          jsonb_build_object('provisioned', 42949672960, 'changed', 1073741824, 'read', 1073741824, 'stored', 419430400))
      from (select *, row_number() over (order by name) - 1 as at from vm) as vm
      cross join lateral (select (vm.at / ${vmsOfJob}::int) as job) as of_job
      cross join generate_series(0, ${runsPerJob - 1}::int) as day
      where job < ${jobs}::int`.execute(db);
    await sql`
      insert into point (id, vm_key, vm_name, vcenter_name, job_id, run_id, repository_id, created_at, source, facts)
      select encode(sha256((vm.key || day)::bytea), 'hex'), vm.key, vm.name, vm.vcenter_id, 'job-' || job,
        'run-' || job || '-' || day, 'r-1',
        ${new Date(startMs)}::timestamptz + day * interval '1 day' + job * interval '1 minute', 'secondary',
        jsonb_build_object('vmPath', vm.path, 'kind', 'incremental',
          'frozenAt', '2026-01-01T22:00:00.000Z',
          'bytes', jsonb_build_object('provisioned', 42949672960, 'changed', 1073741824, 'read', 1073741824, 'stored', 419430400),
          'disks', jsonb_build_array(
            jsonb_build_object('key', 2000, 'label', 'Hard disk 1', 'node', 'scsi0:0', 'name', 'disk-2000', 'fileName', '[nfs] a/a.vmdk', 'sizeBytes', 21474836480, 'changeId', '52 de c0/7'),
            jsonb_build_object('key', 2001, 'label', 'Hard disk 2', 'node', 'scsi0:1', 'name', 'disk-2001', 'fileName', '[nfs] a/a_1.vmdk', 'sizeBytes', 21474836480, 'changeId', '52 de c0/7')))
      from (select *, row_number() over (order by name) - 1 as at from vm) as vm
      cross join lateral (select (vm.at / ${vmsOfJob}::int) as job) as of_job
      cross join generate_series(${runsPerJob - pointsPerVm}::int, ${runsPerJob - 1}::int) as day
      where job < ${jobs}::int`.execute(db);
    await sql`
      insert into audit (at, caller_kind, caller, address, operation, kind, object, fields, outcome)
      select ${new Date(startMs)}::timestamptz + at * interval '1 minute', 'user', 'user-' || at % 20, '10.0.0.' || at % 200,
        'POST /jobs/:id/run', 'job', 'job ' || at % 100, '[]', 'done' from generate_series(1, 50000) as at`.execute(
      db,
    );
    await sql`analyze`.execute(db);
  } finally {
    await db.destroy();
    await database.stop();
  }
}

async function systems(store: Store, vms: number): Promise<void> {
  const cache = new InventoryCache(store);
  const at = new Date(startMs).toISOString();
  for (const [index, id] of vcenters.entries()) {
    await addSystem(store, 'vcenter', id);
    const own = Array.from({ length: Math.floor(vms / vcenters.length) }, (_, vm) => vmOf(id, index, vm));
    const datastores = Array.from({ length: datastoresOfEach }, (_, number) => datastoreOf(index, number));
    await cache.saveVcenter(id, { vms: own, datastores }, at);
  }
  for (const side of ['prod', 'dr'] as const) {
    await addSystem(store, 'array', side);
    await cache.saveArray(side, arrayOf(side), at);
  }
}

async function addSystem(store: Store, kind: 'vcenter' | 'array', id: string): Promise<void> {
  await store.systems.add({
    ...{ id, kind, name: id, secretId: id },
    settings: {
      ...{
        host: id,
        port: 443,
        username: 'leeward',
        trust: { kind: 'fingerprint', sha256: 'ab'.repeat(32) },
      },
      ...(kind === 'array' ? { family: 'ontap' } : {}),
    },
  });
}

function jobOf(job: number, { vms, jobs }: FillOrder): Job {
  const each = Math.floor(vms / jobs);
  // By name, as the rows of `fill` are numbered.
  const names = Array.from({ length: each }, (_, at) => nameOf(job * each + at));
  return {
    ...jobDefaults,
    id: `job-${job}`,
    name: `job ${String(job).padStart(3, '0')}`,
    vms: names,
    repositoryId: 'r-1',
  };
}

const nameOf = (number: number) => `vm-${String(number).padStart(5, '0')}`;

function vmOf(vcenterId: string, vcenter: number, vm: number): VirtualMachine {
  // Vms of both vCenters alternate by name.
  const name = nameOf(vm * vcenters.length + vcenter);
  const datastoreMoId = `datastore-${vm % datastoresOfEach}`;
  const disk = (key: number) => ({
    ...{ key, label: `Hard disk ${key - 1999}`, node: `scsi0:${key - 2000}`, sizeBytes: 20 * 2 ** 30 },
    ...({ backing: 'flat', independent: false, shared: false, datastoreMoId, parents: [] } as const),
    fileName: `[nfs-${vcenter}-${vm % datastoresOfEach}] ${name}/${name}_${key}.vmdk`,
  });
  return {
    ...{ id: { vcenterId, moId: `vm-${vm}` }, instanceUuid: `50${String(vm).padStart(30, '0')}`, name },
    ...{ path: `/DC/vm/tenant-${vm % 40}/${name}`, poweredOn: true, connected: true, isTemplate: false },
    ...({
      encrypted: false,
      tools: 'running',
      cbtEnabled: true,
      cbtSupported: true,
      hasVmwareSnapshots: false,
    } as const),
    ...{ host: { moId: `host-${vm % 32}`, name: `esx-${vm % 32}` }, vmxPath: `[nfs] ${name}/${name}.vmx` },
    disks: [disk(2000), disk(2001)],
  };
}

function datastoreOf(vcenter: number, number: number): Datastore {
  const name = `nfs-${vcenter}-${number}`;
  return {
    ...{ moId: `datastore-${number}`, name, kind: 'nfs3', accessible: true, datacenterPath: '/DC' },
    nfs: { hosts: ['10.1.0.1'], addresses: ['10.1.0.1'], path: `/${name}` },
  };
}

function arrayOf(side: 'prod' | 'dr'): ArrayInventory {
  const isPrimary = side === 'prod';
  const numbers = vcenters.flatMap((_, vcenter) =>
    Array.from({ length: datastoresOfEach }, (__, number) => `nfs-${vcenter}-${number}`),
  );
  const volumeId = (array: string, name: string) => ({ arraySerial: array, objectId: `${array}-${name}` });
  const end = (array: string, name: string) => ({
    ...{ volume: volumeId(array, name), arrayName: array, arraySerial: array },
    ...{ tenant: 'svm', tenantId: 'svm', volumeName: name },
  });
  return {
    identity: {
      ...{ serial: side, name: side, family: 'ontap', brand: 'x', model: 'x', version: '9.15.1' },
      ...{ nodes: [], licences: [] },
    },
    volumes: numbers.map((name) => ({
      ...{ id: volumeId(side, name), name, tenant: 'svm', tenantId: 'svm', sizeBytes: 2 ** 42 },
      ...{ online: true, isClone: false, nfsPath: `/${name}`, exportPolicy: 'default' },
      access: isPrimary ? 'read-write' : 'read-only-replica',
    })),
    dataPorts: [
      {
        ...{ id: 'p1', name: 'lif1', tenantId: 'svm', address: isPrimary ? '10.1.0.1' : '10.2.0.1' },
        ...({ protocols: ['nfs'], up: true } as const),
      },
    ],
    relations: isPrimary
      ? []
      : numbers.map((name, at) => ({
          ...({ id: volumeId(side, `relation-${name}`), kind: 'transfer', policy: 'mirror-vault' } as const),
          ...({ policyName: 'Asynchronous', usable: true, reportedBy: 'secondary', retention: [] } as const),
          ...{ source: end('prod', name), destination: end('dr', name) },
          health: { healthy: at % 10 !== 0, state: 'active', reasons: [], lagMs: at * 60_000 } as const,
        })),
    notes: [],
  };
}
