import { roles } from '@leeward/core/access/role';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';
import { jobScopeSchema } from './users.ts';

/** Where the secret of the client is: sealed in the database, in `LEEWARD_OIDC_CLIENT_SECRET`, or nowhere. */
export const secretPlaces = ['stored', 'environment', 'none'] as const;

const roleRule = z.object({
  value: z.string().describe('Of the claim'),
  role: z.enum(roles),
  scope: jobScopeSchema.optional(),
});

/** How users sign in at a provider of OpenID Connect. */
export const oidcSchema = z.object({
  issuer: z.string(),
  clientId: z.string(),
  secretFrom: z.enum(secretPlaces),
  scopes: z.array(z.string()),
  usernameClaim: z.string(),
  roleClaim: z.string(),
  /** The first whose value somebody has gives the role. */
  roles: z.array(roleRule),
  /** Of verified e-mail addresses; missing: all. */
  domains: z.array(z.string()).optional(),
  /** Of the button. */
  label: z.string(),
  /** PEM of an authority, beside the usual ones. */
  caPem: z.string().optional(),
  /** False: signing out ends the session here only; missing: at the provider too, where it offers that. */
  signOutAtProvider: z.boolean().optional(),
  /** `https://host[:port]` as browsers reach this server; missing: as they say themselves. */
  publicUrl: z.string().optional(),
});

export type OidcSettings = z.infer<typeof oidcSchema>;

const name = 'oidc';

export class OidcStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Undefined: not set up. */
  async find(): Promise<OidcSettings | undefined> {
    const query = this.#db.selectFrom('setting').select('value').where('name', '=', name);
    const row = await query.executeTakeFirst();
    return row && parseColumn(oidcSchema, JSON.parse(row.value), 'OpenID Connect');
  }

  async put(settings: OidcSettings): Promise<void> {
    const value = JSON.stringify(settings);
    await this.#db
      .insertInto('setting')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }

  /** What is gone already is success. */
  async remove(): Promise<void> {
    await this.#db.deleteFrom('setting').where('name', '=', name).execute();
  }
}
