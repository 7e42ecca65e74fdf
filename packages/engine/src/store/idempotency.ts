import { createHmac } from 'node:crypto';
import { type Clock, isoTime } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import type { StoreSchema } from './schema.ts';

/** Of a request that may be repeated. */
export interface KeyedRequest {
  /** Who asks; keys of others are other keys. */
  readonly principal: string;
  readonly key: string;
  /** Method and path, for who is told that a key was used before. */
  readonly operation: string;
  /** Everything that makes it this request and no other. */
  readonly content: string;
}

export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/** `new`: it is the caller's to answer, who MUST call `keep` or `release` afterwards. */
export type Begun =
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  | { readonly kind: 'under-way' }
  | { readonly kind: 'other'; readonly operation: string };

const keptForMs = 24 * 3_600_000;
/** Of each principal; older ones go first. */
const mostKeys = 10_000;

/** Which requests were made under which keys, and how they were answered; for a day. */
export class IdempotencyStore {
  readonly #db: Kysely<StoreSchema>;
  readonly #secretKey: Buffer;
  readonly #clock: Clock;

  constructor(db: Kysely<StoreSchema>, secretKey: Buffer, clock: Clock) {
    this.#db = db;
    this.#secretKey = secretKey;
    this.#clock = clock;
  }

  /** Exact also when several servers are asked at once. */
  async begin({ principal, key, operation, content }: KeyedRequest): Promise<Begun> {
    const now = this.#clock.now();
    await this.#tidy(principal, now);
    const request = this.#digest(content);
    const { numInsertedOrUpdatedRows: added } = await this.#db
      .insertInto('idempotency')
      .values({ principal, key, operation, request, created_at: isoTime(now) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (added === 1n) return { kind: 'new' };
    const known = await this.#db
      .selectFrom('idempotency')
      .selectAll()
      .where('principal', '=', principal)
      .where('key', '=', key)
      .executeTakeFirst();
    // Released in between: whoever repeats it once more begins it anew.
    if (!known) return { kind: 'under-way' };
    if (known.request !== request) return { kind: 'other', operation: known.operation };
    if (known.status === null) return { kind: 'under-way' };
    return { kind: 'answered', answer: { status: known.status, body: known.body ?? '' } };
  }

  /** `body` MUST hold no secrets. */
  async keep(
    { principal, key }: Pick<KeyedRequest, 'principal' | 'key'>,
    { status, body }: KeptAnswer,
  ): Promise<void> {
    await this.#db
      .updateTable('idempotency')
      .set({ status, body })
      .where('principal', '=', principal)
      .where('key', '=', key)
      .execute();
  }

  /** Nothing was done: the key is free again. */
  async release({ principal, key }: Pick<KeyedRequest, 'principal' | 'key'>): Promise<void> {
    await this.#db
      .deleteFrom('idempotency')
      .where('principal', '=', principal)
      .where('key', '=', key)
      .where('status', 'is', null)
      .execute();
  }

  async #tidy(principal: string, now: number): Promise<void> {
    await this.#db
      .deleteFrom('idempotency')
      .where('created_at', '<', new Date(now - keptForMs))
      .execute();
    await sql`delete from idempotency where principal = ${principal} and key in (
      select key from idempotency where principal = ${principal} and status is not null
      order by created_at desc offset ${mostKeys})`.execute(this.#db);
  }

  /** Keyed, since what was sent may hold passwords, which could be guessed from a plain hash. */
  #digest(content: string): string {
    return createHmac('sha256', this.#secretKey).update(`idempotency ${content}`).digest('base64');
  }
}
