import { sql } from 'kysely';
import type { JobLabels } from './job-labels.ts';
import type { MetricSet } from './metric-set.ts';
import type { StateDeps } from './state-figures.ts';

const jobGauges = ['lastSuccess', 'lastEnd', 'jobVms', 'provisionedBytes'] as const;

/**
 * Of each job: when it last succeeded, and how many VMs of its last run have a state that is younger than `lateAfterMs`:
 * a point, or with a snapshot-only job the storage snapshots of that run. A run that made up for failed VMs knows only
 * of these: the VMs are those of the run before, and what they got since counts.
 */
export async function readJobs(
  { db, clock }: StateDeps,
  { gauges }: MetricSet,
  jobs: JobLabels,
  lateAfterMs: number,
): Promise<void> {
  const inTimeSince = new Date(clock.now() - lateAfterMs);
  const [ends, vms] = await Promise.all([
    sql<{ job_id: string; succeeded: Date | null; ended: Date }>`
      select job_id, max(ended_at) filter (where state = 'success') as succeeded, max(ended_at) as ended
      from run where kind = 'backup' and ended_at is not null group by job_id`.execute(db),
    sql<{ job_id: string; in_time: number; late: number; provisioned: number }>`
      with last as (
        select distinct on (job_id) id, job_id, started_at from run
        where kind = 'backup' and ended_at is not null and scope is null
        order by job_id, started_at desc)
      select job_id, count(*) filter (where newest >= ${inTimeSince})::int as in_time,
        count(*) filter (where newest is null or newest < ${inTimeSince})::int as late,
        coalesce(sum(provisioned), 0) as provisioned
      from (
        select last.job_id, (run_vm.facts#>>'{bytes,provisioned}')::float8 as provisioned,
          greatest(
            (select max(point.created_at) from point
              where point.vm_key = run_vm.vm_key and point.job_id = last.job_id),
            (select max((kept.facts->>'frozenAt')::timestamptz)
              from run_vm as kept join run on run.id = kept.run_id
              where kept.vm_key = run_vm.vm_key and kept.facts ? 'frozenAt' and kept.state = 'success'
                and run.job_id = last.job_id and run.started_at >= last.started_at)) as newest
        from last join run_vm on run_vm.run_id = last.id) as vm
      group by job_id`.execute(db),
  ]);
  for (const name of jobGauges) gauges[name].reset();
  for (const { job_id, succeeded, ended } of ends.rows) {
    const job = jobs.of(job_id);
    if (succeeded) gauges.lastSuccess.set({ job }, succeeded.getTime() / 1_000);
    gauges.lastEnd.set({ job }, ended.getTime() / 1_000);
  }
  for (const { job_id, in_time, late, provisioned } of vms.rows) {
    const job = jobs.of(job_id);
    gauges.jobVms.inc({ job, state: 'in-time' }, in_time);
    gauges.jobVms.inc({ job, state: 'late' }, late);
    gauges.provisionedBytes.inc({ job }, provisioned);
  }
}
