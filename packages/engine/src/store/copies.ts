import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { StoreSchema } from './schema.ts';

/** Copies of one VM at one place: a repository, or an array with storage snapshots of chains. */
export interface CopiesAt {
  readonly vmKey: string;
  /** Id of the repository or array. */
  readonly placeId: string;
  readonly count: number;
  readonly newestAt: string;
}

interface Row {
  readonly vm_key: string;
  readonly place_id: string;
  readonly count: number;
  readonly newest_at: Date;
}

/** Which VM has how many copies where; with `jobIds`: of those that these jobs made. */
export class CopyStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  async points(jobIds?: readonly string[]): Promise<readonly CopiesAt[]> {
    const { rows } = await sql<Row>`select vm_key, repository_id as place_id, count(*)::int as count,
      max(created_at) as newest_at from point where ${ofJobs(jobIds)} group by vm_key, repository_id`.execute(
      this.#db,
    );
    return rows.map(toCopies);
  }

  async storageSnapshots(jobIds?: readonly string[]): Promise<readonly CopiesAt[]> {
    const { rows } =
      await sql<Row>`select vm->>'vmKey' as vm_key, system_id as place_id, count(*)::int as count,
      max((vm->>'frozenAt')::timestamptz) as newest_at
      from ledger, jsonb_array_elements(case jsonb_typeof(detail->'vms') when 'array' then detail->'vms'
        else '[]'::jsonb end) as vm
      where state = 'kept' and kind = 'storage-snapshot' and ${ofJobs(jobIds)} group by 1, 2`.execute(
        this.#db,
      );
    return rows.map(toCopies);
  }

  /** Storage snapshots that are kept, by job and array. */
  async chains(
    jobIds?: readonly string[],
  ): Promise<readonly { readonly jobId: string; readonly arrayId: string; readonly count: number }[]> {
    const rows = await this.#db
      .selectFrom('ledger')
      .select(['job_id', 'system_id'])
      .select(sql<number>`count(*)::int`.as('count'))
      .where('state', '=', 'kept')
      .where('kind', '=', 'storage-snapshot')
      .where(ofJobs(jobIds))
      .groupBy(['job_id', 'system_id'])
      .execute();
    return rows.map(({ job_id: jobId, system_id: arrayId, count }) => ({ jobId, arrayId, count }));
  }
}

function ofJobs(jobIds: readonly string[] | undefined): RawBuilder<boolean> {
  return jobIds === undefined ? sql`true` : sql`job_id = any(${[...jobIds]}::text[])`;
}

function toCopies({ vm_key: vmKey, place_id: placeId, count, newest_at: newestAt }: Row): CopiesAt {
  return { vmKey, placeId, count, newestAt: newestAt.toISOString() };
}
