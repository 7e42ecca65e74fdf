import type { Clock, Randomness } from '@leeward/core';
import type { AccountConfig } from '../config.ts';
import { VimFault } from '../soap/fault.ts';
import { type DataObject, Ref, type Value } from '../soap/value.ts';
import type { PropertyCollector } from './property-collector.ts';

/** A login. Views, collectors and page tokens die with it. */
export interface Session {
  readonly key: string;
  /** Value of the cookie, without its quotes. */
  readonly cookie: string;
  readonly account: AccountConfig;
  readonly loginMs: number;
  readonly address: string;
  readonly userAgent: string;
  lastActiveMs: number;
  callCount: number;
  /** Calls being answered: a session with one is not idle. */
  activeCalls: number;
  readonly objects: Map<string, SessionObject>;
  readonly pages: Map<string, DataObject[]>;
}

/** A view or a property collector of a session. */
export interface SessionObject {
  readonly ref: Ref;
  readonly properties: Readonly<Record<string, () => Value>>;
  /** The collector that this is, or whose filter it is. */
  readonly collector?: PropertyCollector;
  close(): void;
}

export interface SessionRules {
  readonly accounts: readonly AccountConfig[];
  readonly idleMs: number;
  readonly maxSessions: number;
}

export class SessionStore {
  readonly #rules: SessionRules;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #sessions = new Map<string, Session>();

  constructor(rules: SessionRules, clock: Clock, randomness: Randomness) {
    this.#rules = rules;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /** Throws InvalidLogin; undefined when there are too many sessions. */
  login(
    userName: string,
    password: string,
    client: { readonly address: string; readonly userAgent: string },
  ): Session | undefined {
    const account = this.#rules.accounts.find(
      (each) => each.userName.toLowerCase() === userName.toLowerCase() && each.password === password,
    );
    if (!account)
      throw new VimFault(
        'InvalidLogin',
        {},
        'Cannot complete login due to an incorrect user name or password.',
      );
    return this.open(account, client);
  }

  open(
    account: AccountConfig,
    client: { readonly address: string; readonly userAgent: string },
  ): Session | undefined {
    this.#expire();
    if (this.#sessions.size >= this.#rules.maxSessions) return undefined;
    const now = this.#clock.now();
    const session: Session = {
      ...client,
      key: `52${this.#randomness.uuid().slice(2)}`,
      cookie: Buffer.from(this.#randomness.bytes(20)).toString('hex'),
      account,
      loginMs: now,
      lastActiveMs: now,
      callCount: 0,
      activeCalls: 0,
      objects: new Map(),
      pages: new Map(),
    };
    const manager = new Ref('SessionManager', 'SessionManager');
    session.objects.set(manager.key, {
      ref: manager,
      properties: {
        currentSession: () => userSession(session),
        sessionList: () => this.list().map(userSession),
        defaultLocale: () => 'en',
      },
      close: () => undefined,
    });
    this.#sessions.set(session.cookie, session);
    return session;
  }

  /** The live session of a cookie, which counts as activity. */
  touch(cookie: string | undefined): Session | undefined {
    this.#expire();
    const session = cookie === undefined ? undefined : this.#sessions.get(cookie);
    if (!session) return undefined;
    session.lastActiveMs = this.#clock.now();
    session.callCount += 1;
    return session;
  }

  byKey(key: string): Session | undefined {
    this.#expire();
    return [...this.#sessions.values()].find((session) => session.key === key);
  }

  list(): Session[] {
    this.#expire();
    return [...this.#sessions.values()];
  }

  end(session: Session): void {
    this.#sessions.delete(session.cookie);
    for (const object of session.objects.values()) object.close();
    session.objects.clear();
  }

  #expire(): void {
    const limit = this.#clock.now() - this.#rules.idleMs;
    for (const session of this.#sessions.values())
      if (session.lastActiveMs < limit && session.activeCalls === 0) this.end(session);
  }
}

export function userSession(session: Session): DataObject {
  return {
    $type: 'UserSession',
    key: session.key,
    userName: session.account.userName,
    fullName: session.account.userName,
    loginTime: new Date(session.loginMs),
    lastActiveTime: new Date(session.lastActiveMs),
    locale: 'en',
    messageLocale: 'en',
    extensionSession: false,
    ipAddress: session.address,
    userAgent: session.userAgent,
    callCount: session.callCount,
  };
}
