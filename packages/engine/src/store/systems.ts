import { type ErrorReport, LeewardError } from '@leeward/core';
import { trustSchema } from '@leeward/platform';
import { type Kysely, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';
import { replaceVms, type VmRowInput } from './vms.ts';

export type SystemKind = 'vcenter' | 'array';

export const systemSettingsSchema = z.object({
  /** Driver family of an array; absent for a vCenter. */
  family: z.string().optional(),
  host: z.string(),
  port: z.number().int(),
  username: z.string(),
  trust: trustSchema,
  /** Ports per data address where they are not the protocol's own. */
  nfsPorts: z
    .record(z.string(), z.object({ nfsPort: z.number().int(), mountPort: z.number().int() }))
    .optional(),
  /** The same for iSCSI portals. */
  iscsiPorts: z.record(z.string(), z.number().int()).optional(),
  /** What proxies log in with over iSCSI, where the array asks for it. */
  chap: z
    .object({
      ...{ username: z.string(), secretId: z.string() },
      /** What the array proves itself with in turn. */
      mutual: z.object({ username: z.string(), secretId: z.string() }).optional(),
    })
    .optional(),
});

export type SystemSettings = z.infer<typeof systemSettingsSchema>;

export interface System {
  readonly id: string;
  readonly kind: SystemKind;
  readonly name: string;
  readonly settings: SystemSettings;
  readonly secretId: string;
  readonly inventoryAt?: string;
  readonly problem?: ErrorReport;
}

/** Registered vCenters and arrays, each with its inventory as last read. */
export class SystemStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  async add(system: Omit<System, 'inventoryAt' | 'problem'>): Promise<void> {
    const { id, kind, name, settings, secretId } = system;
    await this.#db
      .insertInto('system')
      .values({ id, kind, name, settings: JSON.stringify(settings), secret_id: secretId })
      .execute();
  }

  async list(kind: SystemKind): Promise<readonly System[]> {
    const rows = await this.#db
      .selectFrom('system')
      .select(bare)
      .where('kind', '=', kind)
      .orderBy('name')
      .execute();
    return rows.map(toSystem);
  }

  async get(id: string): Promise<System> {
    const row = await this.#db.selectFrom('system').select(bare).where('id', '=', id).executeTakeFirst();
    if (!row) throw new LeewardError('L-CFG-102', { kind: 'system', name: id });
    return toSystem(row);
  }

  /** The JSON last saved, or `undefined` when the system was never read. */
  async inventory(id: string): Promise<unknown> {
    const row = await this.#db
      .selectFrom('system')
      .select('inventory')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.inventory ?? undefined;
  }

  /** `vms`: of a vCenter, its VMs as rows. */
  async saveInventory(
    id: string,
    inventory: unknown,
    at: string,
    vms?: readonly VmRowInput[],
  ): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      const { numUpdatedRows: found } = await db
        .updateTable('system')
        .set({ inventory: JSON.stringify(inventory), inventory_at: at, problem: null })
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      // One that was removed meanwhile has no VMs either.
      if (vms && found > 0n) await replaceVms(db, id, vms);
    });
  }

  /** What was read last, without the VMs, and a text for each system that differs as soon as that does. */
  async versions(): Promise<
    readonly { readonly id: string; readonly kind: SystemKind; readonly version: string }[]
  > {
    const { rows } = await sql<{ id: string; kind: SystemKind; version: string }>`
      select id, kind, concat_ws(' ', name, xmin, inventory_at) as version from system order by id`.execute(
      this.#db,
    );
    return rows;
  }

  /** One part of the content of the JSON last saved; undefined where there is none. */
  async inventoryPart(id: string, part: string): Promise<unknown> {
    const { rows } = await sql<{ part: unknown }>`
      select inventory #> ${['content', part]}::text[] as part from system where id = ${id}`.execute(
      this.#db,
    );
    return rows[0]?.part ?? undefined;
  }

  async saveProblem(id: string, problem: ErrorReport): Promise<void> {
    await this.#db
      .updateTable('system')
      .set({ problem: JSON.stringify(problem) })
      .where('id', '=', id)
      .execute();
  }
}

/** All but the inventory, which may be of tens of thousands of VMs. */
const bare = ['id', 'kind', 'name', 'settings', 'secret_id', 'inventory_at', 'problem'] as const;

function toSystem(row: Omit<Selectable<StoreSchema['system']>, 'inventory'>): System {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    settings: parseColumn(systemSettingsSchema, row.settings, 'settings of a system'),
    secretId: row.secret_id,
    ...(row.inventory_at ? { inventoryAt: row.inventory_at.toISOString() } : {}),
    ...(row.problem ? { problem: row.problem as ErrorReport } : {}),
  };
}
