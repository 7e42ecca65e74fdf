import {
  type ArrayDriver,
  arraySettingsSchema,
  createDriver,
  type IscsiCredentials,
  type RequiredPermission,
} from '@leeward/arrays';
import { type ArrayInventory, type Clock, LeewardError, type Randomness } from '@leeward/core';
import { connectVcenter } from '@leeward/vsphere';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import type { Store } from '../store/store.ts';
import type { SystemKind, SystemSettings } from '../store/systems.ts';
import { chapLoginOf } from './chap-login.ts';
import type { Doors, VcenterDoor } from './doors.ts';
import { KeptDoor } from './kept-door.ts';
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
  readonly #vcenters = new Map<string, Promise<KeptDoor<VcenterDoor>>>();
  readonly #arrays = new Map<string, Promise<KeptDoor<ArrayDriver>>>();
  /** Forgotten ones that somebody may still be using. */
  readonly #retired = new Set<KeptDoor<VcenterDoor> | KeptDoor<ArrayDriver>>();

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
  }

  async vcenter(systemId: string): Promise<VcenterDoor> {
    const { store, clock } = this.#deps;
    const opened = await kept(this.#vcenters, systemId, async () => {
      const { name, settings, secretId } = await store.systems.get(systemId);
      const password = await store.secrets.reveal(secretId);
      return new KeptDoor(this.#openVcenter(name, settings, password, systemId), clock);
    });
    return opened.door;
  }

  async array(systemId: string): Promise<ArrayDriver> {
    const { store, clock } = this.#deps;
    const opened = await kept(this.#arrays, systemId, async () => {
      const { settings, secretId } = await store.systems.get(systemId);
      const password = await store.secrets.reveal(secretId);
      const driver = this.#openArray(settings, password, await chapLoginOf(store, settings));
      return new KeptDoor(driver, clock);
    });
    return opened.door;
  }

  /**
   * What asks for the system from now on gets a new connection, by the settings that are stored now. Who has the old
   * one can go on with it.
   */
  forget(systemId: string): void {
    for (const map of [this.#vcenters, this.#arrays]) {
      const opening: Promise<KeptDoor<VcenterDoor> | KeptDoor<ArrayDriver>> | undefined = map.get(systemId);
      map.delete(systemId);
      opening?.then(
        (opened) => {
          this.#retired.add(opened);
          opened.retire(() => this.#retired.delete(opened));
        },
        () => undefined,
      );
    }
  }

  /**
   * Logs in to a system by settings that are not stored yet (CHAP by `chap` alone), tells its lasting identity and reads its inventory, so that what
   * the account may not read shows before anything is stored.
   */
  async look(
    kind: SystemKind,
    settings: SystemSettings,
    password: string,
    chap?: IscsiCredentials,
  ): Promise<SeenSystem> {
    if (kind === 'vcenter') {
      const door = this.#openVcenter(settings.host, settings, password);
      try {
        return { kind, id: (await door.identity()).id, inventory: await door.inventory() };
      } finally {
        await door.close();
      }
    }
    const driver = this.#openArray(settings, password, chap);
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
    const opened = (await Promise.allSettled(open)).flatMap((each) =>
      each.status === 'fulfilled' ? [each.value] : [],
    );
    for (const each of [...opened, ...this.#retired]) await each.close();
    this.#retired.clear();
  }

  #openVcenter(name: string, settings: SystemSettings, password: string, instanceUuid?: string): VcenterDoor {
    const { host, port, username, trust } = settings;
    const { clock, randomness } = this.#deps;
    const client = connectVcenter({ host, port, username, password, trust, clock, randomness, instanceUuid });
    return vcenterDoor(client, name, resolveHost);
  }

  #openArray(settings: SystemSettings, password: string, chap?: IscsiCredentials): ArrayDriver {
    const { chap: _, ...rest } = settings;
    const parsed = arraySettingsSchema.safeParse({ ...rest, ...(chap ? { chap } : {}), password });
    if (!parsed.success) {
      const problem = parsed.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; ');
      throw new LeewardError('L-CFG-103', { problem });
    }
    const { clock, randomness } = this.#deps;
    const otherArray = (serial: string) => this.#arrayBySerial(serial);
    return createDriver(parsed.data, { clock, randomness, resolveHost, otherArray });
  }

  /** A registered array by the serial that its inventory told last. */
  async #arrayBySerial(serial: string): Promise<ArrayDriver | undefined> {
    const { store } = this.#deps;
    const cache = new InventoryCache(store);
    for (const { id } of await store.systems.list('array'))
      if ((await cache.array(id))?.identity.serial === serial) return await this.array(id);
    return undefined;
  }
}

/** One opening at a time; a failed one is not kept. */
function kept<T>(map: Map<string, Promise<T>>, key: string, open: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const opening = open();
  map.set(key, opening);
  opening.catch(() => {
    if (map.get(key) === opening) map.delete(key);
  });
  return opening;
}
