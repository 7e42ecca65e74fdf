import {
  type ArrayDriver,
  arraySettingsSchema,
  createDriver,
  type RequiredPermission,
} from '@leeward/arrays';
import { type ArrayInventory, type Clock, LeewardError, type Randomness } from '@leeward/core';
import { connectVcenter } from '@leeward/vsphere';
import type { Store } from '../store/store.ts';
import type { SystemKind, SystemSettings } from '../store/systems.ts';
import type { Doors, VcenterDoor } from './doors.ts';
import { resolveHost } from './resolve-host.ts';
import { vcenterDoor } from './vcenter-door.ts';

export interface ConnectionDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** A system as it was seen before it is registered. */
export type SeenSystem =
  | { readonly kind: 'vcenter'; readonly id: string; readonly inventory: VcenterInventory }
  | { readonly kind: 'array'; readonly id: string; readonly inventory: ArrayInventory };

type VcenterInventory = Awaited<ReturnType<VcenterDoor['inventory']>>;

/** Opens and keeps connections to the registered systems, one per system. */
export class Connections implements Doors {
  readonly #deps: ConnectionDeps;
  readonly #vcenters = new Map<string, Promise<VcenterDoor>>();
  readonly #arrays = new Map<string, Promise<ArrayDriver>>();

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
  }

  vcenter(systemId: string): Promise<VcenterDoor> {
    return kept(this.#vcenters, systemId, async () => {
      const { name, settings, secretId } = await this.#deps.store.systems.get(systemId);
      const password = await this.#deps.store.secrets.reveal(secretId);
      return this.#openVcenter(name, settings, password, systemId);
    });
  }

  array(systemId: string): Promise<ArrayDriver> {
    return kept(this.#arrays, systemId, async () => {
      const { store } = this.#deps;
      const { settings, secretId } = await store.systems.get(systemId);
      const chapPassword = settings.chap && (await store.secrets.reveal(settings.chap.secretId));
      return this.#openArray(settings, await store.secrets.reveal(secretId), chapPassword);
    });
  }

  /**
   * Logs in to a system that is not registered yet, tells its lasting identity and reads its inventory, so that what
   * the account may not read shows before anything is stored.
   */
  async look(
    kind: SystemKind,
    settings: SystemSettings,
    password: string,
    chapPassword?: string,
  ): Promise<SeenSystem> {
    if (kind === 'vcenter') {
      const door = this.#openVcenter(settings.host, settings, password);
      try {
        return { kind, id: (await door.identity()).id, inventory: await door.inventory() };
      } finally {
        await door.close();
      }
    }
    const driver = this.#openArray(settings, password, chapPassword);
    try {
      return { kind, id: (await driver.identify()).serial, inventory: await driver.inventory() };
    } finally {
      await driver.close();
    }
  }

  /** What an account on an array of this family must be allowed to do. */
  permissions(family: string): readonly RequiredPermission[] {
    const trust = { kind: 'ca' } as const;
    const driver = this.#openArray({ family, host: 'localhost', port: 443, username: 'any', trust }, '');
    return driver.requiredPermissions();
  }

  async close(): Promise<void> {
    const open = [...this.#vcenters.values(), ...this.#arrays.values()];
    this.#vcenters.clear();
    this.#arrays.clear();
    for (const each of await Promise.allSettled(open))
      if (each.status === 'fulfilled') await each.value.close();
  }

  #openVcenter(name: string, settings: SystemSettings, password: string, instanceUuid?: string): VcenterDoor {
    const { host, port, username, trust } = settings;
    const { clock, randomness } = this.#deps;
    const client = connectVcenter({ host, port, username, password, trust, clock, randomness, instanceUuid });
    return vcenterDoor(client, name, resolveHost);
  }

  #openArray(settings: SystemSettings, password: string, chapPassword?: string): ArrayDriver {
    const { chap, ...rest } = settings;
    const login = chap ? { chap: { username: chap.username, password: chapPassword ?? '' } } : {};
    const parsed = arraySettingsSchema.safeParse({ ...rest, ...login, password });
    if (!parsed.success) {
      const problem = parsed.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; ');
      throw new LeewardError('L-CFG-103', { problem });
    }
    const { clock, randomness } = this.#deps;
    return createDriver(parsed.data, { clock, randomness, resolveHost });
  }
}

/** One opening at a time; a failed one is not kept. */
function kept<T>(map: Map<string, Promise<T>>, key: string, open: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const opening = open();
  map.set(key, opening);
  opening.catch(() => map.delete(key));
  return opening;
}
