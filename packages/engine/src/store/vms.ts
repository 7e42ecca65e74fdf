import { type Datastore, type Source, type VirtualMachine, vmKey } from '@leeward/core';
import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type { StoreSchema } from './schema.ts';

/** A VM as last read, without what only planning needs. */
export interface KnownVm {
  readonly key: string;
  readonly vcenterId: string;
  readonly moId: string;
  readonly name: string;
  /** Inventory path. */
  readonly path: string;
  readonly poweredOn: boolean;
  readonly isTemplate: boolean;
  readonly encrypted: boolean;
  readonly provisionedBytes: number;
  readonly disks: number;
  /** Managed object ids of the datastores that its disks lie on, and their names. */
  readonly datastoreMoIds: readonly string[];
  readonly datastores: readonly string[];
}

/** Its newest point, and when storage snapshots alone held it last. */
export interface VmCopies {
  readonly lastPoint?: {
    readonly id: string;
    readonly runId: string;
    readonly createdAt: string;
    readonly source: Source;
  };
  readonly lastKeptAt?: string;
}

export const protectionStates = ['in-time', 'late', 'never'] as const;

/** `late`: its newest copy is older than asked for; `never`: it has none. */
export type ProtectionState = (typeof protectionStates)[number];

export interface VmFilter {
  /** Exactly its name, inventory path, key or managed object id; several: of one of them. */
  readonly vm?: string | readonly string[] | undefined;
  /** Part of name or path, whatever the case. */
  readonly find?: string | undefined;
  /** `find` is also fulfilled by a disk on one of these datastores. */
  readonly findOn?: readonly DatastoreKey[] | undefined;
  readonly vcenterId?: string | undefined;
  /** Only VMs that one of these names, paths, managed object ids or keys means: those of a job. */
  readonly members?: readonly string[] | undefined;
  /** Name of a datastore. */
  readonly datastore?: string | undefined;
  /** Only with a disk on one of these datastores. */
  readonly onDatastores?: readonly DatastoreKey[] | undefined;
  readonly protection?: ProtectionState | undefined;
  /** Default: true. */
  readonly templates?: boolean | undefined;
  /** Only copies that these jobs made count; absent: all. */
  readonly copiesOfJobs?: readonly string[] | undefined;
}

export interface DatastoreKey {
  readonly vcenterId: string;
  readonly moId: string;
}

export interface VmPlace {
  readonly name: string;
  readonly key: string;
}

export type VmRowInput = Omit<Selectable<StoreSchema['vm']>, 'vcenter_id'>;

/** VMs of all vCenters, a row each, written with every inventory that is saved. */
export class VmStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** By name, from after `after` on; at most `limit`. Copies are in time when they are not older than `sinceMs`. */
  async page(
    filter: VmFilter,
    sinceMs: number,
    limit: number,
    after?: VmPlace,
  ): Promise<readonly (KnownVm & VmCopies)[]> {
    const conditions = [
      ...conditionsOf(filter, sinceMs),
      ...(after ? [sql`(vm.name, vm.key) > (${after.name}, ${after.key})`] : []),
    ];
    const { rows } = await sql<CopiesRow>`
      select vm.*, last.id as point_id, last.run_id, last.created_at, last.source, kept.at as kept_at
      from vm ${copies(filter.copiesOfJobs)} where ${all(conditions)} order by vm.name, vm.key limit ${limit}`.execute(
      this.#db,
    );
    return rows.map((row) => ({
      ...vmOf(row),
      ...(row.point_id !== null && row.run_id !== null && row.created_at && row.source
        ? {
            lastPoint: {
              id: row.point_id,
              runId: row.run_id,
              createdAt: row.created_at.toISOString(),
              source: row.source,
            },
          }
        : {}),
      ...(row.kept_at ? { lastKeptAt: row.kept_at.toISOString() } : {}),
    }));
  }

  /** The same without the copies. */
  async bare(filter: VmFilter, limit: number, after?: VmPlace): Promise<readonly KnownVm[]> {
    const conditions = [
      ...conditionsOf({ ...filter, protection: undefined }, 0),
      ...(after ? [sql`(vm.name, vm.key) > (${after.name}, ${after.key})`] : []),
    ];
    const { rows } = await sql<Selectable<StoreSchema['vm']>>`
      select vm.* from vm where ${all(conditions)} order by vm.name, vm.key limit ${limit}`.execute(this.#db);
    return rows.map(vmOf);
  }

  /** How many VMs there are of each state; templates are none of them. */
  async counts(
    sinceMs: number,
    { members, copiesOfJobs }: Pick<VmFilter, 'members' | 'copiesOfJobs'> = {},
  ): Promise<Readonly<Record<ProtectionState, number>>> {
    const conditions = conditionsOf({ members, templates: false }, sinceMs);
    const { rows } = await sql<{ in_time: number; late: number; never: number }>`
      select count(*) filter (where newest >= ${new Date(sinceMs)}) as in_time,
        count(*) filter (where newest < ${new Date(sinceMs)}) as late,
        count(*) filter (where newest is null) as never
      from (select ${newestCopy} as newest from vm ${copies(copiesOfJobs)} where ${all(conditions)}) as each`.execute(
      this.#db,
    );
    const [counted] = rows;
    return { 'in-time': counted?.in_time ?? 0, late: counted?.late ?? 0, never: counted?.never ?? 0 };
  }

  /** How many VMs lie on each set of datastores. */
  async byDatastores(
    filter: Pick<VmFilter, 'members'> = {},
  ): Promise<
    readonly { readonly vcenterId: string; readonly moIds: readonly string[]; readonly vms: number }[]
  > {
    const { rows } = await sql<{ vcenter_id: string; datastores: string[]; vms: number }>`
      select vcenter_id, datastores, count(*) as vms from vm where ${all(conditionsOf(filter, 0))}
      group by vcenter_id, datastores`.execute(this.#db);
    return rows.map(({ vcenter_id, datastores, vms }) => ({ vcenterId: vcenter_id, moIds: datastores, vms }));
  }

  /** Jobs that one of these names, paths or ids stands in. */
  async jobsWith(
    members: readonly string[],
  ): Promise<readonly { readonly id: string; readonly name: string; readonly member: string }[]> {
    const { rows } = await sql<{ id: string; name: string; member: string }>`
      select job.id, job.name, member from job, jsonb_array_elements_text(job.spec -> 'vms') as member
      where member = any(${[...members]}::text[]) order by job.name`.execute(this.#db);
    return rows;
  }
}

/** The rows of an inventory, as `vm` keeps them. */
export function vmRows(
  vms: readonly VirtualMachine[],
  datastores: readonly Datastore[],
): readonly VmRowInput[] {
  const names = new Map(datastores.map(({ moId, name }) => [moId, name]));
  return vms.map((vm) => {
    const moIds = [...new Set(vm.disks.map(({ datastoreMoId }) => datastoreMoId))].toSorted();
    return {
      key: vmKey(vm.id),
      mo_id: vm.id.moId,
      name: vm.name,
      path: vm.path,
      powered_on: vm.poweredOn,
      is_template: vm.isTemplate,
      encrypted: vm.encrypted,
      provisioned_bytes: vm.disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      disks: vm.disks.length,
      datastores: moIds,
      datastore_names: moIds.flatMap((moId) => names.get(moId) ?? []).toSorted(),
    };
  });
}

/** Makes the rows of a vCenter those of an inventory; rows that are as they were are not written. */
export async function replaceVms(
  db: Kysely<StoreSchema>,
  vcenterId: string,
  rows: readonly VmRowInput[],
): Promise<void> {
  await sql`delete from vm where vcenter_id = ${vcenterId}
    and not (key = any(${rows.map(({ key }) => key)}::text[]))`.execute(db);
  await sql`
    insert into vm (key, vcenter_id, mo_id, name, path, powered_on, is_template, encrypted, provisioned_bytes,
      disks, datastores, datastore_names)
    select key, ${vcenterId}, mo_id, name, path, powered_on, is_template, encrypted, provisioned_bytes, disks,
      datastores, datastore_names
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as seen (key text, mo_id text, name text, path text,
      powered_on boolean, is_template boolean, encrypted boolean, provisioned_bytes bigint, disks integer,
      datastores text[], datastore_names text[])
    on conflict (key) do update set (vcenter_id, mo_id, name, path, powered_on, is_template, encrypted,
      provisioned_bytes, disks, datastores, datastore_names) = row (excluded.vcenter_id, excluded.mo_id,
      excluded.name, excluded.path, excluded.powered_on, excluded.is_template, excluded.encrypted,
      excluded.provisioned_bytes, excluded.disks, excluded.datastores, excluded.datastore_names)
    where vm is distinct from excluded`.execute(db);
}

interface CopiesRow extends Selectable<StoreSchema['vm']> {
  readonly point_id: string | null;
  readonly run_id: string | null;
  readonly created_at: Date | null;
  readonly source: Source | null;
  readonly kept_at: Date | null;
}

function copies(jobs?: readonly string[]): RawBuilder<unknown> {
  const list = sql`${[...(jobs ?? [])]}::text[]`;
  const ofPoint = jobs ? sql`and job_id = any(${list})` : sql``;
  const ofRun = jobs ? sql`and run_id in (select id from run where job_id = any(${list}))` : sql``;
  return sql`
  left join lateral (
    select id, run_id, created_at, source from point where vm_key = vm.key ${ofPoint}
    order by created_at desc, id desc limit 1
  ) as last on true
  left join lateral (
    select max((facts ->> 'frozenAt')::timestamptz) as at from run_vm
    where vm_key = vm.key and facts ? 'frozenAt' and state = 'success' ${ofRun}
  ) as kept on true`;
}

const newestCopy = sql`greatest(last.created_at, kept.at)`;

function conditionsOf(filter: VmFilter, sinceMs: number): readonly RawBuilder<unknown>[] {
  const {
    vm,
    find,
    findOn = [],
    vcenterId,
    members,
    datastore,
    onDatastores,
    protection,
    templates = true,
    copiesOfJobs,
  } = filter;
  const anyOf = (names: readonly string[]) => {
    const list = sql`${[...names]}::text[]`;
    return sql`(vm.name = any(${list}) or vm.path = any(${list}) or vm.mo_id = any(${list}) or vm.key = any(${list}))`;
  };
  const since = new Date(sinceMs);
  const ofState = {
    'in-time': sql`${newestCopy} >= ${since}`,
    late: sql`${newestCopy} < ${since}`,
    // The same as no newest copy, and found without looking for the newest of each VM.
    never: copiesOfJobs
      ? sql`${newestCopy} is null`
      : sql`((select true from point where vm_key = vm.key limit 1) is null and (select true from run_vm
        where vm_key = vm.key and facts ? 'frozenAt' and state = 'success' limit 1) is null)`,
  };
  return [
    ...(vm === undefined ? [] : [anyOf([vm].flat())]),
    ...(find === undefined
      ? []
      : [sql`(position(lower(${find}) in lower(vm.name || chr(10) || vm.path)) > 0 or ${onAny(findOn)})`]),
    ...(vcenterId === undefined ? [] : [sql`vm.vcenter_id = ${vcenterId}`]),
    ...(members === undefined ? [] : [anyOf(members)]),
    ...(datastore === undefined ? [] : [sql`vm.datastore_names @> array[${datastore}]::text[]`]),
    ...(onDatastores === undefined ? [] : [onAny(onDatastores)]),
    ...(protection === undefined ? [] : [ofState[protection]]),
    ...(templates ? [] : [sql`not vm.is_template`]),
  ];
}

function onAny(datastores: readonly DatastoreKey[]): RawBuilder<unknown> {
  const byVcenter = Map.groupBy(datastores, ({ vcenterId }) => vcenterId);
  const parts = [...byVcenter].map(
    ([vcenterId, list]) =>
      sql`(vm.vcenter_id = ${vcenterId} and vm.datastores && ${list.map(({ moId }) => moId)}::text[])`,
  );
  return parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` or `)})`;
}

function all(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

function vmOf(row: Selectable<StoreSchema['vm']>): KnownVm {
  return {
    key: row.key,
    vcenterId: row.vcenter_id,
    moId: row.mo_id,
    name: row.name,
    path: row.path,
    poweredOn: row.powered_on,
    isTemplate: row.is_template,
    encrypted: row.encrypted,
    provisionedBytes: row.provisioned_bytes,
    disks: row.disks,
    datastoreMoIds: row.datastores,
    datastores: row.datastore_names,
  };
}
