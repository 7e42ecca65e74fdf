import { isoTime, LeewardError } from '@leeward/core';
import type { JobScope } from '@leeward/core/access/job-scope';
import type { Role } from '@leeward/core/access/role';
import { bearerHash, derivedSecret, newBearerSecret } from '../access/bearer-secret.ts';
import type { Identity } from '../access/identity.ts';
import { LoginThrottle } from '../access/login-throttle.ts';
import { type Passwords, requireGoodPassword } from '../access/passwords.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { ProviderSession, Session } from '../store/sessions.ts';
import type { User } from '../store/users.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What the page of a signed-in user knows. */
export interface SessionView {
  readonly user: {
    readonly name: string;
    readonly role: Role;
    /** Limited to jobs that are in all of these; missing: not limited. */
    readonly scopes?: readonly JobScope[];
  };
  /** To be sent with every call that changes something; other sites cannot know it. */
  readonly csrfToken: string;
  /** When it ends if it is not used any more. */
  readonly expiresAt: string;
}

export interface UsedSession extends SessionView {
  readonly identity: Identity;
}

export interface OpenedSession extends UsedSession {
  /** For the cookie, and for nothing else. */
  readonly secret: string;
}

/** Signing in with a password. */
export class SessionService {
  readonly #deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>;
  readonly #passwords: Passwords;
  readonly #throttle: LoginThrottle;

  constructor(deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>, passwords: Passwords) {
    this.#deps = deps;
    this.#passwords = passwords;
    this.#throttle = new LoginThrottle(deps.clock);
  }

  /** Throws `L-AUT-103` for whatever is wrong, and `L-AUT-104` while no attempt is taken. */
  async signIn(credentials: Credentials, address: string): Promise<OpenedSession> {
    return this.open(await this.#rightUser(credentials, address));
  }

  /** A session of a user who has proved to be the one; `provider`: where that was. */
  async open({ id }: User, provider?: ProviderSession): Promise<OpenedSession> {
    const { store, clock, randomness } = this.#deps;
    const secret = newBearerSecret(randomness);
    const nowMs = clock.now();
    await store.sessions.add(bearerHash(secret), id, nowMs, provider);
    await store.users.signedIn(id, nowMs);
    const used = await this.use(secret);
    // Disabled at this moment.
    if (!used) throw new LeewardError('L-AUT-103');
    return { ...used, secret };
  }

  /** Undefined for a session that there is not, or no more. */
  async use(secret: string): Promise<UsedSession | undefined> {
    const { store, clock } = this.#deps;
    const session = await store.sessions.use(bearerHash(secret), clock.now());
    return session && { identity: identityOf(session), ...viewOf(session, secret) };
  }

  /** Where it began at a provider: how it ends there. */
  end(secret: string): Promise<ProviderSession | undefined> {
    return this.#deps.store.sessions.end(bearerHash(secret));
  }

  /** One's own; ends every session, also the one that asks. */
  async changePassword(
    { name }: Identity,
    { password, newPassword }: { readonly password: string; readonly newPassword: string },
    address: string,
  ): Promise<void> {
    const user = await this.#rightUser({ username: name, password }, address);
    requireGoodPassword(user.name, newPassword);
    const passwordHash = await this.#passwords.hash(newPassword);
    await this.#deps.store.users.change(user, { passwordHash });
  }

  async #rightUser({ username, password }: Credentials, address: string): Promise<User> {
    const succeeded = this.#throttle.begin({ username, address });
    const known = await this.#deps.store.users.byName(username);
    const isRight = await this.#passwords.verify(known?.passwordHash, password);
    if (!known || !isRight || known.user.disabled) throw new LeewardError('L-AUT-103');
    succeeded();
    return known.user;
  }
}

function identityOf({ user }: Session): Identity {
  const { id: userId, name, role, scope } = user;
  return { kind: 'user', name, role, readOnly: false, userId, ...(scope ? { scopes: [scope] } : {}) };
}

function viewOf({ user: { name, role, scope }, expiresMs }: Session, secret: string): SessionView {
  const csrfToken = derivedSecret(secret, 'csrf');
  const user = { name, role, ...(scope ? { scopes: [scope] } : {}) };
  return { user, csrfToken, expiresAt: isoTime(expiresMs) };
}
