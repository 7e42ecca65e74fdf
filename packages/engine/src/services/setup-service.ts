import { type Clock, LeewardError } from '@leeward/core';
import { isSameSecret, newBearerSecret } from '../access/bearer-secret.ts';
import { LoginThrottle } from '../access/login-throttle.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { OpenedSession, SessionService } from './session-service.ts';
import type { UserService } from './user-service.ts';

export interface FinishSetup {
  readonly secret: string;
  readonly username: string;
  readonly password: string;
}

const validMs = 30 * 60_000;

/** The first start: who has the link that the server showed makes the first administrator. */
export class SetupService {
  readonly #deps: Pick<BackupDeps, 'clock' | 'randomness'>;
  readonly #users: UserService;
  readonly #sessions: SessionService;
  readonly #throttle: LoginThrottle;
  #open: { readonly secret: string; readonly untilMs: number } | undefined;

  constructor(deps: Pick<BackupDeps, 'clock' | 'randomness'>, users: UserService, sessions: SessionService) {
    this.#deps = deps;
    this.#users = users;
    this.#sessions = sessions;
    this.#throttle = new LoginThrottle(deps.clock);
  }

  /** At the start of a server: the secret of the link, where there is no user yet. It is in memory only. */
  async begin(): Promise<string | undefined> {
    if ((await this.#users.list()).length > 0) return undefined;
    const { clock, randomness } = this.#deps;
    const secret = newBearerSecret(randomness);
    this.#open = { secret, untilMs: clock.monotonicMs() + validMs };
    return secret;
  }

  /** Throws `L-AUT-108` unless the secret is the one, in time, and there is no administrator. */
  async finish({ secret, username, password }: FinishSetup, address: string): Promise<OpenedSession> {
    const succeeded = this.#throttle.begin({ username: 'setup', address });
    if (!isValid(this.#open, secret, this.#deps.clock)) throw new LeewardError('L-AUT-108');
    // What follows is no guess any more.
    succeeded();
    const user = await this.#users.create(
      { name: username, role: 'administrator', password },
      { onlyFirst: true },
    );
    this.#open = undefined;
    return this.#sessions.open(user);
  }
}

function isValid(
  open: { readonly secret: string; readonly untilMs: number } | undefined,
  secret: string,
  clock: Clock,
): boolean {
  return open !== undefined && clock.monotonicMs() < open.untilMs && isSameSecret(open.secret, secret);
}
