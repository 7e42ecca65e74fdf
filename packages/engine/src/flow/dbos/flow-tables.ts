import { type Generated, type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tables of the flow engine, beside those of DBOS. */
export interface FlowTables {
  'flow.cancel_request': { flow_id: string; requested_at: Generated<Date> };
  'flow.progress': { flow_id: string; value: unknown; updated_at: Generated<Date> };
  'flow.executor': {
    executor_id: string;
    /** Counts up while the process lives; only whether it moves means anything. */
    beat: number;
    application_version: string;
    seen_at: Generated<Date>;
  };
  /** The columns that we read of the table of DBOS. */
  'dbos.workflow_status': {
    workflow_uuid: string;
    status: string;
    owner_xid: string | null;
    executor_id: string | null;
    application_name: string | null;
    application_version: string | null;
    recovery_attempts: number;
    queue_name: string | null;
    completed_at: number | null;
    updated_at: number;
  };
}

export const flowSchema = 'flow';

export const flowMigrations: Readonly<Record<string, Migration>> = {
  '2026-11-01-flows': {
    async up(db: Kysely<unknown>) {
      const now = sql`now()`;
      await db.schema
        .createTable('flow.cancel_request')
        .addColumn('flow_id', 'text', (column) => column.primaryKey())
        .addColumn('requested_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
        .execute();
      await db.schema
        .createTable('flow.progress')
        .addColumn('flow_id', 'text', (column) => column.primaryKey())
        .addColumn('value', 'jsonb')
        .addColumn('updated_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
        .execute();
      await db.schema
        .createTable('flow.executor')
        .addColumn('executor_id', 'text', (column) => column.primaryKey())
        .addColumn('beat', 'bigint', (column) => column.notNull())
        .addColumn('application_version', 'text', (column) => column.notNull())
        .addColumn('seen_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
        .execute();
    },
  },
};
