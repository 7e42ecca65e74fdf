import { type Kysely, sql } from 'kysely';

/** VMs as rows beside the inventories that they stand in, and indexes for lists that are read page by page. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `create table vm (
      key text primary key, vcenter_id text not null references system (id) on delete cascade,
      mo_id text not null, name text not null collate "C", path text not null, powered_on boolean not null,
      is_template boolean not null, encrypted boolean not null, provisioned_bytes bigint not null,
      disks integer not null, datastores text[] not null, datastore_names text[] not null)`,
    'create index vm_by_name on vm (name, key)',
    'create index vm_by_vcenter on vm (vcenter_id)',
    // What was read before this version; every later rescan brings the rows up to date.
    `insert into vm
      select system.id || '/' || (seen -> 'id' ->> 'moId'), system.id, seen -> 'id' ->> 'moId', seen ->> 'name',
        seen ->> 'path', (seen ->> 'poweredOn')::boolean, (seen ->> 'isTemplate')::boolean,
        (seen ->> 'encrypted')::boolean,
        (select coalesce(sum((disk ->> 'sizeBytes')::numeric), 0)::bigint
          from jsonb_array_elements(seen -> 'disks') as disk),
        jsonb_array_length(seen -> 'disks'),
        array(select distinct disk ->> 'datastoreMoId' from jsonb_array_elements(seen -> 'disks') as disk),
        array(select distinct known ->> 'name'
          from jsonb_array_elements(system.inventory #> '{content,datastores}') as known
          join jsonb_array_elements(seen -> 'disks') as disk on disk ->> 'datastoreMoId' = known ->> 'moId')
      from system, jsonb_array_elements(system.inventory #> '{content,vms}') as seen
      where system.kind = 'vcenter' and jsonb_typeof(system.inventory #> '{content,vms}') = 'array'
      on conflict do nothing`,
    'alter table run add column totals jsonb',
    'create index run_by_time on run (started_at desc, id desc)',
    'create index run_by_end on run (ended_at)',
    `create index run_vm_frozen on run_vm (vm_key) where facts ? 'frozenAt'`,
    'create index point_by_time on point (created_at desc, id desc)',
    'create index point_of_vm on point (vm_key, created_at desc, id desc)',
    'create index point_of_job on point (job_id, created_at desc, id desc)',
    'create index point_of_run on point (run_id)',
    'create index point_by_name on point (vm_name, created_at desc, id desc)',
    `create index point_by_path on point ((facts ->> 'vmPath'), created_at desc, id desc)`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
