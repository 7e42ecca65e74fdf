import type { Limits } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';

/** Settings of the whole installation. */
export interface Settings {
  /** How much is asked of vSphere at once, over all jobs. */
  readonly limits: Limits;
}

/** What is left out stays as it is. */
export interface EditSettings {
  readonly limits?: { readonly [K in keyof Limits]?: Limits[K] | undefined } | undefined;
}

export class SettingsService {
  readonly #deps: Pick<BackupDeps, 'store'>;

  constructor(deps: Pick<BackupDeps, 'store'>) {
    this.#deps = deps;
  }

  async show(): Promise<Settings> {
    return { limits: await this.#deps.store.settings.limits() };
  }

  /** Holds at once, also for runs that go on: they ask before each group. */
  async edit({ limits = {} }: EditSettings): Promise<Settings> {
    const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
    return { limits: await this.#deps.store.settings.changeLimits(given) };
  }
}
