import { isoTime, jobDefaults, LeewardError, reportOf } from '@leeward/core';
import { ManualClock } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allMetrics } from '../metrics/definitions.ts';
import type { StoreSchema } from '../store/schema.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { MetricsService } from './metrics-service.ts';
import { ReadinessService } from './readiness-service.ts';

const hourMs = 3_600_000;
const clock = new ManualClock(Date.parse('2026-11-26T12:00:00Z'));
const at = (agoMs: number) => isoTime(clock.now() - agoMs);
let tests: StoreOfTests;
let metrics: MetricsService;

beforeAll(async () => {
  tests = await openStoreOfTests();
  const { store, db } = tests;
  metrics = new MetricsService({ store, db, clock, version: '1.2.3' });
  for (const [id, name] of [
    ['j1', 'nightly "a"\nb'],
    ['j2', 'weekly'],
  ] as const)
    await store.jobs.add({ ...jobDefaults, id, name, vms: ['x'], repositoryId: 'r1' });
});
afterAll(async () => {
  metrics.close();
  await tests.close();
});

const bytes = { provisioned: 1_000, changed: 100, read: 50, stored: 25 };
const stageTimes = { sourceMs: 4_000, proxyMs: 2_000, repositoryMs: 500 };

/** Ends a run of two VMs, of which one succeeded; its VMware snapshot lived 12 seconds. */
async function endRun(id: string, jobId: string, agoMs: number): Promise<void> {
  const { runs, runVms } = tests.store;
  await runs.add({ id, jobId, kind: 'backup', startedAt: at(agoMs + 600_000) });
  const vmwareSnapshot = { name: 's', createdAt: at(agoMs + 60_000), removedAt: at(agoMs + 48_000) };
  const facts = { source: 'secondary', bytes, stageTimes, vmwareSnapshot, frozenAt: at(agoMs) } as const;
  await runVms.put({ runId: id, vmKey: `${jobId}/a`, name: 'a', state: 'success' }, facts);
  const problem = reportOf(new LeewardError('L-RUN-102'));
  await runVms.put({ runId: id, vmKey: `${jobId}/b`, name: 'b', state: 'failed' }, {}, problem);
  await runs.end(id, 'partly', at(agoMs));
}

/** Lines of a scrape by what stands before the value. */
async function scrape(service = metrics): Promise<ReadonlyMap<string, number>> {
  const lines = (await service.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const blank = line.lastIndexOf(' ');
      return [line.slice(0, blank), Number(line.slice(blank + 1))];
    }),
  );
}

describe('metrics', () => {
  it('tell of runs what the database knows, each run once, also in a new process', async () => {
    await endRun('r1', 'j1', 30 * hourMs);
    const job = 'job="nightly \\"a\\"\\nb"';
    const first = await scrape();
    expect(first.get(`leeward_runs_total{${job},kind="backup",state="partly"}`)).toBe(1);
    expect(first.get(`leeward_job_vms{${job},state="in-time"}`)).toBe(0);
    expect(first.get(`leeward_job_vms{${job},state="late"}`)).toBe(2);
    await endRun('r2', 'j1', hourMs);
    await endRun('r3', 'gone', hourMs);
    await tests.store.runs.add({ id: 'r4', jobId: 'j2', kind: 'backup', startedAt: at(0) });
    await scrape();
    const fresh = new MetricsService({ ...tests, clock, version: '1' });
    for (const seen of [await scrape(), await scrape(fresh)]) {
      expect(seen.get(`leeward_runs_total{${job},kind="backup",state="partly"}`)).toBe(2);
      expect(seen.get('leeward_runs_total{job="(removed)",kind="backup",state="partly"}')).toBe(1);
      expect(seen.get(`leeward_run_vms_total{${job},state="success",source="secondary"}`)).toBe(2);
      expect(seen.get(`leeward_run_vms_total{${job},state="failed",source=""}`)).toBe(2);
      expect(seen.get(`leeward_read_bytes_total{${job}}`)).toBe(100);
      expect(seen.get(`leeward_stored_bytes_total{${job}}`)).toBe(50);
      expect(seen.get(`leeward_read_thread_seconds_total{${job},stage="source"}`)).toBe(8);
      expect(seen.get(`leeward_read_thread_seconds_total{${job},stage="proxy"}`)).toBe(4);
      expect(seen.get(`leeward_read_thread_seconds_total{${job},stage="repository"}`)).toBe(1);
      expect(seen.get(`leeward_run_duration_seconds_sum{${job},kind="backup"}`)).toBe(1_200);
      expect(seen.get(`leeward_run_longest_vmware_snapshot_seconds_bucket{le="10",${job}}`)).toBe(0);
      expect(seen.get(`leeward_run_longest_vmware_snapshot_seconds_bucket{le="20",${job}}`)).toBe(2);
      expect(seen.get('leeward_active_runs{job="weekly",kind="backup",state="queued"}')).toBe(1);
      expect(seen.get(`leeward_job_last_end_timestamp_seconds{${job}}`)).toBe(clock.now() / 1_000 - 3_600);
      expect(seen.get(`leeward_job_last_success_timestamp_seconds{${job}}`)).toBeUndefined();
      expect(seen.get(`leeward_job_vms{${job},state="in-time"}`)).toBe(1);
      expect(seen.get(`leeward_job_provisioned_bytes{${job}}`)).toBe(1_000);
    }
    fresh.close();
  });

  it('count all VMs of a job after a run that made up for one, with what that one got', async () => {
    const { runs, runVms } = tests.store;
    const job = 'job="weekly"';
    const vms = async () => {
      const seen = await scrape();
      return ['in-time', 'late'].map((state) => seen.get(`leeward_job_vms{${job},state="${state}"}`));
    };
    await endRun('w1', 'j2', 2 * hourMs);
    expect(await vms()).toEqual([1, 1]);
    const scope = { members: ['b'], vmKeys: ['j2/b'] };
    await runs.add({ id: 'w2', jobId: 'j2', kind: 'backup', startedAt: at(hourMs), retryOf: 'w1', scope });
    await runVms.put({ runId: 'w2', vmKey: 'j2/b', name: 'b', state: 'success' }, { frozenAt: at(hourMs) });
    await runs.end('w2', 'success', at(hourMs));
    expect(await vms()).toEqual([2, 0]);
  });

  it('tell what is on arrays and vCenters by the journal, and what is left of runs that are over', async () => {
    const { systems, ledger } = tests.store;
    const settings = { host: 'h', port: 1, username: 'u', trust: { kind: 'ca' } } as const;
    await systems.add({ id: 'a1', kind: 'array', name: 'site-b', settings, secretId: 's' });
    const relation = (healthy: boolean, lagMs: number, reportedBy: string) => ({
      ...{ kind: 'transfer', reportedBy, health: { healthy, lagMs } },
    });
    const relations = [
      relation(true, 5_000, 'secondary'),
      relation(false, 9_000, 'secondary'),
      relation(true, 1, 'primary'),
    ];
    await systems.saveInventory('a1', { form: 1, content: { relations } }, at(0));
    const entry = { runId: 'r1', jobId: 'j1', systemId: 'a1', name: 'n', detail: {} };
    await ledger.intend({ ...entry, id: 'l1', kind: 'storage-snapshot' });
    await ledger.mark('l1', 'kept');
    await ledger.intend({ ...entry, id: 'l2', kind: 'presentation' });
    await ledger.intend({ ...entry, id: 'l3', runId: 'r4', kind: 'vmware-snapshot' });
    const seen = await scrape();
    expect(seen.get('leeward_relations{array="site-b",kind="transfer",health="unhealthy"}')).toBe(1);
    expect(seen.get('leeward_relation_lag_seconds{array="site-b",kind="transfer"}')).toBe(9);
    expect(seen.get('leeward_storage_snapshots{array="site-b",state="kept"}')).toBe(1);
    expect(seen.get('leeward_orphans{kind="presentation"}')).toBe(1);
    expect(seen.get('leeward_orphans{kind="vmware-snapshot"}')).toBeUndefined();
    expect(seen.get('leeward_vmware_snapshots')).toBe(1);
    expect(seen.get('leeward_system_up{kind="array",system="site-b"}')).toBe(1);
  });

  it('have no name of a VM in them, and are those that are defined', async () => {
    metrics.answered({ method: 'GET', route: '/api/v1/jobs', status: 204, durationMs: 20 });
    const text = await metrics.text();
    expect(text).toContain(
      'leeward_http_request_duration_seconds_count{method="GET",route="/api/v1/jobs",status="2xx"} 1',
    );
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    expect(types.toSorted()).toEqual(allMetrics.map(({ name, type }) => `${name} ${type}`).toSorted());
    expect(text).not.toMatch(/vm_?key|vm_?name/);
  });
});

describe('readiness', () => {
  const parts = (problems: Record<string, string | undefined>) =>
    Object.entries(problems).map(([name, problem]) =>
      problem === undefined ? { name, ready: true } : { name, ready: false, problem },
    );

  it('needs a live flow engine and a live proxy', async () => {
    const { store, db } = tests;
    const { createKysely, migrateToLatest } = await import('../database/kysely.ts');
    const { flowMigrations, flowSchema } = await import('../flow/dbos/flow-tables.ts');
    const flows = createKysely<unknown>(tests.databaseUrl);
    await migrateToLatest(flows, flowMigrations, flowSchema);
    const readiness = new ReadinessService({ store, db, clock });
    const dead = {
      database: undefined,
      flows: 'the flow engine of the server gives no sign of life',
      proxy: 'no proxy gives a sign of life',
    };
    expect(await readiness.show()).toEqual({ ready: false, parts: parts(dead) });
    const { sql } = await import('kysely');
    await sql`insert into flow.executor (executor_id, beat, application_version)
      values (${`server-${store.installationId}`}, 1, 'v')`.execute(flows);
    await store.proxies.put({ id: 'p', name: 'local', settings: { addresses: ['127.0.0.1'], slots: 1 } });
    await store.proxies.seen('p', at(0));
    expect((await readiness.show()).ready, 'asked again within a second').toBe(false);
    await clock.advance(1_000);
    const alive = { database: undefined, flows: undefined, proxy: undefined };
    expect(await readiness.show()).toEqual({ ready: true, parts: parts(alive) });
    await flows.destroy();
  });

  it('says so where the database does not answer, and tells nothing of it', async () => {
    const { createKysely } = await import('../database/kysely.ts');
    const db = createKysely<StoreSchema>('postgres://nobody:hunter2@127.0.0.1:1/none');
    const readiness = new ReadinessService({ store: tests.store, db, clock });
    const answer = await readiness.show();
    expect(answer).toMatchObject({ ready: false, parts: [{ name: 'database', ready: false }, {}, {}] });
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|127\.0\.0\.1/);
    await db.destroy();
  });
});
