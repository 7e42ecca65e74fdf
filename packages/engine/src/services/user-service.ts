import { isoTime, LeewardError } from '@leeward/core';
import type { JobScope } from '@leeward/core/access/job-scope';
import type { Role } from '@leeward/core/access/role';
import { type Passwords, requireGoodPassword } from '../access/passwords.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { User } from '../store/users.ts';
import { findOne } from './find.ts';
import { requireFittingScope } from './require-scope.ts';

export interface CreateUser {
  readonly name: string;
  readonly role: Role;
  /** Default: all jobs. */
  readonly scope?: JobScope | undefined;
  readonly password: string;
}

/** What is left out stays as it is. */
export interface EditUser {
  readonly role?: Role | undefined;
  /** `null`: all jobs. */
  readonly scope?: JobScope | null | undefined;
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
}

export class UserService {
  readonly #deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>;
  readonly #passwords: Passwords;

  constructor(deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>, passwords: Passwords) {
    this.#deps = deps;
    this.#passwords = passwords;
  }

  list(): Promise<readonly User[]> {
    return this.#deps.store.users.list();
  }

  async find(wanted: string): Promise<User> {
    return findOne('user', await this.list(), wanted);
  }

  /** `onlyFirst`: throws `L-AUT-108` where there is an administrator already. */
  async create({ name, role, scope, password }: CreateUser, { onlyFirst = false } = {}): Promise<User> {
    const { store, clock, randomness } = this.#deps;
    requireGoodPassword(name, password);
    requireFittingScope(role, scope);
    const id = randomness.uuid();
    const createdAt = isoTime(clock.now());
    const passwordHash = await this.#passwords.hash(password);
    if (!(await store.users.add({ id, name, role, scope, passwordHash, createdAt }, { onlyFirst })))
      throw new LeewardError('L-AUT-108');
    return this.find(id);
  }

  /** A new password ends every session of the user. The last administrator stays one: `L-AUT-106`. */
  async edit(wanted: string, { role, scope, disabled, password }: EditUser): Promise<User> {
    const user = await this.find(wanted);
    if ([role, scope, disabled, password].every((each) => each === undefined))
      throw new LeewardError('L-CFG-103', { problem: 'nothing to change was given.' });
    // What the provider says of somebody holds, and not what is said here.
    if (user.signsIn === 'provider' && [role, scope, password].some((each) => each !== undefined))
      throw new LeewardError('L-AUT-157', { name: user.name });
    requireFittingScope(role ?? user.role, scope === undefined ? user.scope : scope);
    if (password !== undefined) requireGoodPassword(user.name, password);
    const passwordHash = password === undefined ? undefined : await this.#passwords.hash(password);
    await this.#deps.store.users.change(user, { role, scope, disabled, passwordHash });
    return this.find(user.id);
  }

  /** With the user's sessions and tokens. The last administrator stays: `L-AUT-106`. */
  async remove(wanted: string): Promise<User> {
    const user = await this.find(wanted);
    await this.#deps.store.users.remove(user);
    return user;
  }
}
