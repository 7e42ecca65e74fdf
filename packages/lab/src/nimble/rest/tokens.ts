import { timingSafeEqual } from 'node:crypto';
import type { NimbleConfig } from '../config.ts';
import type { Group } from '../model/group.ts';
import { ApiError, unauthorized } from './api-error.ts';

type User = NimbleConfig['users'][number];

export interface Session {
  readonly id: string;
  readonly token: string;
  readonly user: User;
  readonly appName: string;
  readonly sourceAddress: string;
  readonly createdMs: number;
  usedMs: number;
}

/** Sessions of the REST interface; one ends when it is not used for a while. */
export class Tokens {
  readonly #group: Group;
  readonly #sessions = new Map<string, Session>();

  constructor(group: Group) {
    this.#group = group;
  }

  get timeoutMs(): number {
    return this.#group.config.group.inactivityTimeoutSeconds * 1000;
  }

  open(login: { name: string; password: string; appName: string; sourceAddress: string }): Session {
    const user = this.#group.config.users.find((one) => one.name === login.name);
    if (!user || user.disabled || !same(user.password, login.password)) throw unauthorized();
    const { sessionsPerUser } = this.#group.config.limits;
    const open = this.list().filter((one) => one.user === user);
    if (sessionsPerUser > 0 && open.length >= sessionsPerUser)
      throw new ApiError(403, 'SM_err_max_sessions_reached', 'The limit of sessions of the user is reached.');
    const now = this.#group.clock.now();
    const session: Session = {
      id: this.#group.nextId('token'),
      token: Buffer.from(this.#group.randomness.bytes(16)).toString('hex'),
      user,
      appName: login.appName,
      sourceAddress: login.sourceAddress,
      createdMs: now,
      usedMs: now,
    };
    this.#sessions.set(session.token, session);
    return session;
  }

  authenticate(token: string | undefined): Session {
    const session = token === undefined ? undefined : this.#sessions.get(token);
    const now = this.#group.clock.now();
    if (!session || now - session.usedMs >= this.timeoutMs) {
      if (session) this.#sessions.delete(session.token);
      throw unauthorized();
    }
    session.usedMs = now;
    return session;
  }

  list(): Session[] {
    const now = this.#group.clock.now();
    return [...this.#sessions.values()].filter((one) => now - one.usedMs < this.timeoutMs);
  }

  end(session: Session): void {
    this.#sessions.delete(session.token);
  }

  expireAll(): void {
    this.#sessions.clear();
  }
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
