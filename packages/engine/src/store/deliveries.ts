import type { ErrorReport } from '@leeward/core';
import { type Kysely, type Selectable, sql } from 'kysely';
import { type Message, messageSchema } from '../notify/message.ts';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

/** `pending`: it is being tried. `failed`: given up. */
export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** One message to one channel. */
export interface Delivery {
  readonly id: string;
  readonly channelId: string;
  readonly message: Message;
  readonly state: DeliveryState;
  /** Tries so far. */
  readonly attempts: number;
  readonly createdAt: string;
  readonly endedAt?: string;
  /** Why the last try failed. */
  readonly problem?: ErrorReport;
}

const keptOfEachChannel = 500;

/** What was sent to whom: an outbox, so that no message is lost or told twice by a server that dies. */
export class DeliveryStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Idempotent by id, and by channels that are gone. */
  async add(
    deliveries: readonly Pick<Delivery, 'id' | 'channelId' | 'message' | 'createdAt'>[],
  ): Promise<void> {
    for (const { id, channelId, message, createdAt } of deliveries)
      await sql`insert into notification_delivery (id, channel_id, message, state, attempts, created_at)
        select ${id}, id, ${JSON.stringify(message)}::jsonb, 'pending', 0, ${createdAt}::timestamptz
        from notification_channel where id = ${channelId} on conflict do nothing`.execute(this.#db);
  }

  /** A try failed; there may be another one. */
  async tried(id: string, problem: ErrorReport | undefined): Promise<void> {
    await this.#db
      .updateTable('notification_delivery')
      .set(({ eb }) => ({
        attempts: eb('attempts', '+', 1),
        problem: problem ? JSON.stringify(problem) : null,
      }))
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .execute();
  }

  async end(id: string, state: 'delivered' | 'failed', at: string): Promise<void> {
    await this.#db
      .updateTable('notification_delivery')
      .set({ state, ended_at: at })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .execute();
    await sql`delete from notification_delivery old using notification_delivery this
      where this.id = ${id} and old.channel_id = this.channel_id and old.state <> 'pending' and old.created_at < (
        select created_at from notification_delivery where channel_id = this.channel_id
        order by created_at desc offset ${keptOfEachChannel} limit 1)`.execute(this.#db);
  }

  async find(id: string): Promise<Delivery | undefined> {
    const query = this.#db.selectFrom('notification_delivery').selectAll().where('id', '=', id);
    const row = await query.executeTakeFirst();
    return row && toDelivery(row);
  }

  /** The oldest that are to be delivered. */
  async pending(limit: number): Promise<readonly Pick<Delivery, 'id' | 'channelId'>[]> {
    const rows = await this.#db
      .selectFrom('notification_delivery')
      .select(['id', 'channel_id'])
      .where('state', '=', 'pending')
      .orderBy('created_at')
      .limit(limit)
      .execute();
    return rows.map(({ id, channel_id: channelId }) => ({ id, channelId }));
  }

  /** Newest first. */
  async list(
    filter: { readonly channelId?: string | undefined; readonly state?: DeliveryState | undefined },
    limit: number,
  ): Promise<readonly Delivery[]> {
    let query = this.#db.selectFrom('notification_delivery').selectAll();
    if (filter.channelId !== undefined) query = query.where('channel_id', '=', filter.channelId);
    if (filter.state !== undefined) query = query.where('state', '=', filter.state);
    return (await query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute()).map(toDelivery);
  }

  /** The newest of each channel, by channel id. */
  async newest(): Promise<ReadonlyMap<string, Delivery>> {
    const rows = await this.#db
      .selectFrom('notification_delivery')
      .distinctOn('channel_id')
      .selectAll()
      .orderBy('channel_id')
      .orderBy('created_at', 'desc')
      .execute();
    return new Map(rows.map((row) => [row.channel_id, toDelivery(row)]));
  }

  /** Ids of runs that ended and of which nobody was told, oldest first. */
  async untoldRuns(limit: number): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('run')
      .select('id')
      .where('ended_at', 'is not', null)
      .where('told', '=', false)
      .orderBy('ended_at')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }

  async markRunTold(id: string): Promise<void> {
    await this.#db.updateTable('run').set({ told: true }).where('id', '=', id).execute();
  }
}

function toDelivery(row: Selectable<StoreSchema['notification_delivery']>): Delivery {
  return {
    id: row.id,
    channelId: row.channel_id,
    message: parseColumn(messageSchema, row.message, `message ${row.id}`),
    state: row.state as DeliveryState,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    ...(row.ended_at ? { endedAt: row.ended_at.toISOString() } : {}),
    ...(row.problem ? { problem: row.problem as ErrorReport } : {}),
  };
}
