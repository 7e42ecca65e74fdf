import type { ReachProof } from '@leeward/core';
import { type Kysely, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

export const proxySettingsSchema = z.object({
  /** Addresses from which the proxy connects to data ports, as the arrays see them. */
  addresses: z.array(z.string()).min(1),
  /** Disks read at the same time. */
  slots: z.number().int().min(1),
  /** Under which it logs in over iSCSI; absent: `initiatorNameOf` derives one. Arrays know the proxy by it. */
  initiatorName: z
    .string()
    .regex(/^(iqn\.\d{4}-\d{2}\.[^\s=,]{1,211}|eui\.[0-9a-fA-F]{16}|naa\.([0-9a-fA-F]{16}|[0-9a-fA-F]{32}))$/)
    .optional(),
  /** Absolute paths on its host: in these and below restores are written. Absent: anywhere, by administrators alone. */
  restoreFolders: z.array(z.string()).min(1).optional(),
});

export type ProxySettings = z.infer<typeof proxySettingsSchema>;

export const reachSchema = z.array(
  z.object({
    arraySerial: z.string(),
    address: z.string(),
    protocol: z.enum(['nfs', 'iscsi', 'fc']),
    reached: z.boolean(),
    proved: z.enum(['connected', 'login', 'mount', 'read']).optional(),
    refused: z.string().optional(),
    sourceAddress: z.string().optional(),
    checkedAt: z.string(),
    text: z.string(),
  }),
) satisfies z.ZodType<ReachProof[]>;

export interface RegisteredProxy {
  readonly id: string;
  readonly name: string;
  readonly settings: ProxySettings;
  readonly reach: readonly ReachProof[];
  readonly seenAt?: string;
}

export class ProxyStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Creates the proxy or changes its settings; those that are left out stay. */
  async put(proxy: Pick<RegisteredProxy, 'id' | 'name' | 'settings'>): Promise<void> {
    const settings = JSON.stringify(proxy.settings);
    const merged = sql<string>`proxy.settings || excluded.settings`;
    await this.#db
      .insertInto('proxy')
      .values({ id: proxy.id, name: proxy.name, settings, reach: '[]' })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ settings: merged, name: proxy.name }))
      .execute();
  }

  async list(): Promise<readonly RegisteredProxy[]> {
    return (await this.#db.selectFrom('proxy').selectAll().orderBy('name').execute()).map(toProxy);
  }

  async saveReach(id: string, reach: readonly ReachProof[]): Promise<void> {
    await this.#db
      .updateTable('proxy')
      .set({ reach: JSON.stringify(reach) })
      .where('id', '=', id)
      .execute();
  }

  /** `null`: none is chosen. */
  async setRestoreFolders(id: string, folders: readonly string[] | null): Promise<void> {
    const settings =
      folders === null
        ? sql<string>`settings - 'restoreFolders'`
        : sql<string>`settings || ${JSON.stringify({ restoreFolders: folders })}::jsonb`;
    await this.#db.updateTable('proxy').set({ settings }).where('id', '=', id).execute();
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('proxy').where('id', '=', id).execute();
  }

  /** A sign of life. */
  async seen(id: string, at: string): Promise<void> {
    await this.#db.updateTable('proxy').set({ seen_at: at }).where('id', '=', id).execute();
  }
}

function toProxy(row: Selectable<StoreSchema['proxy']>): RegisteredProxy {
  return {
    id: row.id,
    name: row.name,
    settings: parseColumn(proxySettingsSchema, row.settings, `proxy ${row.name}`),
    reach: parseColumn(reachSchema, row.reach, `reach of proxy ${row.name}`),
    ...(row.seen_at ? { seenAt: row.seen_at.toISOString() } : {}),
  };
}
