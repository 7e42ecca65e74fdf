import type { Limits } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { DataPathSettings } from '../store/settings.ts';

/** Settings of the whole installation. */
export interface Settings {
  /** How much is asked of vSphere at once, over all jobs. */
  readonly limits: Limits;
  readonly dataPath: DataPathSettings;
}

/** What is left out stays as it is. */
export interface EditSettings {
  readonly limits?: Changes<Limits> | undefined;
  readonly dataPath?: Changes<DataPathSettings> | undefined;
}

type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined };

export class SettingsService {
  readonly #deps: Pick<BackupDeps, 'store'>;

  constructor(deps: Pick<BackupDeps, 'store'>) {
    this.#deps = deps;
  }

  async show(): Promise<Settings> {
    const { settings } = this.#deps.store;
    const [limits, dataPath] = await Promise.all([settings.limits(), settings.dataPath()]);
    return { limits, dataPath };
  }

  /** Holds at once, also for runs that go on: they ask before each group. */
  async edit({ limits = {}, dataPath = {} }: EditSettings): Promise<Settings> {
    const { settings } = this.#deps.store;
    await settings.changeLimits(given(limits));
    await settings.changeDataPath(given(dataPath));
    return this.show();
  }
}

function given<T extends object>(changes: Changes<T>): Partial<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>;
}
