import type { Clock } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import { isOnline } from '../proxy/liveness.ts';
import type { StoreSchema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { JobLabels } from './job-labels.ts';
import type { MetricSet } from './metric-set.ts';

export interface StateDeps {
  readonly store: Store;
  readonly db: Kysely<StoreSchema>;
  readonly clock: Clock;
}

/** What a user has made is in the journal in no time; then nobody works with it any more. */
const handMadeMs = 15 * 60_000;

/** How things are now, as the database knows it; nothing is asked of vCenters, arrays and repositories. */
export async function readState(deps: StateDeps, { gauges }: MetricSet, jobs: JobLabels): Promise<void> {
  const found = await Promise.all([
    activeRuns(deps),
    systems(deps),
    relations(deps),
    storageSnapshots(deps),
    vmwareSnapshots(deps),
    leftObjects(deps),
    points(deps),
    deps.store.proxies.list(),
  ]);
  const [active, known, related, snapshots, vmware, left, counted, proxies] = found;
  // Nothing is taken out before everything is known: a scrape tells all or fails.
  for (const name of stateGauges) gauges[name].reset();
  for (const { job_id, kind, state, runs } of active)
    gauges.activeRuns.set({ job: jobs.of(job_id), kind, state }, runs);
  for (const { kind, name: system, up, inventory_at } of known) {
    gauges.systemUp.set({ kind, system }, up ? 1 : 0);
    if (inventory_at) gauges.inventoryAt.set({ kind, system }, inventory_at.getTime() / 1_000);
  }
  for (const { array, kind, healthy, unhealthy, lag } of related) {
    gauges.relations.set({ array, kind, health: 'healthy' }, healthy);
    gauges.relations.set({ array, kind, health: 'unhealthy' }, unhealthy);
    if (lag !== null) gauges.relationLag.set({ array, kind }, lag / 1_000);
  }
  for (const { array, kept, used } of snapshots) {
    gauges.storageSnapshots.set({ array, state: 'kept' }, kept);
    gauges.storageSnapshots.set({ array, state: 'in-use' }, used);
  }
  gauges.vmwareSnapshots.set(vmware.count);
  const { oldest } = vmware;
  gauges.oldestVmwareSnapshot.set(oldest ? Math.max(0, deps.clock.now() - oldest.getTime()) / 1_000 : 0);
  for (const { kind, objects } of left) gauges.leftObjects.set({ kind }, objects);
  for (const { repository, points: count } of counted) gauges.points.set({ repository }, count);
  for (const proxy of proxies)
    gauges.proxyUp.set({ proxy: proxy.name }, isOnline(proxy, deps.clock.now()) ? 1 : 0);
}

const stateGauges = [
  'activeRuns',
  'systemUp',
  'inventoryAt',
  'relations',
  'relationLag',
  'storageSnapshots',
  'leftObjects',
  'points',
  'proxyUp',
] as const;

async function activeRuns({ db }: StateDeps) {
  const { rows } = await sql<{ job_id: string; kind: string; state: string; runs: number }>`
    select job_id, kind, state, count(*)::int as runs from run where ended_at is null
    group by job_id, kind, state`.execute(db);
  return rows;
}

async function systems({ db }: StateDeps) {
  const { rows } = await sql<{ kind: string; name: string; up: boolean; inventory_at: Date | null }>`
    select kind, name, problem is null as up, inventory_at from system`.execute(db);
  return rows;
}

/** Both sides may tell of a relation; the secondary knows its state. */
async function relations({ db }: StateDeps) {
  const { rows } = await sql<{
    array: string;
    kind: string;
    healthy: number;
    unhealthy: number;
    lag: number | null;
  }>`
    select system.name as array, relation->>'kind' as kind,
      count(*) filter (where (relation#>>'{health,healthy}')::boolean)::int as healthy,
      count(*) filter (where not (relation#>>'{health,healthy}')::boolean)::int as unhealthy,
      max((relation#>>'{health,lagMs}')::float8) as lag
    from system
    cross join lateral jsonb_array_elements(
      case jsonb_typeof(inventory#>'{content,relations}')
        when 'array' then inventory#>'{content,relations}' else '[]'::jsonb end) as relation
    where system.kind = 'array' and relation->>'reportedBy' = 'secondary'
    group by system.name, relation->>'kind'`.execute(db);
  return rows;
}

async function storageSnapshots({ db }: StateDeps) {
  const { rows } = await sql<{ array: string; kept: number; used: number }>`
    select system.name as array, count(*) filter (where state = 'kept')::int as kept,
      count(*) filter (where state in ('intended', 'present'))::int as used
    from ledger join system on system.id = ledger.system_id
    where ledger.kind = 'storage-snapshot' and state <> 'released' group by system.name`.execute(db);
  return rows;
}

async function vmwareSnapshots({ db }: StateDeps) {
  const { rows } = await sql<{ count: number; oldest: Date | null }>`
    select count(*)::int as count, min(created_at) as oldest from ledger
    where kind = 'vmware-snapshot' and state in ('intended', 'present')`.execute(db);
  return rows[0] ?? { count: 0, oldest: null };
}

async function leftObjects({ db, clock }: StateDeps) {
  const { rows } = await sql<{ kind: string; objects: number }>`
    select ledger.kind, count(*)::int as objects from ledger left join run on run.id = ledger.run_id
    where ledger.state in ('intended', 'present')
      and (run.ended_at is not null
        or (run.id is null and ledger.created_at < ${new Date(clock.now() - handMadeMs)}))
    group by ledger.kind`.execute(db);
  return rows;
}

async function points({ db }: StateDeps) {
  const { rows } = await sql<{ repository: string; points: number }>`
    select repository.name as repository, count(point.id)::int as points
    from repository left join point on point.repository_id = repository.id
    group by repository.name`.execute(db);
  return rows;
}
