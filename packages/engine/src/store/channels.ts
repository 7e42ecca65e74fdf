import { LeewardError, messageSeverities, type NotificationRules, topics } from '@leeward/core';
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

export const rulesSchema = z.object({
  topics: z.array(z.enum(topics)),
  severities: z.array(z.enum(messageSeverities)),
  jobs: z.array(z.string()).optional(),
}) satisfies z.ZodType<NotificationRules>;

/** PEM of the authorities that its certificate is verified with; missing: those of the system. */
const caPem = z.string().optional();
const port = z.number().int().min(1).max(65_535);

/** Where messages go. What is secret (passwords, addresses of webhooks) is sealed elsewhere. */
export const targetSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('email'),
    host: z.string(),
    port,
    /** `starttls`: the server must offer it. */
    security: z.enum(['tls', 'starttls', 'none']),
    username: z.string().optional(),
    from: z.string(),
    to: z.array(z.string()).min(1),
    caPem,
  }),
  z.object({
    kind: z.literal('webhook'),
    /** Host and port of its address; the rest is a secret. */
    host: z.string(),
    signed: z.boolean(),
    caPem,
  }),
  z.object({ kind: z.literal('chat'), style: z.enum(['slack', 'teams']), host: z.string(), caPem }),
  z.object({
    kind: z.literal('syslog'),
    host: z.string(),
    port,
    transport: z.enum(['udp', 'tcp', 'tls']),
    /** By RFC 5424. */
    facility: z.number().int().min(0).max(23),
    caPem,
  }),
]);

export type ChannelTarget = z.infer<typeof targetSchema>;

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly rules: NotificationRules;
  readonly target: ChannelTarget;
}

export class ChannelStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Adds the channel, or replaces the one of that id. */
  async put({ id, name, enabled, rules, target }: Channel): Promise<void> {
    const values = { name, enabled, rules: JSON.stringify(rules), target: JSON.stringify(target) };
    await this.#db
      .insertInto('notification_channel')
      .values({ id, ...values })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
      .execute();
  }

  /** With what is known of its deliveries. What is gone already is success. */
  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('notification_channel').where('id', '=', id).execute();
  }

  async list(): Promise<readonly Channel[]> {
    return (await this.#db.selectFrom('notification_channel').selectAll().orderBy('name').execute()).map(
      toChannel,
    );
  }

  async get(id: string): Promise<Channel> {
    const row = await this.#db
      .selectFrom('notification_channel')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw new LeewardError('L-CFG-102', { kind: 'notification channel', name: id });
    return toChannel(row);
  }
}

function toChannel(row: Selectable<StoreSchema['notification_channel']>): Channel {
  const { id, name, enabled } = row;
  return {
    ...{ id, name, enabled },
    rules: parseColumn(rulesSchema, row.rules, `rules of channel ${name}`),
    target: parseColumn(targetSchema, row.target, `target of channel ${name}`),
  };
}
