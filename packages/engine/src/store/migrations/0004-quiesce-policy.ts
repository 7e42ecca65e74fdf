import { type Kysely, sql } from 'kysely';

/** Whether a job quiesces its guests was a switch, and is a policy; also in the plans that runs keep. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const policy = (value: string) =>
    `case when ${value} = 'true'::jsonb then '"fall-back"' else '"off"' end::jsonb`;
  const statements = [
    `update job set spec = jsonb_set(spec, '{quiesce}', ${policy("spec -> 'quiesce'")})
      where jsonb_typeof(spec -> 'quiesce') = 'boolean'`,
    `update run set plan = jsonb_set(plan, '{job,quiesce}', ${policy("plan #> '{job,quiesce}'")})
      where jsonb_typeof(plan #> '{job,quiesce}') = 'boolean'`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
