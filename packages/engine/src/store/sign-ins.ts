import { isoTime, LeewardError } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { seal, unseal } from '../secrets/seal.ts';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

const pendingSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
});

/** What has to be known when somebody comes back from the provider. */
export type PendingSignIn = z.infer<typeof pendingSchema>;

export const signInValidMs = 10 * 60_000;
const mostOfNetwork = 200;
const mostOfAll = 2_000;

/** Sign-ins at a provider that were begun, by the hash of the secret that only the browser has which began them. */
export class SignInStore {
  readonly #db: Kysely<StoreSchema>;
  readonly #secretKey: Buffer;

  constructor(db: Kysely<StoreSchema>, secretKey: Buffer) {
    this.#db = db;
    this.#secretKey = secretKey;
  }

  /**
   * Throws `L-AUT-104` while too many were begun from this network and not finished: each asks the provider something, and
   * nobody is known yet. Sweeps away those that are over.
   */
  async requireRoom(network: string, nowMs: number): Promise<void> {
    await this.#db.deleteFrom('sign_in').where('expires_at', '<=', new Date(nowMs)).execute();
    const { rows } = await sql<{ begun: number; first: Date | null }>`
      select count(*) as begun, min(expires_at) as first from sign_in where network = ${network}`.execute(
      this.#db,
    );
    const [{ begun = 0, first = null } = {}] = rows;
    if (begun < mostOfNetwork || !first) return;
    throw new LeewardError('L-AUT-104', { seconds: Math.ceil((first.getTime() - nowMs) / 1_000) });
  }

  /** `network`: where it came from. Of too many the oldest go. */
  async add(hash: string, network: string, pending: PendingSignIn, nowMs: number): Promise<void> {
    await this.#db
      .insertInto('sign_in')
      .values({
        ...{ hash, network, sealed: seal(this.#secretKey, idOf(hash), JSON.stringify(pending)) },
        ...{ created_at: isoTime(nowMs), expires_at: isoTime(nowMs + signInValidMs) },
      })
      .execute();
    await sql`delete from sign_in where hash in (
      select hash from sign_in order by created_at desc, hash offset ${mostOfAll})`.execute(this.#db);
  }

  /** Once, whichever server is asked, and in time. */
  async take(hash: string, nowMs: number): Promise<PendingSignIn | undefined> {
    const taken = await this.#db
      .deleteFrom('sign_in')
      .where('hash', '=', hash)
      .returning(['sealed', 'expires_at'])
      .executeTakeFirst();
    if (!taken || taken.expires_at.getTime() <= nowMs) return undefined;
    const plain = unseal(this.#secretKey, idOf(hash), taken.sealed);
    return parseColumn(pendingSchema, JSON.parse(plain), 'a sign-in');
  }
}

/** Bound to what is sealed, so that rows cannot be swapped. */
function idOf(hash: string): string {
  return `sign-in/${hash}`;
}
