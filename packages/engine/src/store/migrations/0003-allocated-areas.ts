import { type Kysely, sql } from 'kysely';

/** Beside what changed, a disk has a list of what is allocated at all. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `alter table change_list add column kind text not null default 'changed' check (kind in ('changed', 'allocated'))`,
    'alter table change_list drop constraint change_list_pkey',
    'alter table change_list add primary key (run_id, vm_key, disk_key, kind)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
