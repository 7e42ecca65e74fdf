import { isoTime, LeewardError } from '@leeward/core';
import type { JobScope } from '@leeward/core/access/job-scope';
import { commonRole, covers, type Role } from '@leeward/core/access/role';
import { bearerHash, newBearerSecret } from '../access/bearer-secret.ts';
import type { Identity } from '../access/identity.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { ApiToken } from '../store/api-tokens.ts';
import { findOne } from './find.ts';
import { requireFittingScope } from './require-scope.ts';

export interface CreateToken {
  readonly name: string;
  /** Default: that of who makes it. */
  readonly role?: Role | undefined;
  readonly readOnly?: boolean | undefined;
  /** Default: the same jobs as who makes it. */
  readonly scope?: JobScope | undefined;
  /** Default 90. */
  readonly days?: number | undefined;
}

export interface CreatedToken extends ApiToken {
  /** Shown now and never again. */
  readonly token: string;
}

const prefix = 'lw_';
const defaultDays = 90;
const dayMs = 86_400_000;

/**
 * API tokens, for programs: they can never do more than their owner can at the moment of use. What a token makes ends with
 * it at the latest, so that one that leaked leaves nothing behind.
 */
export class TokenService {
  readonly #deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>;

  constructor(deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>) {
    this.#deps = deps;
  }

  /** One's own; administrators see all. A token that no user owns sees itself. */
  async list(caller: Identity): Promise<readonly ApiToken[]> {
    const all = await this.#deps.store.apiTokens.list();
    if (caller.role === 'administrator') return all;
    const { userId, token } = caller;
    return all.filter(({ id, owner }) => (userId === undefined ? id === token?.id : owner?.id === userId));
  }

  async find(caller: Identity, wanted: string): Promise<ApiToken> {
    return findOne('token', await this.list(caller), wanted);
  }

  /** Throws `L-AUT-109` for a role beyond that of the caller, `L-AUT-112` for an administrator with a scope. */
  async create(caller: Identity, input: CreateToken): Promise<CreatedToken> {
    const { store, clock, randomness } = this.#deps;
    const { name, role = caller.role, readOnly = false, scope, days = defaultDays } = input;
    if (!covers(caller.role, role)) throw new LeewardError('L-AUT-109', { role, who: caller.name });
    requireFittingScope(role, scope);
    // That of its owner is looked up whenever it is used; that of a token that made it has to be written down.
    const inherited = caller.kind === 'token' ? (caller.scopes ?? []) : [];
    const scopes = [...inherited, ...(scope ? [scope] : [])];
    const token = newBearerSecret(randomness, prefix);
    const id = randomness.uuid();
    const nowMs = clock.now();
    const latestMs = caller.token ? Date.parse(caller.token.expiresAt) : Number.POSITIVE_INFINITY;
    await store.apiTokens.add({
      ...{ id, name, role, readOnly, scopes, hash: bearerHash(token), ownerId: caller.userId },
      ...{ createdAt: isoTime(nowMs), expiresAt: isoTime(Math.min(nowMs + days * dayMs, latestMs)) },
    });
    return { ...findOne('token', await store.apiTokens.list(), id), token };
  }

  async remove(caller: Identity, wanted: string): Promise<ApiToken> {
    const token = await this.find(caller, wanted);
    await this.#deps.store.apiTokens.remove(token.id);
    return token;
  }

  /** Undefined for a token that there is not, or no more. */
  async use(secret: string): Promise<Identity | undefined> {
    if (!secret.startsWith(prefix)) return undefined;
    const { store, clock } = this.#deps;
    const token = await store.apiTokens.use(bearerHash(secret), clock.now());
    if (!token) return undefined;
    const { id, name, readOnly, owner, expiresAt } = token;
    const scopes = [...(token.scopes ?? []), ...(owner?.scope ? [owner.scope] : [])];
    const role = owner ? commonRole(token.role, owner.role) : token.role;
    return {
      ...{ kind: 'token', name, role, readOnly, token: { id, expiresAt } },
      ...(owner ? { userId: owner.id } : {}),
      ...(scopes.length > 0 ? { scopes } : {}),
    };
  }
}
